package io.memroute.proxy.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;

/**
 * Netty's handler, which computes handshakes on {@link HandshakeThreads} and forgets what becomes of one whose
 * connection has gone meanwhile. Netty would log that with a stack trace, once for each connection that sends nonsense
 * and resets.
 */
public final class TlsHandler extends SslHandler {

    public TlsHandler(SSLEngine engine) {
        super(new GuardedEngine(engine), HandshakeThreads.executor());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        if (!context.isRemoved()) {
            super.exceptionCaught(context, cause);
        }
    }
}
