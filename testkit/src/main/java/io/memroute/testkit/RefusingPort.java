package io.memroute.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * A port of 127.0.0.1 that nobody is given while this object is open. It is bound and not listening, so every attempt
 * to connect is refused, until a program listens there that is told this port. Such a program has to set
 * {@code SO_REUSEADDR}, as servers do.
 */
public final class RefusingPort implements AutoCloseable {

    private final SocketChannel holder;
    private final int port;

    private RefusingPort(SocketChannel holder) throws IOException {
        this.holder = holder;
        this.port = ((InetSocketAddress) holder.getLocalAddress()).getPort();
    }

    public static RefusingPort reserve() {
        try {
            SocketChannel holder = SocketChannel.open();
            holder.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            holder.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            return new RefusingPort(holder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot reserve a port of the loopback interface", e);
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        try {
            holder.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
