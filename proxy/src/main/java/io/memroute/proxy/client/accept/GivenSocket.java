package io.memroute.proxy.client.accept;

import io.memroute.transport.Uring;
import io.memroute.transport.kernel.SocketDescriptor;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/**
 * A socket that listens already: another process has made it, such as the service manager or the server whose place
 * this one takes. Immutable.
 *
 * @param address the address it listens on
 * @param descriptor of this process
 * @param removesFile whether the file of a UNIX socket is this server's to remove at the end
 */
public record GivenSocket(SocketAddress address, int descriptor, boolean removesFile) {

    /**
     * Finds out the address of a socket.
     *
     * @throws IOException if the descriptor is none of a stream socket that listens, or this machine cannot tell
     */
    public static GivenSocket of(int descriptor, boolean removesFile) throws IOException {
        if (!Epoll.isAvailable() && !Uring.isAvailable()) {
            throw new IOException("sockets of another process need Linux with epoll or io_uring");
        }
        return new GivenSocket(SocketDescriptor.listeningAddress(descriptor), descriptor, removesFile);
    }

    /**
     * Whether it is the socket for an address that is to be listened on, or that a client has come to. Every address of
     * the machine is one, whether written for IPv4 or IPv6; port 0 is any port.
     */
    public boolean serves(SocketAddress wanted) {
        return serves(address, wanted);
    }

    /** The same of a socket that listens on an address. */
    public static boolean serves(SocketAddress address, SocketAddress wanted) {
        if (address instanceof InetSocketAddress own && wanted instanceof InetSocketAddress tcp) {
            boolean samePort = tcp.getPort() == 0 || tcp.getPort() == own.getPort();
            boolean bothAny =
                    own.getAddress().isAnyLocalAddress() && tcp.getAddress().isAnyLocalAddress();
            return samePort && (bothAny || own.getAddress().equals(tcp.getAddress()));
        }
        return address instanceof UnixDomainSocketAddress own
                && wanted instanceof UnixDomainSocketAddress unix
                && own.getPath().toAbsolutePath().equals(unix.getPath().toAbsolutePath());
    }

    /** Whether a client of an address of this machine may have come to a socket because it listens on all of them. */
    public static boolean servesAnyWith(SocketAddress address, SocketAddress local) {
        return address instanceof InetSocketAddress own
                && local instanceof InetSocketAddress tcp
                && own.getAddress().isAnyLocalAddress()
                && own.getPort() == tcp.getPort();
    }

    /** Closes it here; it listens on as long as another process has it. */
    public void close() {
        SocketDescriptor.close(descriptor);
    }
}
