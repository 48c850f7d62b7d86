package io.memroute.transport;

import io.memroute.transport.kernel.NativeSocket;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;

/** A TCP connection. */
public final class UringSocketChannel extends UringStreamChannel implements SocketChannel {

    /** Opens a socket to connect with. */
    public UringSocketChannel() {
        super(null, NativeSocket.tcp());
    }

    /**
     * Takes over a connection.
     *
     * @param descriptor of the socket, which is this channel's alone from here on
     * @param local the address of this end
     */
    public UringSocketChannel(int descriptor, InetSocketAddress local) {
        super(null, NativeSocket.adopt(descriptor, local));
        connected();
    }

    UringSocketChannel(UringServerSocketChannel parent, NativeSocket socket) {
        super(parent, socket);
    }

    @Override
    public ServerSocketChannel parent() {
        return (ServerSocketChannel) super.parent();
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) super.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) super.remoteAddress();
    }
}
