package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.proxy.client.accept.AcceptHold;
import io.memroute.proxy.client.accept.AcceptPause;
import io.memroute.proxy.client.accept.ClientTaker;
import io.memroute.proxy.client.accept.Entrance;
import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.proxy.client.accept.LastAccepts;
import io.memroute.proxy.client.accept.MovingClient;
import io.memroute.proxy.client.accept.ProxyHeader;
import io.memroute.proxy.log.ConnectionLine;
import io.memroute.proxy.tls.ListenerTls;
import io.memroute.proxy.trust.Passwords;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Accepts clients on any number of addresses and gives each a connection on one of the workers in turn. Thread safe.
 *
 * <p>Longer than 300 lines: how a connection begins, and each of the ways in which it ends with the server or moves to
 * another, have to fit together.
 */
public final class Listeners {

    /** Connections the system may hold until they are accepted; memcached's default. */
    private static final int BACKLOG = 1024;

    /** Receive buffers of a client connection: one small request, a pipelined batch, pieces of a large value. */
    private static final int LEAST_RECEIVE_BYTES = 512;

    private static final int FIRST_RECEIVE_BYTES = 2 << 10;
    private static final int MOST_RECEIVE_BYTES = 256 << 10;

    /** The client of a connection that another process has served so far. */
    private static final AttributeKey<MovingClient> MOVED = AttributeKey.valueOf(Listeners.class, "moved");

    /** Between looks at whether the server is being closed. */
    private static final long LOOK_MILLIS = 50;

    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;
    private final Function<EventLoop, WorkerClients> workerOf;
    private final ByteBufAllocator allocator;
    private final int maxConnections;
    private final int unsentBytes;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final Map<String, AtomicLong> refusedByTag = new ConcurrentHashMap<>();
    private final AcceptPause pause;
    private final ChannelGroup servers = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    /** The process that is given clients when the server ends. */
    private volatile Optional<ClientTaker> taker = Optional.empty();

    private volatile boolean draining;
    private volatile boolean closing;

    /**
     * @param acceptor the event loop that accepts
     * @param workers the event loops that serve
     * @param workerOf finds the clients of a worker by its event loop
     * @param maxConnections one client more is told so and closed
     */
    public Listeners(
            EventLoopGroup acceptor,
            EventLoopGroup workers,
            Function<EventLoop, WorkerClients> workerOf,
            ByteBufAllocator allocator,
            int maxConnections,
            int unsentBytes) {
        this.acceptor = acceptor;
        this.workers = workers;
        this.workerOf = workerOf;
        this.allocator = allocator;
        this.maxConnections = maxConnections;
        this.pause = new AcceptPause(maxConnections);
        this.unsentBytes = unsentBytes;
    }

    /**
     * Listens on one more address. Clients that connect wait until {@link #startAccepting()}.
     *
     * @param entrance the terms for its clients
     * @return the address bound, with the port that the system chose if it was 0
     * @throws Exception the error of the system if it cannot be bound
     */
    public SocketAddress bind(
            Class<? extends ServerChannel> type, SocketAddress address, Entrance entrance, boolean tcp)
            throws Exception {
        // The JDK's UNIX sockets are the only ones that cannot tell the end of input from the end of the connection.
        boolean halfCloses = type != NioServerDomainSocketChannel.class;
        Channel server = bootstrap(entrance, tcp, halfCloses)
                .channel(type)
                .bind(address)
                .sync()
                .channel();
        servers.add(server);
        return server.localAddress();
    }

    /**
     * Goes on with a socket that listens already. Clients that connect wait until {@link #startAccepting()}.
     *
     * @param channel makes the channel of the socket
     * @param address the address of the socket, which not every channel can tell
     * @throws Exception the error of the system if it cannot be used
     */
    public void adopt(
            ChannelFactory<? extends ServerChannel> channel, SocketAddress address, Entrance entrance, boolean tcp)
            throws Exception {
        Channel server = bootstrap(entrance, tcp, true)
                .channelFactory(channel)
                .attr(AcceptPause.ADDRESS, address)
                .register()
                .sync()
                .channel();
        servers.add(server);
    }

