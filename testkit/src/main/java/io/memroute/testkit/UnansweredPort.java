package io.memroute.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A port of 127.0.0.1 on which an attempt to connect neither succeeds nor fails, as on a host that has vanished: it
 * listens with the shortest queue, fills it, and accepts nobody, so that the kernel drops further attempts. Linux only.
 */
public final class UnansweredPort implements AutoCloseable {

    /** An attempt over the loopback interface that takes longer than this was dropped. */
    private static final Duration DROPPED_AFTER = Duration.ofMillis(300);

    /** More than any kernel makes of the shortest queue. */
    private static final int MOST_ATTEMPTS = 64;

    private final ServerSocketChannel listener;
    private final List<SocketChannel> fillers = new ArrayList<>();

    private UnansweredPort(ServerSocketChannel listener) {
        this.listener = listener;
    }

    public static UnansweredPort open() {
        try {
            ServerSocketChannel listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 1);
            UnansweredPort port = new UnansweredPort(listener);
            port.fillQueue();
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on the loopback interface", e);
        }
    }

    public int port() {
        return listener.socket().getLocalPort();
    }

    private void fillQueue() throws IOException {
        while (fillers.size() < MOST_ATTEMPTS) {
            SocketChannel filler = SocketChannel.open();
            fillers.add(filler);
            filler.configureBlocking(false);
            filler.connect(listener.getLocalAddress());
            Deadline deadline = Deadline.in(DROPPED_AFTER);
            while (!filler.finishConnect()) {
                if (deadline.passed()) {
                    return;
                }
                Thread.onSpinWait();
            }
        }
        throw new AssertionError(
                "port " + port() + " still answers after " + MOST_ATTEMPTS + " connections that nobody accepted");
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
