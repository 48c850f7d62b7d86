package io.memroute.bench.forwarder;

import io.memroute.transport.UringIoHandler;
import io.memroute.transport.UringServerSocketChannel;
import io.memroute.transport.UringSocketChannel;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Listens on a loopback port and forwards to a backend on another, one event loop for everything.
 *
 * <p>{@code java -cp bench/target/benchmarks.jar io.memroute.bench.forwarder.BareForwarder LISTEN_PORT BACKEND_PORT
 * [io_uring|epoll|nio]}; the listening port may be 0, and the line it prints when it is ready names the actual one.
 */
public final class BareForwarder implements AutoCloseable {

    private final EventLoopGroup loop;
    private final Channel backend;
    private final Channel listener;

    private BareForwarder(EventLoopGroup loop, Channel backend, Channel listener) {
        this.loop = loop;
        this.backend = backend;
        this.listener = listener;
    }

    /** Connects to the backend, then listens. */
    static BareForwarder start(int listenPort, int backendPort, Sockets sockets) {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, sockets.handler());
        BackendHandler replies = new BackendHandler();
        Channel backend = new Bootstrap()
                .group(loop)
                .channel(sockets.client())
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(replies)
                .connect("127.0.0.1", backendPort)
                .syncUninterruptibly()
                .channel();
        Channel listener = new ServerBootstrap()
                .group(loop)
                .channel(sockets.server())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline().addLast(new ClientHandler(replies));
                    }
                })
                .bind("127.0.0.1", listenPort)
                .syncUninterruptibly()
                .channel();
        return new BareForwarder(loop, backend, listener);
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Forwards until the process is ended or the backend closes the connection. */
    public static void main(String[] arguments) {
        if (arguments.length < 2 || arguments.length > 3) {
            System.err.println("usage: BareForwarder LISTEN_PORT BACKEND_PORT [io_uring|epoll|nio]");
            System.exit(2);
        }
        Sockets sockets = Sockets.valueOf(arguments.length == 3 ? arguments[2].toUpperCase(Locale.ROOT) : "IO_URING");
        BareForwarder forwarder = start(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), sockets);
        System.out.println("forwarding 127.0.0.1:" + forwarder.port() + " to 127.0.0.1:" + arguments[1] + " on "
                + sockets.name().toLowerCase(Locale.ROOT));
        forwarder.backend.closeFuture().syncUninterruptibly();
        System.err.println("the backend closed the connection");
        System.exit(1);
    }

    /** Ways to drive sockets: memroute's own transport over io_uring, and two of Netty's. */
    enum Sockets {
        IO_URING,
        EPOLL,
        NIO;

        private IoHandlerFactory handler() {
            return switch (this) {
                case IO_URING -> UringIoHandler.newFactory();
                case EPOLL -> EpollIoHandler.newFactory();
                case NIO -> NioIoHandler.newFactory();
            };
        }

        private Class<? extends Channel> client() {
            return switch (this) {
                case IO_URING -> UringSocketChannel.class;
                case EPOLL -> EpollSocketChannel.class;
                case NIO -> NioSocketChannel.class;
            };
        }

        private Class<? extends ServerChannel> server() {
            return switch (this) {
                case IO_URING -> UringServerSocketChannel.class;
                case EPOLL -> EpollServerSocketChannel.class;
                case NIO -> NioServerSocketChannel.class;
            };
        }
    }
}
