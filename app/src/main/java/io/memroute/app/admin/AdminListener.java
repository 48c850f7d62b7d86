package io.memroute.app.admin;

import io.memroute.app.options.ExitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes questions, one for each connection, and sends what they are answered with. Thread safe. */
public final class AdminListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("memroute.admin");

    /** One question keeps one thread busy; more would take processors from the workers. */
    private static final int AT_ONCE = 2;

    /** Connections that wait for their turn or have not asked yet; those above are closed. */
    private static final int MAX_CONNECTIONS = 32;

    private static final long ASK_WITHIN_SECONDS = 10;

    private static final ThreadFactory THREADS = Thread.ofPlatform().name("memroute-admin-", 0).daemon().factory();

    private final ServerSocketChannel listening;
    private final SocketAddress address;
    private final Function<List<String>, AdminReply> answers;
    private final ExecutorService connections = Executors.newFixedThreadPool(MAX_CONNECTIONS, THREADS);
    private final Semaphore room = new Semaphore(MAX_CONNECTIONS);
    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    private AdminListener(ServerSocketChannel listening, Function<List<String>, AdminReply> answers) throws IOException {
        this.listening = listening;
        this.address = listening.getLocalAddress();
        this.answers = answers;
    }

    /**
     * Listens until it is closed. A UNIX socket is for its owner alone.
     *
     * @param answers called on threads of the listener, by at most two at a time
     * @throws IOException if the address cannot be listened on
     */
    public static AdminListener start(SocketAddress at, Function<List<String>, AdminReply> answers) throws IOException {
        boolean unix = at instanceof UnixDomainSocketAddress;
        ServerSocketChannel channel = unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        try {
            if (at instanceof UnixDomainSocketAddress socket) {
                Files.deleteIfExists(socket.getPath());
                channel.bind(socket);
                Files.setPosixFilePermissions(socket.getPath(), PosixFilePermissions.fromString("rwx------"));
            } else {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(at);
                if (!((InetSocketAddress) at).getAddress().isLoopbackAddress()) {
                    LOG.warn("--admin {}: whoever can connect there can read the configuration", at);
                }
            }
            AdminListener listener = new AdminListener(channel, answers);
            THREADS.newThread(listener::acceptAll).start();
            return listener;
        } catch (IOException e) {
            channel.close();
            throw new IOException("--admin: cannot listen on " + at + ": " + e.getMessage(), e);
        }
    }

    /** Where it listens, with the port that the system chose if none was given. */
    public SocketAddress address() {
        return address;
    }

    private void acceptAll() {
        while (listening.isOpen()) {
            try {
                SocketChannel connection = listening.accept();
                if (room.tryAcquire()) {
                    connections.execute(() -> serve(connection));
                } else {
                    connection.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("a connection to the admin listener could not be accepted: {}", e.toString());
            }
        }
    }

    private void serve(SocketChannel connection) {
        Executor soon = CompletableFuture.delayedExecutor(ASK_WITHIN_SECONDS, TimeUnit.SECONDS);
        try (connection) {
            CompletableFuture<Void> tooLate = CompletableFuture.runAsync(() -> closeQuietly(connection), soon);
            Optional<String> line = AdminProtocol.readLine(Channels.newInputStream(connection));
            tooLate.cancel(false);
            if (line.isEmpty()) {
                return;
            }
            ByteBuffer reply = ByteBuffer.wrap(AdminProtocol.reply(answer(line.get())));
            while (reply.hasRemaining()) {
                connection.write(reply);
            }
        } catch (IOException e) {
            LOG.debug("an admin connection ended: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            room.release();
        }
    }

    private AdminReply answer(String line) throws InterruptedException {
        turns.acquire();
        try {
            return answers.apply(List.of(line.strip().split("\\s+")));
        } catch (RuntimeException e) {
            LOG.error("admin: {}", line, e);
            return new AdminReply(ExitStatus.FAILURE, false, "internal error: " + e + "\n");
        } finally {
            turns.release();
        }
    }

    private static void closeQuietly(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("closing an admin connection: {}", e.toString());
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            connections.shutdownNow();
            if (address instanceof UnixDomainSocketAddress socket) {
                Files.deleteIfExists(socket.getPath());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
