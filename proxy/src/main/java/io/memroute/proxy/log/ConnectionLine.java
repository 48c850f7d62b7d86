package io.memroute.proxy.log;

import io.memroute.proxy.text.Shown;
import io.memroute.transport.UringStreamChannel;
import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The lines of the stream {@code connevents}.
 *
 * @see "memcached's doc/protocol.txt, section Watchers"
 */
public final class ConnectionLine {

    /** The address of a client that a load balancer has told; none if it is the socket's. */
    public static final AttributeKey<InetSocketAddress> CLIENT = AttributeKey.valueOf(ConnectionLine.class, "client");

    private ConnectionLine() {}

    /** The address of a client, as far as it is known. */
    public static @Nullable SocketAddress client(Channel channel) {
        InetSocketAddress told = channel.attr(CLIENT).get();
        return told == null ? channel.remoteAddress() : told;
    }

    /** A client has been accepted. */
    public static void opened(LogStreams streams, Channel channel) {
        if (streams.watched(LogStream.CONNEVENTS)) {
            write(streams, line(streams, "conn_new", channel), channel);
        }
    }

    /**
     * @param reason a word: {@code normal} if either side has ended it, {@code error} if it was lost, or what the proxy
     *     ended it for
     */
    public static void closed(LogStreams streams, Channel channel, String reason) {
        if (streams.watched(LogStream.CONNEVENTS)) {
            write(streams, line(streams, "conn_close", channel).add("reason", reason), channel);
        }
    }

    /** The TLS of a client has failed; memcached's line. */
    public static void tlsFailed(LogStreams streams, Channel channel, String reason) {
        if (streams.watched(LogStream.CONNEVENTS)) {
            streams.write(
                    LogStream.CONNEVENTS,
                    streams.line("conntlserr").add("fd", descriptor(channel)).add("msg", Shown.text(reason)));
        }
    }

    /** Whether it is a TCP connection, not one of a UNIX socket. */
    public static boolean isTcp(Channel channel) {
        return client(channel) instanceof InetSocketAddress;
    }

    private static LogLine line(LogStreams streams, String type, Channel channel) {
        LogLine line = streams.line(type);
        return client(channel) instanceof InetSocketAddress client && client.getAddress() != null
                ? line.add("rip", client.getAddress().getHostAddress())
                        .add("rport", client.getPort())
                        .add("transport", "tcp")
                : line.add("rip", "unix").add("rport", 0).add("transport", "local");
    }

    private static void write(LogStreams streams, LogLine line, Channel channel) {
        streams.write(LogStream.CONNEVENTS, line.add("cfd", descriptor(channel)));
    }

    /** The socket's file descriptor; 0 if the transport does not tell. */
    public static int descriptor(Channel channel) {
        return switch (channel) {
            case UnixChannel unix -> unix.fd().intValue();
            case UringStreamChannel uring -> uring.descriptor();
            default -> 0;
        };
    }
}
