package io.memroute.proxy.backend;

import io.memroute.proxy.config.BackendSpec;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.KeyStore;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS to backends: certificates are verified, and so is that they name the backend's host, which memcached's proxy does not.
 * Thread safe; the context is made when the first TLS backend is connected, since that takes a while.
 *
 * @see "proxy-api.md section 5.7"
 */
public final class BackendTls {

    /** TLS 1.3 as memcached's proxy, and 1.2, which memcached servers in front of older libraries still need. */
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final TrustManagerFactory trust;
    private SslContext context;

    private BackendTls(TrustManagerFactory trust) {
        this.trust = trust;
    }

    /** Trusts whom the JVM trusts: its own store, or the one named by {@code javax.net.ssl.trustStore}. */
    public static BackendTls trustingJvmDefaults() {
        return new BackendTls(null);
    }

    /** Trusts the certificates in a key store. */
    static BackendTls trusting(KeyStore certificates) throws java.security.GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(certificates);
        return new BackendTls(factory);
    }

    /** The handler for one connection. */
    SslHandler handler(BackendSpec spec, ByteBufAllocator allocator) {
        SslHandler handler = context().newHandler(allocator, spec.host(), spec.port());
        handler.setHandshakeTimeoutMillis(spec.readTimeout().toMillis());
        return handler;
    }

    private synchronized SslContext context() {
        if (context == null) {
            try {
                context = SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .protocols(PROTOCOLS)
                        .trustManager(trust)
                        .endpointIdentificationAlgorithm("HTTPS")
                        .build();
            } catch (SSLException e) {
                throw new IllegalStateException("this JVM cannot do TLS: " + e.getMessage(), e);
            }
        }
        return context;
    }
}
