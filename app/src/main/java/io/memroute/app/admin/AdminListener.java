package io.memroute.app.admin;

import io.memroute.app.options.ExitStatus;
import io.memroute.proxy.UnixSocketFile;
import io.memroute.proxy.text.SystemError;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes questions, one for each connection, and sends what they are answered with. Thread safe. */
public final class AdminListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("memroute.admin");

    /**
     * How long a connection may take, so that a client that is slow or silent keeps nothing for ever.
     *
     * @param ask from its beginning to the end of its line
     * @param answer from there to the answer, the wait for its turn included
     * @param take to take the answer
     * @param connections how many there may be at a time; one more is told so and closed
     */
    record Limits(Duration ask, Duration answer, Duration take, int connections) {
        /** A person types within seconds; the largest plan takes some; each connection has a thread. */
        static final Limits USUAL =
                new Limits(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(10), 32);
    }

    /** After a failed accept, of which there may be no end, as with too many open files. */
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

    /** What a socket of an administrator may be: for its owner alone. */
    private static final int SOCKET_MODE = 0700;

    private static final ThreadFactory THREADS =
            Thread.ofPlatform().name("memroute-admin-", 0).daemon().factory();

    private final ServerSocketChannel listening;
    private final SocketAddress address;
    private final Optional<UnixSocketFile> socketFile;
    private final TimedAnswers answers;
    private final Limits limits;
    private final ExecutorService connections;
    private final Semaphore room;

    private AdminListener(
            ServerSocketChannel listening,
            Optional<UnixSocketFile> socketFile,
            Function<List<String>, AdminReply> answers,
            Limits limits)
            throws IOException {
        this.listening = listening;
        this.address = listening.getLocalAddress();
        this.socketFile = socketFile;
        this.answers = new TimedAnswers(answers, limits.answer());
        this.limits = limits;
        this.connections = Executors.newFixedThreadPool(limits.connections(), THREADS);
        this.room = new Semaphore(limits.connections());
    }

    /**
     * Listens until it is closed. A UNIX socket is for its owner alone.
     *
     * @param answers called on threads of its own, see {@link TimedAnswers}
     * @throws IOException if the address cannot be listened on
     */
    public static AdminListener start(SocketAddress at, Function<List<String>, AdminReply> answers) throws IOException {
        return start(at, answers, Limits.USUAL);
    }

    static AdminListener start(SocketAddress at, Function<List<String>, AdminReply> answers, Limits limits)
            throws IOException {
        boolean unix = at instanceof UnixDomainSocketAddress;
        ServerSocketChannel channel =
                unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        Optional<UnixSocketFile> file = Optional.empty();
        try {
            if (at instanceof UnixDomainSocketAddress socket) {
                file = Optional.of(UnixSocketFile.bind(socket.getPath(), SOCKET_MODE, () -> channel.bind(socket)));
            } else {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(at);
                if (!((InetSocketAddress) at).getAddress().isLoopbackAddress()) {
                    LOG.warn("--admin {}: whoever can connect there can read the configuration", at);
                }
            }
            AdminListener listener = new AdminListener(channel, file, answers, limits);
            THREADS.newThread(listener::acceptAll).start();
            return listener;
        } catch (IOException e) {
            file.ifPresent(UnixSocketFile::remove);
            channel.close();
            throw new IOException(
                    "--admin: cannot listen on " + SystemError.readable(at) + ": " + SystemError.text(e), e);
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
                    refuse(connection);
                }
            } catch (ClosedChannelException | RejectedExecutionException e) {
                return;
            } catch (IOException e) {
                LOG.warn("a connection to the admin listener could not be accepted: {}", SystemError.text(e));
                LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
            }
        }
    }

    private void refuse(SocketChannel connection) {
        try (connection) {
            connection.configureBlocking(false);
            connection.write(ByteBuffer.wrap(AdminProtocol.reply(new AdminReply(
                    ExitStatus.FAILURE,
                    false,
                    "there are " + limits.connections() + " connections to the admin listener already\n"))));
        } catch (IOException e) {
            LOG.debug("an admin connection was refused: {}", SystemError.text(e));
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            InputStream questions = new BufferedInputStream(Channels.newInputStream(connection));
            CompletableFuture<Void> tooLate = closeAfter(limits.ask(), connection);
            AdminReply reply;
            try {
                Optional<String> line = AdminProtocol.readLine(questions);
                tooLate.cancel(false);
                if (line.isEmpty()) {
                    return;
                }
                reply = answers.answer(List.of(line.get().strip().split("\\s+")));
            } catch (ProtocolException e) {
                tooLate.cancel(false);
                reply = new AdminReply(ExitStatus.USAGE, false, e.getMessage() + "\n");
            }
            tooLate = closeAfter(limits.take(), connection);
            ByteBuffer bytes = ByteBuffer.wrap(AdminProtocol.reply(reply));
            while (bytes.hasRemaining()) {
                connection.write(bytes);
            }
            // A close while something unread has come in would take the answer away from the client.
            connection.shutdownOutput();
            questions.transferTo(OutputStream.nullOutputStream());
            tooLate.cancel(false);
        } catch (IOException e) {
            LOG.debug("an admin connection ended: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            room.release();
        }
    }

    private static CompletableFuture<Void> closeAfter(Duration time, SocketChannel connection) {
        Executor later = CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS);
        return CompletableFuture.runAsync(() -> AdminProtocol.closeQuietly(connection), later);
    }

    @Override
    public void close() {
        try {
            socketFile.ifPresent(UnixSocketFile::remove);
            listening.close();
            connections.shutdownNow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
