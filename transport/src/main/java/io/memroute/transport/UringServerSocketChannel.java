package io.memroute.transport;

import io.memroute.transport.kernel.NativeSocket;
import io.netty.channel.Channel;
import io.netty.channel.socket.ServerSocketChannel;
import java.net.InetSocketAddress;

/** A listening TCP socket. */
public final class UringServerSocketChannel extends UringServerChannel implements ServerSocketChannel {

    /** Opens a socket to bind. */
    public UringServerSocketChannel() {
        super(NativeSocket.tcp());
    }

    @Override
    Channel newChild(NativeSocket accepted) {
        return new UringSocketChannel(this, accepted);
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) super.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return null;
    }
}
