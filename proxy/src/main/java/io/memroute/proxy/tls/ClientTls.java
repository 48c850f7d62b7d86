package io.memroute.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * TLS to clients: the context with which listeners accept, made of the files that the command line names, and made anew
 * when they are {@linkplain #reload() reloaded}. Connections keep the context that they began with. Thread safe.
 *
 * @see "memcached's doc/tls.txt"
 */
public final class ClientTls {

    /** The number in {@code ssl_min_version} from which TLS 1.3 is the least. The JDK has 1.0 and 1.1 switched off. */
    private static final int ONLY_TLS_1_3 = 3;

    /** Sessions that may be resumed, as in OpenSSL; some kilobytes each. */
    private static final int CACHED_SESSIONS = 20_480;

    /** The time for which a session may be resumed, as in OpenSSL. */
    private static final int SESSION_SECONDS = 300;

    private static final Pattern CLEAR_ALERT = Pattern.compile("plaintext alert received: .*Alert: (\\w+)");

    private final TlsSettings settings;
    private final TlsCounters counters = new TlsCounters();
    private final ExpiryNotices notices = new ExpiryNotices();
    private volatile Loaded loaded;

    /** The content of the files at one moment. */
    private record Loaded(SslContext context, Instant validUntil, long loadedNanos) {}

    private ClientTls(TlsSettings settings, Loaded loaded) {
        this.settings = settings;
        this.loaded = loaded;
    }

    /**
     * Reads the files.
     *
     * @throws TlsFileException naming the first that cannot be used, in memcached's words where it has some
     */
    public static ClientTls open(TlsSettings settings) throws TlsFileException {
        ClientTls tls = new ClientTls(settings, load(settings));
        tls.noteExpiry();
        return tls;
    }

    public TlsSettings settings() {
        return settings;
    }

    public TlsCounters counters() {
        return counters;
    }

    /** The first moment at which a certificate that is shown is no longer valid. */
    public Instant validUntil() {
        return loaded.validUntil();
    }

    /** The time since the files were read. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - loaded.loadedNanos());
    }

    /**
     * Reads the files again; connections from now on use them. Takes milliseconds and reads files: not for a worker.
     *
     * @throws TlsFileException if one cannot be used; then nothing changes
     */
    public void reload() throws TlsFileException {
        loaded = load(settings);
        noteExpiry();
    }

    /**
     * Returns the handler for one connection.
     *
     * @param listener not {@link ListenerTls#NONE}
     */
    public SslHandler handler(ListenerTls listener, ByteBufAllocator allocator) {
        noteExpiry();
        SslHandler handler = new TlsHandler(loaded.context(), allocator);
        SSLEngine engine = handler.engine();
        switch (listener == ListenerTls.USUAL ? settings.verify() : verify(listener)) {
            case NONE -> {}
            case REQUEST -> engine.setWantClientAuth(true);
            case REQUIRE, REQUIRE_ONCE -> engine.setNeedClientAuth(true);
        }
        handler.setHandshakeTimeoutMillis(settings.handshakeLimit().toMillis());
        return handler;
    }

    private static TlsSettings.Verify verify(ListenerTls listener) {
        return listener == ListenerTls.MUTUAL ? TlsSettings.Verify.REQUIRE : TlsSettings.Verify.NONE;
    }

    /** Returns the certificate that a client has shown and that has been verified, if it has shown one. */
    public static @Nullable X509Certificate verifiedCertificate(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate ? certificate : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    /**
     * Puts a failure into words. OpenSSL sends its alert in the clear if it does not trust the certificate; the JDK
     * names that one in the cause of its exception only.
     */
    public static String reason(Throwable failure) {
        if (failure.getCause() != null) {
            Matcher alert =
                    CLEAR_ALERT.matcher(String.valueOf(failure.getCause().getMessage()));
            if (alert.find()) {
                return "(" + alert.group(1) + ") Received fatal alert: " + alert.group(1);
            }
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** Notes a handshake that has succeeded. */
    public void shaken(SSLSession session) {
        counters.shaken();
        if (!settings.sessionCache()) {
            session.invalidate();
        } else if (session.getValue(ClientTls.class.getName()) == null) {
            session.putValue(ClientTls.class.getName(), "");
            counters.newSession();
        }
    }

    /** Notes a handshake that has failed. */
    public void handshakeFailed() {
        counters.handshakeFailed();
    }

    /** Notes a connection that a fault in TLS has ended after its handshake. */
    public void protocolFailed() {
        counters.protocolFailed();
    }

    private static Loaded load(TlsSettings settings) throws TlsFileException {
        TlsDefaults.apply();
        Optional<char[]> password = settings.keyPassword().isPresent()
                ? Optional.of(PrivateKeyFile.password(settings.keyPassword().get()))
                : Optional.empty();
        List<ShownCertificate> certificates = new ArrayList<>();
        certificates.add(CertificateFiles.shown(settings.chain(), settings.key(), settings.keyFormat(), password));
        for (TlsSettings.Pair pair : settings.more()) {
            certificates.add(CertificateFiles.shown(pair.chain(), pair.key(), settings.keyFormat(), password));
        }
        SslContextBuilder builder = SslContextBuilder.forServer(new CertificateChoice(certificates))
                .sslProvider(SslProvider.JDK)
                .protocols(
                        settings.minimumVersion() < ONLY_TLS_1_3 ? List.of("TLSv1.3", "TLSv1.2") : List.of("TLSv1.3"));
        if (settings.authorities().isPresent()) {
            builder.trustManager(DatedTrust.in(CertificateFiles.certificates(
                    "Error loading the CA certificate: ", settings.authorities().get())));
        }
        try {
            if (!settings.ciphers().isEmpty()) {
                builder.ciphers(CipherNames.suites(settings.ciphers(), (JdkSslContext) builder.build()));
            }
            SslContext context = builder.build();
            context.sessionContext().setSessionCacheSize(CACHED_SESSIONS);
            context.sessionContext().setSessionTimeout(SESSION_SECONDS);
            Instant validUntil = certificates.stream()
                    .map(ShownCertificate::validUntil)
                    .min(Instant::compareTo)
                    .orElseThrow();
            return new Loaded(context, validUntil, System.nanoTime());
        } catch (SSLException e) {
            throw new TlsFileException(
                    "Error validating the certificate: " + settings.chain() + " : " + e.getMessage(), e);
        }
    }

    /** Warns of a certificate that soon expires, once a day. */
    private void noteExpiry() {
        notices.noteFile(settings.chain().toString(), loaded.validUntil());
    }
}
