package io.memroute.proxy.backend.connect;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.TlsOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;

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

    /** By options without the name to expect, which is a matter of each connection. */
    private final Map<TlsOptions, SslContext> contexts = new HashMap<>();

    /** The handler for one connection. */
    SslHandler handler(BackendSpec spec, ByteBufAllocator allocator) {
        TlsOptions tls = spec.tls();
        String peer = tls.name().isEmpty() ? spec.host() : tls.name();
        SslHandler handler = context(new TlsOptions(true, tls.verify(), "", tls.ca(), tls.trusted()))
                .newHandler(allocator, peer, spec.port());
        // The connection watches the time of the whole handshake, of which this is a part.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    private synchronized SslContext context(TlsOptions options) {
        return contexts.computeIfAbsent(options, BackendTls::make);
    }

    private static SslContext make(TlsOptions options) {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).protocols(PROTOCOLS);
        if (!options.verify()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        } else {
            builder.endpointIdentificationAlgorithm("HTTPS");
            if (!options.trusted().isEmpty()) {
                builder.trustManager(options.trusted().toArray(X509Certificate[]::new));
            }
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("this JVM cannot do TLS: " + e.getMessage(), e);
        }
    }
}
