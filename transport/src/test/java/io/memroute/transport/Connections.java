package io.memroute.transport;

import io.memroute.testkit.Deadline;
import io.memroute.transport.kernel.UringFootprint;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** An event loop group, a listening channel of this transport, and the JDK's sockets as its clients. */
final class Connections implements AutoCloseable {

    /** What connections go over. */
    enum Family {
        IPV4,
        IPV6,
        UNIX
    }

    final MultiThreadIoEventLoopGroup group;
    final Family family;
    private final Path directory;
    private final BlockingQueue<Recorder> accepted = new LinkedBlockingQueue<>();
    Channel server;

    Connections(Family family) {
        this(family, UringOptions.DEFAULT);
    }

    Connections(Family family, UringOptions options) {
        this.family = family;
        group = new MultiThreadIoEventLoopGroup(1, UringIoHandler.newFactory(options));
        try {
            directory = Files.createTempDirectory("uring");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SocketAddress address() {
        try {
            return switch (family) {
                case IPV4 -> new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
                case IPV6 -> new InetSocketAddress(InetAddress.getByName("::1"), 0);
                case UNIX -> UnixDomainSocketAddress.of(directory.resolve("s"));
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listens; each accepted connection gets a recorder. */
    Connections listen(Supplier<Recorder> recorder, Consumer<ServerBootstrap> options) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(family == Family.UNIX ? UringServerUnixSocketChannel.class : UringServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Recorder added = recorder.get();
                        channel.pipeline().addLast(added);
                        added.channel = channel;
                        accepted.add(added);
                    }
                });
        options.accept(bootstrap);
        server = bootstrap.bind(address()).syncUninterruptibly().channel();
        return this;
    }

    Connections listen(boolean echo) {
        return listen(
                () -> new Recorder(echo), bootstrap -> bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true));
    }

    /** The next connection that was accepted. */
    Recorder accepted() {
        try {
            Recorder next = accepted.poll(Deadline.USUAL.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new AssertionError("nothing was accepted");
            }
            next.await("active");
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Connects with the JDK's socket. */
    SocketChannel connect() {
        try {
            SocketChannel client =
                    family == Family.UNIX ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
            client.connect(server.localAddress());
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects with a channel of this transport. */
    Channel connect(SocketAddress to, ChannelHandler handler) {
        return bootstrap(handler).connect(to).syncUninterruptibly().channel();
    }

    Bootstrap bootstrap(ChannelHandler handler) {
        return new Bootstrap()
                .group(group)
                .channel(family == Family.UNIX ? UringUnixSocketChannel.class : UringSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(handler);
    }

    static void send(SocketChannel client, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    /** What a client gets until the other end shuts its output. */
    static String receiveAll(SocketChannel client) throws IOException {
        ByteBuffer received = ByteBuffer.allocate(1 << 16);
        while (client.read(received) >= 0) {
            Thread.onSpinWait();
        }
        return new String(received.array(), 0, received.position(), StandardCharsets.US_ASCII);
    }

    /** Closes a client such that the other end gets a reset. */
    static void reset(SocketChannel client) throws IOException {
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        client.close();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        try {
            Files.deleteIfExists(directory.resolve("s"));
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        UringFootprint left = UringFootprint.now();
        if (!left.equals(new UringFootprint(0, 0, 0, 0))) {
            throw new AssertionError("left behind: " + left);
        }
    }
}
