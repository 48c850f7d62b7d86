package io.memroute.transport;

import io.memroute.transport.kernel.NativeSocket;
import io.netty.channel.Channel;
import java.net.UnixDomainSocketAddress;

/**
 * A listening UNIX domain socket. Its address is a {@link UnixDomainSocketAddress}; the file stays when the channel is
 * closed.
 */
public final class UringServerUnixSocketChannel extends UringServerChannel {

    /** Opens a socket to bind. */
    public UringServerUnixSocketChannel() {
        super(NativeSocket.unix());
    }

    /**
     * Takes over a socket that listens.
     *
     * @param descriptor of the socket, which is this channel's alone from here on
     */
    public UringServerUnixSocketChannel(int descriptor, UnixDomainSocketAddress address) {
        super(NativeSocket.adopt(descriptor, address));
        listens();
    }

    @Override
    Channel newChild(NativeSocket accepted) {
        return new UringUnixSocketChannel(this, accepted);
    }
}
