package io.memroute.transport;

import io.memroute.transport.kernel.NativeSocket;
import io.netty.channel.Channel;
import io.netty.channel.socket.ServerSocketChannel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A listening TCP socket. */
public final class UringServerSocketChannel extends UringServerChannel implements ServerSocketChannel {

    /** Opens a socket to bind. */
    public UringServerSocketChannel() {
        super(NativeSocket.tcp());
    }

    /**
     * Takes over a socket that listens.
     *
     * @param descriptor of the socket, which is this channel's alone from here on
     */
    public UringServerSocketChannel(int descriptor, InetSocketAddress address) {
        super(NativeSocket.adopt(descriptor, address));
        listens();
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
    public @Nullable InetSocketAddress remoteAddress() {
        return null;
    }
}
