package io.memroute.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * A server in front of another one that passes every byte on, but each reply only some time after it has come: a server
 * that is slow, or far away. It notes how long each read of replies was in fact held back, which on a busy machine is
 * longer than was asked for.
 */
public final class DelayedServer implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 << 10;

    private final ServerSocketChannel listener;
    private final SocketAddress target;
    private final long delayNanos;
    private final List<SocketChannel> channels = new CopyOnWriteArrayList<>();
    private final List<Long> delays = new CopyOnWriteArrayList<>();

    private DelayedServer(ServerSocketChannel listener, SocketAddress target, Duration delay) {
        this.listener = listener;
        this.target = target;
        this.delayNanos = delay.toNanos();
    }

    /** Starts on a free port of 127.0.0.1 in front of a server. */
    public static DelayedServer start(SocketAddress target, Duration delay) {
        try {
            ServerSocketChannel listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            DelayedServer server = new DelayedServer(listener, target, delay);
            daemon("accept", server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on the loopback interface", e);
        }
    }

    private static void daemon(String name, Runnable action) {
        Thread.ofPlatform().daemon().name("delayed-" + name).start(action);
    }

    /** The port that it listens on. */
    public int port() {
        return listener.socket().getLocalPort();
    }

    /** Returns the time in nanoseconds for which each read of replies was held back. */
    public List<Long> delays() {
        return List.copyOf(delays);
    }

    /** Forgets the times so far. */
    public void forgetDelays() {
        delays.clear();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = listener.accept();
                SocketChannel server = SocketChannel.open(target);
                channels.addAll(List.of(client, server));
                daemon("requests", () -> pass(client, server, 0));
                daemon("replies", () -> pass(server, client, delayNanos));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void pass(SocketChannel from, SocketChannel to, long heldNanos) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try (from;
                to) {
            while (from.read(buffer.clear()) >= 0) {
                buffer.flip();
                if (heldNanos > 0) {
                    hold(heldNanos);
                }
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
        } catch (IOException e) {
            // One of the two has gone.
        }
    }

    private void hold(long nanos) {
        long began = System.nanoTime();
        for (long left = nanos; left > 0; left = began + nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        delays.add(System.nanoTime() - began);
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (SocketChannel channel : channels) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a socket", e);
        }
    }
}
