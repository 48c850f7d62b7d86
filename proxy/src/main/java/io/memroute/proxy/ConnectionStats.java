package io.memroute.proxy;

import io.memroute.proxy.client.Listeners;
import io.memroute.proxy.client.accept.AcceptPause;
import io.memroute.proxy.log.ConnectionLine;
import io.memroute.proxy.stats.StatLines;
import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * {@code stats conns}: what is listened on, and who is connected, under the numbers of their file descriptors. A
 * transport that does not tell these has them counted from 1.
 */
final class ConnectionStats {

    private int number;

    private ConnectionStats() {}

    static void write(Listeners listeners, StatLines lines) {
        ConnectionStats stats = new ConnectionStats();
        listeners.listening().forEach(server -> stats.listening(server, lines));
        listeners.connected().forEach(client -> stats.connected(client, lines));
        lines.end();
    }

    private void listening(Channel server, StatLines lines) {
        String start = start(server);
        lines.add(start + "addr", address(AcceptPause.address(server))).add(start + "state", "conn_listening");
    }

    private void connected(Channel client, StatLines lines) {
        String start = start(client);
        lines.add(start + "addr", address(ConnectionLine.client(client)))
                .add(start + "listen_addr", address(client.localAddress()))
                .add(start + "state", "conn_read");
    }

    private String start(Channel channel) {
        number++;
        int descriptor = ConnectionLine.descriptor(channel);
        return (descriptor > 0 ? descriptor : number) + ":";
    }

    /** Returns an address as memcached writes it; a connection that has just gone has none. */
    private static String address(@Nullable SocketAddress address) {
        return switch (address) {
            case InetSocketAddress tcp
            when tcp.getAddress() instanceof Inet6Address six -> "tcp6:[" + six.getHostAddress() + "]:" + tcp.getPort();
            case InetSocketAddress tcp
            when tcp.getAddress() != null -> "tcp:" + tcp.getAddress().getHostAddress() + ":" + tcp.getPort();
            case DomainSocketAddress unix -> "unix:" + unix;
            case UnixDomainSocketAddress unix -> "unix:" + unix.getPath();
            case null, default -> "unknown";
        };
    }
}
