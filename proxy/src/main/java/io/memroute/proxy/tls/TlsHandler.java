package io.memroute.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;

/**
 * Netty's handler, which computes handshakes on {@link HandshakeThreads} and forgets what becomes of one whose
 * connection has gone meanwhile. Netty would log that with a stack trace, once for each connection that sends nonsense
 * and resets. Nothing else in memroute makes an engine or a handler of TLS: here each gets its {@link GuardedEngine}.
 */
public final class TlsHandler extends SslHandler {

    /** The accepting end of a connection. */
    public TlsHandler(SslContext context, ByteBufAllocator allocator) {
        this(context.newEngine(allocator));
    }

    /**
     * The connecting end of a connection.
     *
     * @param peer the name that the other end's certificate must have, if the context verifies names
     * @param port a session that is resumed was with the same peer and port
     */
    public TlsHandler(SslContext context, ByteBufAllocator allocator, String peer, int port) {
        this(context.newEngine(allocator, peer, port));
    }

    private TlsHandler(SSLEngine engine) {
        super(new GuardedEngine(engine), HandshakeThreads.executor());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        if (!context.isRemoved()) {
            super.exceptionCaught(context, cause);
        }
    }
}