    private ServerBootstrap bootstrap(Entrance entrance, boolean tcp, boolean halfCloses) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptor, workers)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.AUTO_READ, false)
                .handler(pause)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(LEAST_RECEIVE_BYTES, FIRST_RECEIVE_BYTES, MOST_RECEIVE_BYTES))
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(unsentBytes / 2, unsentBytes))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel, entrance);
                    }
                });
        if (halfCloses) {
            bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        if (tcp) {
            bootstrap
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        return bootstrap;
    }

    private void accept(Channel channel, Entrance entrance) {
        if (connections.incrementAndGet() > maxConnections) {
            connections.decrementAndGet();
            refused.incrementAndGet();
            refusedByTag
                    .computeIfAbsent(entrance.tagOrEmpty(), added -> new AtomicLong())
                    .incrementAndGet();
            channel.config().setAutoRead(false);
            channel.writeAndFlush(Unpooled.wrappedBuffer(Replies.TOO_MANY_CONNECTIONS))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
        clients.add(channel);
        Optional<MovingClient> moved = Optional.ofNullable(channel.attr(MOVED).getAndSet(null));
        if (moved.isPresent()) {
            moved.get()
                    .address()
                    .ifPresent(told -> channel.attr(ConnectionLine.CLIENT).set(told));
            admit(channel, entrance, moved);
        } else if (entrance.proxied()) {
            ProxyHeader.expect(channel, () -> admit(channel, entrance, moved));
        } else {
            admit(channel, entrance, moved);
        }
    }

    private void admit(Channel channel, Entrance entrance, Optional<MovingClient> moved) {
        WorkerClients worker = workerOf.apply(channel.eventLoop());
        ClientConnection connection = new ClientConnection(worker, entrance);
        moved.ifPresent(connection::goOnWith);
        if (entrance.tls() != ListenerTls.NONE) {
            channel.pipeline().addLast(worker.context().tls().orElseThrow().handler(entrance.tls(), channel.alloc()));
        }
        Optional<Passwords> passwords = worker.context().passwords();
        boolean known = !connection.identity().user().isEmpty();
        if (passwords.isPresent() && !entrance.anonymous() && !known) {
            channel.pipeline().addLast(new ClientLogin(connection, worker, passwords.get()));
        }
        channel.pipeline().addLast(connection);
        if (draining) {
            end(channel, connection);
        }
    }

    /** The sockets that listen at this moment. */
    public Iterable<Channel> listening() {
        return servers;
    }

    /** The clients that are connected at this moment. */
    public Iterable<Channel> connected() {
        return clients;
    }

    /** The number of clients that were told that there are too many. */
    public long refusedConnections() {
        return refused.get();
    }

    /** The same of the listeners with one tag; empty is the tag of those without one. */
    public long refusedConnections(String tag) {
        AtomicLong count = refusedByTag.get(tag);
        return count == null ? 0 : count.get();
    }

    /** The number of times that accepting paused because the system could not give a client a connection. */
    public long acceptPauses() {
        return pause.pauses();
    }

    /** The number of clients that may wait to be accepted, on each address. */
    public int backlog() {
        return BACKLOG;
    }

    /** Begins to accept, on all addresses bound so far. */
    public void startAccepting() {
        servers.forEach(AcceptHold.OWNER::end);
    }

    /**
     * Accepts nobody for a while: clients that connect wait. Returns when those are accepted whom the system had given
     * to this process.
     */
    public void pauseAccepting() {
        servers.forEach(AcceptHold.OWNER::begin);
        new LastAccepts(acceptor.next(), pause::accepted).await();
    }

    /** Accepts no more clients. */
    public void stopAccepting() {
        servers.close().awaitUninterruptibly();
    }

    /** Accepts the clients whom the system has connected so far, and no more. */
    public void finishAccepting() {
        new LastAccepts(acceptor.next(), pause::accepted).await();
        stopAccepting();
    }

    /**
     * Has every client connection end as soon as what the client has sent is answered. No more clients may be accepted.
     *
     * @param successor the process that is given the connections which another process can serve: those without TLS;
     *     empty if there is none
     * @return the number of connections that have not ended within that time; 0 if all are closed before it is over
     */
    public int drain(Duration limit, Optional<ClientTaker> successor) {
        long untilNanos = System.nanoTime() + limit.toNanos();
        taker = successor;
        draining = true;
        awaitAccepted(untilNanos);
        for (Channel channel : clients) {
            if (!channel.eventLoop().isShuttingDown()) {
                channel.eventLoop().execute(() -> drain(channel));
            }
        }
        await(clients.newCloseFuture(), untilNanos);
        return closing ? 0 : clients.size();
    }

    private void drain(Channel channel) {
        ClientConnection connection = channel.pipeline().get(ClientConnection.class);
        if (connection != null) {
            end(channel, connection);
        } else if (taker.isEmpty() && channel.pipeline().get(ProxyHeader.class) != null) {
            channel.close();
        }
    }

    private void end(Channel channel, ClientConnection connection) {
        if (taker.isPresent() && channel.pipeline().get(SslHandler.class) == null) {
            connection.pass(taker.get());
        } else {
            connection.drain();
        }
    }

    /**
     * Serves a client whom another process has served so far, on the terms of the listener that it came to.
     *
     * @param channel of the client: connected, and registered nowhere
     * @param local the address of this end, by which the listener is found
     * @return whether there is such a listener
     */
    public boolean take(Channel channel, MovingClient client, SocketAddress local) {
        channel.attr(MOVED).set(client);
        return take(channel, at -> GivenSocket.serves(at, local))
                || take(channel, at -> GivenSocket.servesAnyWith(at, local));
    }

    private boolean take(Channel client, Predicate<SocketAddress> isOfClient) {
        for (Channel server : servers) {
            if (isOfClient.test(AcceptPause.address(server))) {
                server.eventLoop().execute(() -> server.pipeline().fireChannelRead(client));
                return true;
            }
        }
        return false;
    }

    /** Waits until workers have begun to serve the clients given to them, unless the server is being closed. */
    private void awaitAccepted(long untilNanos) {
        for (EventExecutor worker : workers) {
            try {
                await(worker.submit(() -> {}), untilNanos);
            } catch (RejectedExecutionException closed) {
                return;
            }
        }
    }

    /** Waits in steps: a worker that has ended tells nobody any more what has become of its connections. */
    private void await(Future<?> future, long untilNanos) {
        while (!closing && System.nanoTime() - untilNanos < 0 && !future.awaitUninterruptibly(LOOK_MILLIS)) {}
    }

    /** Closes every client connection. */
    public void closeClients() {
        closing = true;
        clients.close().awaitUninterruptibly();
    }
}
