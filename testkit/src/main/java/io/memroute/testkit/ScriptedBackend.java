package io.memroute.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A backend whose every byte the test decides: the test takes the connections that a proxy opens to it, one after the
 * other, says what must arrive on each and what is answered.
 *
 * <p>A thread of its own accepts and, unless the backend was started {@linkplain #startMute() mute}, answers the
 * {@code version} handshake with which a proxy begins, so that a test sees only what follows.
 */
public final class ScriptedBackend implements AutoCloseable {

    /** The answer to the handshake. */
    public static final String VERSION_REPLY = "VERSION 1.6.45\r\n";

    private final boolean handshakes;
    private final BlockingQueue<Connection> waiting = new LinkedBlockingQueue<>();
    private final List<Connection> all = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final RefusingPort reserved = RefusingPort.reserve();
    private final int port = reserved.port();
    private volatile Listener listener;
    private volatile @Nullable AssertionError handshakeFailure;

    /** @param acceptor accepts on the channel until that is closed */
    private record Listener(ServerSocketChannel channel, Thread acceptor) {}

    private ScriptedBackend(boolean handshakes) {
        this.handshakes = handshakes;
        this.listener = acceptOn(bind(port));
    }

    /** Starts a backend that answers the {@code version} handshake by itself. */
    public static ScriptedBackend start() {
        return new ScriptedBackend(true);
    }

    /** Starts a backend that accepts connections and says nothing on its own. */
    public static ScriptedBackend startMute() {
        return new ScriptedBackend(false);
    }

    /** The port on 127.0.0.1, the same for this backend's whole life. */
    public int port() {
        return port;
    }

    /** The number of connections accepted so far, whatever became of them. */
    public int acceptedConnections() {
        return accepted.get();
    }

    /** Waits for the next connection; after the handshake unless this backend is mute. */
    public Connection accept() {
        try {
            Deadline deadline = Deadline.in(Deadline.USUAL);
            while (!deadline.passed()) {
                Connection next = waiting.poll(Math.min(50, deadline.remainingMillis()), TimeUnit.MILLISECONDS);
                if (next != null) {
                    return next;
                }
                AssertionError failure = handshakeFailure;
                if (failure != null) {
                    throw failure;
                }
            }
            throw new AssertionError("no connection to the backend on port " + port + " within "
                    + Deadline.USUAL.toMillis() + " ms (" + accepted + " accepted before)");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a connection", e);
        }
    }

    /** Closes the listening socket: later connection attempts are refused. Open connections stay. */
    public void refuse() {
        Listener closed = listener;
        try {
            closed.channel().close();
            // The system goes on listening until the thread has left the accept in which the closing met it.
            if (!closed.acceptor().join(Deadline.USUAL)) {
                throw new AssertionError("the backend on port " + port + " does not stop accepting");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the backend on port " + port + " stops accepting", e);
        }
    }

    /** Listens again on the same port after {@link #refuse()}. */
    public void acceptAgain() {
        listener = acceptOn(bind(port));
    }

    /** Closes the listener and every connection. */
    @Override
    public void close() {
        refuse();
        reserved.close();
        all.forEach(Connection::close);
    }

    private static ServerSocketChannel bind(int wanted) {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), wanted), 1024);
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + wanted + " of the loopback interface", e);
        }
    }

    private Listener acceptOn(ServerSocketChannel channel) {
        Thread acceptor =
                Thread.ofPlatform().daemon().name("scripted-backend-" + port).start(() -> acceptLoop(channel));
        return new Listener(channel, acceptor);
    }

    private void acceptLoop(ServerSocketChannel channel) {
        while (channel.isOpen()) {
            try {
                SocketChannel socket = channel.accept();
                Connection connection = new Connection(socket, accepted.incrementAndGet(), port);
                all.add(connection);
                if (handshakes) {
                    Thread.ofVirtual().start(() -> shakeHands(connection));
                } else {
                    waiting.add(connection);
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                if (channel.isOpen()) {
                    handshakeFailure = new AssertionError("the backend on port " + port + " cannot accept: " + e, e);
                }
                return;
            }
        }
    }

    private void shakeHands(Connection connection) {
        try {
            String line = connection.readLine();
            if (!line.equals("version")) {
                handshakeFailure = new AssertionError(
                        connection.name() + ": expected the version handshake but got " + Shown.quoted(line));
                return;
            }
            connection.send(VERSION_REPLY);
            waiting.add(connection);
        } catch (AssertionError | ClosedSelectorException e) {
            // The peer went away before it had spoken, or the test closed the backend: neither is a wrong handshake.
        }
    }

    /** The backend's end of one connection. */
    public static final class Connection extends RawConnection {

        private Connection(SocketChannel channel, int number, int port) throws IOException {
            super(channel, "connection " + number + " to the backend on port " + port);
        }
    }
}
