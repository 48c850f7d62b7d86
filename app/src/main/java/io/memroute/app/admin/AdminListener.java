package io.memroute.app.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.memroute.proxy.UnixSocketFile;
import io.memroute.proxy.client.accept.AcceptHold;
import io.memroute.proxy.client.accept.AcceptPause;
import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.proxy.repeat.Repeated;
import io.memroute.proxy.text.Shown;
import io.memroute.proxy.text.SystemError;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests of HTTP, one for each connection, and sends what they are answered with. Thread safe.
 *
 * <p>With epoll where there is epoll: its listening sockets can be handed to another process.
 */
public final class AdminListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("memroute.admin");

    /** The header by which a client knows that it speaks to an admin listener. */
    static final String SERVER = "memroute";

    /** Connections that the system keeps until they are accepted: a burst of them, so that none has to try again. */
    private static final int BACKLOG = 1024;

    /** The mode of an administrator's socket: for its owner alone. */
    private static final int SOCKET_MODE = 0700;

    /** Nothing went wrong with events. */
    private static final AdminResponse SENT = AdminResponse.text(HttpResponseStatus.OK, "");

    private final SocketAddress at;
    private final AdminGuard guard;
    private final Supplier<AdminPages> pages;
    private final AdminLimits limits;
    private final RequestCheck check;
    private final TimedAnswers quick;
    private final TimedAnswers slow;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("memroute-admin", true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    private final ConnectionRoom room;
    private volatile Optional<UnixSocketFile> socketFile = Optional.empty();

    @SuppressWarnings("NullAway.Init")
    private volatile Channel listening;

    @SuppressWarnings("NullAway.Init")
    private volatile SocketAddress address;

    private AdminListener(SocketAddress at, AdminGuard guard, Supplier<AdminPages> pages, AdminLimits limits) {
        this.at = at;
        this.guard = guard;
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
        return start(at, AdminGuard.NONE, pages);
    }

    /**
     * Listens until it is closed, with TLS and passwords as the guard has them.
     *
     * @param pages asked for at each request; they are answered on threads of their own, see {@link TimedAnswers}
     * @throws IOException if the address cannot be listened on
     */
    public static AdminListener start(SocketAddress at, AdminGuard guard, Supplier<AdminPages> pages)
            throws IOException {
        return start(at, guard, pages, AdminLimits.USUAL);
    }

    static AdminListener start(SocketAddress at, Supplier<AdminPages> pages, AdminLimits limits) throws IOException {
        return start(at, AdminGuard.NONE, pages, limits);
    }

    private static AdminListener start(
            SocketAddress at, AdminGuard guard, Supplier<AdminPages> pages, AdminLimits limits) throws IOException {
        AdminListener listener = new AdminListener(at, guard, pages, limits);
        try {
            listener.bind();
            listener.startAccepting();
            return listener;
        } catch (IOException e) {
            listener.close();
            throw new IOException(
                    "--admin: cannot listen on " + SystemError.readable(at) + ": " + SystemError.text(e), e);
        }
    }

    /**
     * Goes on with a socket that listens already. Clients that connect wait until {@link #startAccepting()}.
     *
     * @throws IOException if it cannot be used
     */
    public static AdminListener adopt(
            SocketAddress at, GivenSocket socket, AdminGuard guard, Supplier<AdminPages> pages) throws IOException {
        AdminListener listener = new AdminListener(at, guard, pages, AdminLimits.USUAL);
        boolean unix = at instanceof UnixDomainSocketAddress;
        listener.address = socket.address();
        listener.listening = done(listener.bootstrap()
                .channelFactory(() -> unix
                        ? new EpollServerDomainSocketChannel(socket.descriptor())
                        : new EpollServerSocketChannel(socket.descriptor()))
                .attr(AcceptPause.ADDRESS, socket.address())
                .register());
        return listener;
    }

    private ServerBootstrap bootstrap() {
        return new ServerBootstrap()
                .group(loop)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new AcceptPause(limits.connections() + limits.streams()))
                // A client may end its side when it has asked; epoll would take that for the end of the connection.
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, Epoll.isAvailable())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        serve(connection);
                    }
                });
    }

    private void bind() throws IOException {
        if (at instanceof UnixDomainSocketAddress unix) {
            socketFile = Optional.of(UnixSocketFile.bind(unix.getPath(), SOCKET_MODE, () -> bindUnix(unix)));
            address = at;
            return;
        }
        listening = done(bootstrap()
                .channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .bind(at));
        address = listening.localAddress();
        if (guard.isNone() && !((InetSocketAddress) at).getAddress().isLoopbackAddress()) {
            LOG.warn(
                    "--admin {}: not a loopback address; anyone who can connect can read the configuration",
                    SystemError.readable(at));
        }
    }

    private void bindUnix(UnixDomainSocketAddress unix) throws IOException {
        if (!Epoll.isAvailable()) {
            listening =
                    done(bootstrap().channel(NioServerDomainSocketChannel.class).bind(unix));
            return;
        }
        UnixSocketFile.KeptAddress kept = new UnixSocketFile.KeptAddress(unix.getPath());
        listening =
                done(bootstrap().channel(EpollServerDomainSocketChannel.class).bind(kept));
        kept.bound();
    }

    private static Channel done(ChannelFuture future) throws IOException {
        future.awaitUninterruptibly();
        if (future.isSuccess()) {
            return future.channel();
        }
        throw future.cause() instanceof IOException reason ? reason : new IOException(future.cause());
    }

    /** Begins to accept, or goes on. */
    public void startAccepting() {
        AcceptHold.OWNER.end(listening);
    }

    /** Accepts nobody until {@link #startAccepting()}; clients that connect wait. */
    public void pauseAccepting() {
        AcceptHold.OWNER.begin(listening);
    }

    /** The socket that listens, for another process; empty where there is no epoll. */
    public Optional<GivenSocket> socket() {
        return listening instanceof UnixChannel unix
                ? Optional.of(new GivenSocket(address, unix.fd().intValue(), true))
                : Optional.empty();
    }

    /** Owns the file of its UNIX socket, which another process has left to it. */
    public void own() throws IOException {
        if (address instanceof UnixDomainSocketAddress unix) {
            socketFile = Optional.of(UnixSocketFile.adopt(unix.getPath()));
        }
    }

    /** Leaves the file of its UNIX socket to another process. */
    public void leave() {
        socketFile.ifPresent(UnixSocketFile::leave);
    }

    /** The address it listens on, with the port that the system chose if none was given. */
    public SocketAddress address() {
        return address;
    }

    /** Runs a task of some microseconds again and again, until the listener is closed. */
    public void every(Duration time, Runnable task) {
        loop.scheduleAtFixedRate(
                new Repeated("a task of the admin listener", task), 0, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void serve(Channel connection) {
        if (!room.enter()) {
            refuse(connection);
            return;
        }
        connection.closeFuture().addListener(closed -> room.leave(connection));
        guard.protect(connection);
        AdminConnection.serve(connection, room, check, new PageAnswers(), limits);
    }

    /** Answers on threads of its own. */
    private final class PageAnswers implements AdminConnection.Answering {

        @Override
        public AdminPages.Page page(String path) {
            return pages.get().page(path);
        }

        @Override
        public Optional<AdminResponse> refusal(String path, String authorization, SocketAddress from)
                throws InterruptedException {
            return guard.refusal(path, authorization, from);
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

    private void refuse(Channel connection) {
        String reason = "the admin listener has " + limits.connections() + " requests already; try again\n";
        String message = """
                HTTP/1.1 503 Service Unavailable\r
                Content-Type: %s\r
                Content-Length: %d\r
                Connection: close\r
                Server: %s\r
                \r
                %s""".formatted(AdminResponse.TEXT, reason.length(), SERVER, reason);
        connection.writeAndFlush(Unpooled.copiedBuffer(message, US_ASCII)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void close() {
        socketFile.ifPresent(UnixSocketFile::remove);
        if (listening != null) {
            listening.close().awaitUninterruptibly();
        }
        room.closeStreams();
        loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    }
}
