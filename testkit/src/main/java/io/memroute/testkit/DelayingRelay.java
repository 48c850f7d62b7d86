package io.memroute.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes a real server slow: passes bytes on in both directions, and those of the server later by a set time. The order
 * of bytes stays, and many replies may be on their way at once, as with a server that is far away. It can cut the
 * server off, which keeps its items.
 */
public final class DelayingRelay implements AutoCloseable {

    private record Part(byte[] bytes, long dueNanos) {}

    /** The end of a direction. */
    private static final Part END = new Part(new byte[0], 0);

    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile long delayNanos;
    private volatile boolean cut;

    private DelayingRelay(int serverPort, Duration delay) throws IOException {
        this.serverPort = serverPort;
        this.delayNanos = delay.toNanos();
        this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Starts a relay to a server on 127.0.0.1. */
    public static DelayingRelay start(int serverPort, Duration delay) {
        try {
            return new DelayingRelay(serverPort, delay);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port on 127.0.0.1. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Has what the server sends from now on arrive so much later. */
    public void delay(Duration delay) {
        delayNanos = delay.toNanos();
    }

    /** Closes all connections; bytes on their way are lost. */
    public void closeConnections() {
        sockets.forEach(this::close);
    }

    /** From now on connections are closed as soon as they are made, as those are that there are. */
    public void cut() {
        cut = true;
        closeConnections();
    }

    /** Ends the {@link #cut}. */
    public void mend() {
        cut = false;
    }

    private void accept() {
        try {
            while (true) {
                relay(listener.accept());
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void relay(Socket client) {
        sockets.add(client);
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            sockets.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            if (cut) {
                close(client);
                close(server);
            }
            Thread.ofVirtual().start(() -> pass(client, server));
            BlockingQueue<Part> replies = new LinkedBlockingQueue<>();
            Thread.ofVirtual().start(() -> read(server, replies));
            Thread.ofVirtual().start(() -> write(replies, client));
        } catch (IOException e) {
            // The server does not take it, or the connections have just been closed.
            close(client);
        }
    }

    private void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One of them has closed, and so the other does.
        } finally {
            close(from);
            close(to);
        }
    }

    private void read(Socket server, BlockingQueue<Part> into) {
        byte[] bytes = new byte[64 << 10];
        try {
            InputStream in = server.getInputStream();
            for (int count; (count = in.read(bytes)) >= 0; ) {
                into.add(new Part(Arrays.copyOf(bytes, count), System.nanoTime() + delayNanos));
            }
        } catch (IOException e) {
            // As an end.
        } finally {
            into.add(END);
        }
    }

    private void write(BlockingQueue<Part> from, Socket client) {
        try {
            OutputStream out = client.getOutputStream();
            for (Part part = from.take(); part != END; part = from.take()) {
                for (long left; (left = part.dueNanos() - System.nanoTime()) > 0; ) {
                    LockSupport.parkNanos(left);
                }
                out.write(part.bytes());
            }
        } catch (IOException e) {
            // The client has closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(client);
        }
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        closeConnections();
    }
}
