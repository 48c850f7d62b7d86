package io.memroute.app.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.memroute.proxy.UnixSocketFile;
import io.memroute.proxy.text.Shown;
import io.memroute.proxy.text.SystemError;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests of HTTP, one for each connection, and sends what they are answered with. Thread safe.
 *
 * <p>Accepts with the JDK's channel and serves with Netty's: Netty's listening channel removes whatever has the name of
 * its UNIX socket at the end, which {@link UnixSocketFile} does not.
 */
public final class AdminListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("memroute.admin");

    /** The header by which a client knows that it speaks to an admin listener. */
    static final String SERVER = "memroute";

    /** After a failed accept, of which there may be no end, as with too many open files. */
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

    /** Connections that the system keeps until they are accepted: a burst of them, so that none has to try again. */
    private static final int BACKLOG = 1024;

    /** The mode of an administrator's socket: for its owner alone. */
    private static final int SOCKET_MODE = 0700;

    /** Nothing went wrong with events. */
    private static final AdminResponse SENT = AdminResponse.text(HttpResponseStatus.OK, "");

    private final ServerSocketChannel listening;
    private final SocketAddress address;
    private final Optional<UnixSocketFile> socketFile;
    private final Supplier<AdminPages> pages;
    private final AdminLimits limits;
    private final RequestCheck check;
    private final TimedAnswers quick;
    private final TimedAnswers slow;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("memroute-admin", true), NioIoHandler.newFactory());
    private final ConnectionRoom room;

    private AdminListener(
            ServerSocketChannel listening,
            SocketAddress at,
            Optional<UnixSocketFile> socketFile,
            Supplier<AdminPages> pages,
            AdminLimits limits)
            throws IOException {
        this.listening = listening;
        this.address = listening.getLocalAddress();
        this.socketFile = socketFile;
        this.pages = pages;
        this.limits = limits;
        this.check = new RequestCheck(at);
        this.quick = new TimedAnswers(limits.answer());
        this.slow = new TimedAnswers(limits.answer());
        this.room = new ConnectionRoom(limits.connections(), limits.streams());
    }

    /**
     * Listens until it is closed. A UNIX socket is for its owner alone.
     *
     * @param pages asked for at each request; they are answered on threads of their own, see {@link TimedAnswers}
     * @throws IOException if the address cannot be listened on
     */
    public static AdminListener start(SocketAddress at, Supplier<AdminPages> pages) throws IOException {
        return start(at, pages, AdminLimits.USUAL);
    }

    static AdminListener start(SocketAddress at, Supplier<AdminPages> pages, AdminLimits limits) throws IOException {
        boolean unix = at instanceof UnixDomainSocketAddress;
        ServerSocketChannel channel =
                unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        Optional<UnixSocketFile> file = Optional.empty();
        try {
            if (at instanceof UnixDomainSocketAddress socket) {
                file = Optional.of(
                        UnixSocketFile.bind(socket.getPath(), SOCKET_MODE, () -> channel.bind(socket, BACKLOG)));
            } else {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(at, BACKLOG);
                if (!((InetSocketAddress) at).getAddress().isLoopbackAddress()) {
                    LOG.warn(
                            "--admin {}: not a loopback address; anyone who can connect can read the configuration",
                            SystemError.readable(at));
                }
            }
            AdminListener listener = new AdminListener(channel, at, file, pages, limits);
            Thread.ofPlatform().name("memroute-admin-accept").daemon().start(listener::acceptAll);
            return listener;
        } catch (IOException e) {
            file.ifPresent(UnixSocketFile::remove);
            channel.close();
            throw new IOException(
                    "--admin: cannot listen on " + SystemError.readable(at) + ": " + SystemError.text(e), e);
        }
    }

    /** The address it listens on, with the port that the system chose if none was given. */
    public SocketAddress address() {
        return address;
    }

    /** Runs a task of some microseconds again and again, until the listener is closed. */
    public void every(Duration time, Runnable task) {
        loop.scheduleAtFixedRate(task, 0, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void acceptAll() {
        while (listening.isOpen()) {
            try {
                SocketChannel connection = listening.accept();
                if (room.enter()) {
                    serve(connection);
                } else {
                    refuse(connection);
                }
            } catch (ClosedChannelException | InterruptedException e) {
                return;
            } catch (IOException e) {
                LOG.warn("cannot accept a connection to the admin listener: {}", SystemError.text(e));
                LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
            }
        }
    }

    private void serve(SocketChannel connection) throws IOException {
        Channel channel = address instanceof UnixDomainSocketAddress
                ? new NioDomainSocketChannel(null, connection)
                : new NioSocketChannel(connection);
        channel.closeFuture().addListener(closed -> room.leave(channel));
        AdminConnection.serve(channel, room, check, new PageAnswers(), limits);
        loop.register(channel).addListener(registered -> {
            if (!registered.isSuccess()) {
                channel.unsafe().closeForcibly();
            }
        });
    }

    /** Answers on threads of its own. */
    private final class PageAnswers implements AdminConnection.Answering {

        @Override
        public AdminPages.Page page(String path) {
            return pages.get().page(path);
        }

        @Override
        public AdminResponse answer(AdminPages.Page page, AdminRequest request) throws InterruptedException {
            return timed(page.cost()).answer(shown(request), () -> page.answer().apply(request));
        }

        @Override
        public AdminResponse send(AdminResponse.Events events, AdminRequest request, EventStream stream)
                throws InterruptedException {
            return timed(events.cost()).answer(shown(request), () -> {
                events.sender().accept(stream);
                return SENT;
            });
        }

        private TimedAnswers timed(AdminPages.Cost cost) {
            return cost == AdminPages.Cost.HIGH ? slow : quick;
        }

        private static String shown(AdminRequest request) {
            return Shown.text(request.path() + " " + request.parameters());
        }
    }

    private void refuse(SocketChannel connection) {
        String reason = "the admin listener has " + limits.connections() + " requests already; try again\n";
        String message = """
                HTTP/1.1 503 Service Unavailable\r
                Content-Type: %s\r
                Content-Length: %d\r
                Connection: close\r
                Server: %s\r
                \r
                %s""".formatted(AdminResponse.TEXT, reason.length(), SERVER, reason);
        try (connection) {
            connection.configureBlocking(false);
            connection.write(ByteBuffer.wrap(message.getBytes(US_ASCII)));
        } catch (IOException e) {
            LOG.debug("an admin connection was refused: {}", SystemError.text(e));
        }
    }

    @Override
    public void close() {
        try {
            socketFile.ifPresent(UnixSocketFile::remove);
            listening.close();
            room.closeStreams();
            loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
