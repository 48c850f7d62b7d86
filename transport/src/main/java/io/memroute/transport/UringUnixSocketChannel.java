package io.memroute.transport;

import io.memroute.transport.kernel.NativeSocket;
import java.net.UnixDomainSocketAddress;

/** A connection over a UNIX domain socket. Its addresses are {@link UnixDomainSocketAddress}es. */
public final class UringUnixSocketChannel extends UringStreamChannel {

    /** Opens a socket to connect with. */
    public UringUnixSocketChannel() {
        super(null, NativeSocket.unix());
    }

    /**
     * Takes over a connection.
     *
     * @param descriptor of the socket, which is this channel's alone from here on
     * @param local the address of this end
     */
    public UringUnixSocketChannel(int descriptor, UnixDomainSocketAddress local) {
        super(null, NativeSocket.adopt(descriptor, local));
        connected();
    }

    UringUnixSocketChannel(UringServerUnixSocketChannel parent, NativeSocket socket) {
        super(parent, socket);
    }
}
