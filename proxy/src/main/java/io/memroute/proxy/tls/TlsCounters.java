package io.memroute.proxy.tls;

import java.util.concurrent.atomic.AtomicLong;

/** Counts of the TLS to clients. Any thread; each is written at most once for each handshake or connection. */
public final class TlsCounters {

    private final AtomicLong handshakes = new AtomicLong();
    private final AtomicLong newSessions = new AtomicLong();
    private final AtomicLong handshakeErrors = new AtomicLong();
    private final AtomicLong protocolErrors = new AtomicLong();

    void shaken() {
        handshakes.incrementAndGet();
    }

    void newSession() {
        newSessions.incrementAndGet();
    }

    void handshakeFailed() {
        handshakeErrors.incrementAndGet();
    }

    void protocolFailed() {
        protocolErrors.incrementAndGet();
    }

    /** Handshakes that succeeded. */
    public long handshakes() {
        return handshakes.get();
    }

    /** Sessions that were not resumed ({@code ssl_new_sessions}). */
    public long newSessions() {
        return newSessions.get();
    }

    /** Handshakes that failed ({@code ssl_handshake_errors}). */
    public long handshakeErrors() {
        return handshakeErrors.get();
    }

    /** Connections closed because of a fault in TLS after the handshake ({@code ssl_proto_errors}). */
    public long protocolErrors() {
        return protocolErrors.get();
    }
}
