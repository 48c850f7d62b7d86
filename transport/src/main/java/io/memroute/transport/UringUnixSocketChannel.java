package io.memroute.transport;

import io.memroute.transport.kernel.NativeSocket;
import java.net.UnixDomainSocketAddress;

/** A connection over a UNIX domain socket. Its addresses are {@link UnixDomainSocketAddress}es. */
public final class UringUnixSocketChannel extends UringStreamChannel {

    /** Opens a socket to connect with. */
    public UringUnixSocketChannel() {
        super(null, NativeSocket.unix());
    }

    UringUnixSocketChannel(UringServerUnixSocketChannel parent, NativeSocket socket) {
        super(parent, socket);
    }
}
