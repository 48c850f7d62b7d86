package io.memroute.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A client's end of a connection to a server, over TCP or a UNIX socket, that sends and compares raw bytes. */
public final class RawClient extends RawConnection {

    private RawClient(SocketChannel channel, String name) throws IOException {
        super(channel, name);
    }

    /** Connects to a port of the loopback interface (127.0.0.1). */
    public static RawClient connect(int port) {
        return connect("127.0.0.1", port);
    }

    /** Connects to a host, which may be an IPv6 address such as {@code ::1}. */
    public static RawClient connect(String host, int port) {
        try {
            return connect(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException e) {
            throw new AssertionError("no such host: " + host, e);
        }
    }

    /** Connects to a UNIX socket. */
    public static RawClient connect(Path socket) {
        return connect(UnixDomainSocketAddress.of(socket));
    }

    public static RawClient connect(SocketAddress address) {
        return open(address, 0);
    }

    /**
     * Connects with a receive buffer of about the given size, so that a server soon notices that this client does not
     * read.
     */
    public static RawClient connectSlowReader(SocketAddress address, int receiveBufferBytes) {
        return open(address, receiveBufferBytes);
    }

    private static RawClient open(SocketAddress address, int receiveBufferBytes) {
        boolean unix = address instanceof UnixDomainSocketAddress;
        SocketChannel channel = null;
        try {
            channel = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
            if (!unix) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            if (receiveBufferBytes > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
            }
            channel.connect(address);
            return new RawClient(channel, "client of " + address);
        } catch (IOException e) {
            closeQuietly(channel);
            throw new AssertionError("cannot connect to " + address + ": " + e, e);
        }
    }

    private static void closeQuietly(@Nullable SocketChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException ignored) {
                // The failure that led here is the one to report.
            }
        }
    }
}
