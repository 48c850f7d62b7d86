package io.memroute.app.admin;

import io.memroute.app.options.AdminAddress;
import io.memroute.proxy.text.SystemError;
import io.memroute.proxy.tls.CertificateFiles;
import io.memroute.proxy.tls.DatedTrust;
import io.memroute.proxy.tls.TlsHandler;
import io.memroute.proxy.trust.SecretFile;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An admin listener as its client knows it.
 *
 * @param address where it is
 * @param host the name that its certificate must have; empty for plain HTTP
 * @param authorities the file of those who may vouch for it; empty for those whom the JVM trusts
 * @param login the file with the user and the password, as {@code user:password}; empty to send none
 */
public record AdminTarget(
        SocketAddress address, Optional<String> host, Optional<Path> authorities, Optional<Path> login) {

    /** Names the file of certificates that vouch for listeners. */
    static final String CA = "MEMROUTE_ADMIN_CA";

    /** Names the file whose line is {@code user:password}. */
    static final String LOGIN = "MEMROUTE_ADMIN_LOGIN";

    private static final String ENCRYPTED = "https://";

    /**
     * Reads an address as commands are given it: as {@link AdminAddress} does, or {@code https://HOST:PORT}.
     *
     * @throws IllegalArgumentException if it is none, or the host has no address
     */
    public static AdminTarget of(String text) {
        return of(text, System.getenv());
    }

    static AdminTarget of(String text, Map<String, String> environment) {
        Optional<Path> authorities = Optional.ofNullable(environment.get(CA)).map(Path::of);
        Optional<Path> login = Optional.ofNullable(environment.get(LOGIN)).map(Path::of);
        if (!text.startsWith(ENCRYPTED)) {
            return new AdminTarget(AdminAddress.parse(text), Optional.empty(), authorities, login);
        }
        String place = text.substring(ENCRYPTED.length()).replaceFirst("/$", "");
        int colon = place.lastIndexOf(':');
        if (colon <= 0 || place.indexOf('/') >= 0) {
            throw new IllegalArgumentException("expected https://HOST:PORT, got \"" + text + "\"");
        }
        return new AdminTarget(
                AdminAddress.parse(place),
                Optional.of(place.substring(0, colon).replaceAll("[\\[\\]]", "")),
                authorities,
                login);
    }

    /** A listener without TLS and passwords. */
    public static AdminTarget plain(SocketAddress address) {
        return new AdminTarget(address, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Returns the header {@code Authorization} to send, if there is a login.
     *
     * @throws IOException naming the file of the login if it cannot be used
     */
    @Nullable
    String authorization() throws IOException {
        if (login.isEmpty()) {
            return null;
        }
        try {
            return "Basic " + Base64.getEncoder().encodeToString(SecretFile.password(login.get()));
        } catch (IOException e) {
            throw new IOException(LOGIN + ": " + login.get() + ": " + SystemError.text(e), e);
        }
    }

    /**
     * Returns the TLS of a connection, unless it is plain HTTP.
     *
     * @throws IOException naming the file of certificates if it cannot be used
     */
    @Nullable
    SslHandler tls(ByteBufAllocator allocator) throws IOException {
        if (host.isEmpty()) {
            return null;
        }
        try {
            SslContext context = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .endpointIdentificationAlgorithm("HTTPS")
                    .trustManager(DatedTrust.in(
                            authorities.isPresent() ? CertificateFiles.certificates(authorities.get()) : List.of()))
                    .build();
            return new TlsHandler(context, allocator, host.get(), -1);
        } catch (IOException e) {
            throw new IOException(
                    CA + ": " + authorities.map(Path::toString).orElse("") + ": " + SystemError.text(e), e);
        }
    }
}
