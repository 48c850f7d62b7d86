package io.memroute.proxy.backend.connect;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.TlsOptions;
import io.memroute.proxy.tls.ClientTls;
import io.memroute.proxy.tls.DatedTrust;
import io.memroute.proxy.tls.ExpiryNotices;
import io.memroute.proxy.tls.TlsHandler;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * TLS to backends: certificates are verified, and so is that they name the backend's host, which memcached's proxy does
 * not do; unless a backend's options ask for less. Thread safe; a context is made when the first backend that needs it
 * is connected, since that takes a while.
 *
 * @see "docs/reference/proxy-api.md section 5.7"
 */
public final class BackendTls {

    /** TLS 1.3 as memcached's proxy, and 1.2, which memcached servers in front of older libraries still need. */
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /** More than a configuration has kinds of servers; each reload with new certificates adds some. */
    private static final int MOST_CONTEXTS = 256;

    /** Sessions that may be resumed, of one context: more than it has servers; some kilobytes each. */
    private static final int CACHED_SESSIONS = 4096;

    /** More servers than ask for certificates without knowing sessions. */
    private static final int MOST_WITHOUT_SESSIONS = 1 << 16;

    private static final int FIRST_NUMBER = 1 << 16;

    private final ExpiryNotices notices = new ExpiryNotices();

    /** Contexts by options without the name to expect, which is a matter of each connection. */
    private final Map<TlsOptions, SslContext> contexts = new HashMap<>();

    /**
     * Servers that have ended a handshake as OpenSSL does, without its session cache, if it asks for certificates and
     * is offered a session. memcached is such a server unless it is told {@code ssl_session_cache}.
     */
    private final Set<String> withoutSessions = ConcurrentHashMap.newKeySet();

    /** Above all ports. */
    private final AtomicInteger numbers = new AtomicInteger(FIRST_NUMBER);

    /** The handler for one connection. */
    SslHandler handler(BackendSpec spec, ByteBufAllocator allocator) {
        TlsOptions tls = spec.tls();
        String peer = tls.name().isEmpty() ? spec.host() : tls.name();
        tls.own().ifPresent(own -> notices.noteFile(own.file(), own.validUntil()));
        String server = peer + ":" + spec.port();
        // The JDK finds a session by host and port: it has none for a number that no other connection has.
        boolean resume = tls.own().isEmpty() && !withoutSessions.contains(server);
        SslHandler handler = new TlsHandler(
                context(new TlsOptions(true, tls.verify(), "", tls.ca(), tls.trusted(), tls.own())),
                allocator,
                peer,
                resume ? spec.port() : numbers.incrementAndGet());
        handler.handshakeFuture().addListener(shaken -> {
            if (shaken.isSuccess()) {
                noteExpiry(spec, handler.engine().getSession());
            } else if (resume && TlsFault.refusesSessions(shaken.cause())) {
                noteWithoutSessions(server);
            }
        });
        // The connection watches the time of the whole handshake, of which this is a part.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    private void noteWithoutSessions(String server) {
        if (withoutSessions.size() >= MOST_WITHOUT_SESSIONS) {
            withoutSessions.clear();
        }
        withoutSessions.add(server);
    }

    private void noteExpiry(BackendSpec spec, SSLSession session) {
        X509Certificate certificate = ClientTls.verifiedCertificate(session);
        if (certificate != null) {
            notices.noteBackend(spec.label(), certificate.getNotAfter().toInstant());
        }
    }

    private synchronized SslContext context(TlsOptions options) {
        if (contexts.size() >= MOST_CONTEXTS) {
            // Those of former configurations; what is in use is made again.
            contexts.clear();
        }
        return contexts.computeIfAbsent(options, BackendTls::make);
    }

    private static SslContext make(TlsOptions options) {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).protocols(PROTOCOLS);
        if (!options.verify()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        } else {
            builder.endpointIdentificationAlgorithm("HTTPS");
            builder.trustManager(DatedTrust.in(options.trusted()));
        }
        options.own().ifPresent(own -> builder.keyManager(own.key(), own.chain().toArray(X509Certificate[]::new)));
        try {
            SslContext context = builder.build();
            context.sessionContext().setSessionCacheSize(CACHED_SESSIONS);
            return context;
        } catch (SSLException e) {
            throw new IllegalStateException("this JVM cannot do TLS: " + e.getMessage(), e);
        }
    }
}
