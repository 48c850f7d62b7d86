package io.memroute.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * A port of 127.0.0.1 on which nobody listens and, while this object is open, nobody else can: every attempt to connect
 * is refused. It is bound and not listening, so it stays reserved.
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
