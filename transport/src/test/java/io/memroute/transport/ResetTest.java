package io.memroute.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.memroute.transport.kernel.UringFootprint;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** A reset is noticed at once whatever the connection is doing, and releases everything. */
@EnabledIf("io.memroute.transport.Uring#isAvailable")
class ResetTest {

    private final Connections connections = new Connections(Connections.Family.IPV4);
    /** The one connection of most tests, at both ends. */
    private SocketChannel client;

    private Recorder server;

    private void connectOne() {
        connections.listen(false);
        client = connections.connect();
        server = connections.accepted();
    }

    @Test
    void beforeAnyData() throws IOException {
        try (connections) {
            connectOne();
            Connections.reset(client);
            assertReset(server);
        }
    }

    @Test
    void afterData() throws IOException {
        try (connections) {
            connectOne();
            Connections.send(client, "half a li");
            server.awaitText("half a li");
            Connections.reset(client);
            assertReset(server);
        }
    }

    @Test
    void rightBehindData() throws IOException {
        try (connections) {
            connections.listen(false);
            for (int i = 0; i < 300; i++) {
                SocketChannel client = connections.connect();
                Connections.send(client, "half a li");
                Connections.reset(client);
                connections.accepted().await("inactive");
            }
            assertOnlyTheListenerIsLeft();
        }
    }

    @Test
    void whileReadingIsPaused() throws IOException {
        try (connections) {
            connectOne();
            server.channel.config().setAutoRead(false);
            server.settle();
            Connections.reset(client);
            assertReset(server);
        }
    }

    @Test
    void whileReadingIsPausedAndDataWaits() throws IOException {
        try (connections) {
            connectOne();
            server.channel.config().setAutoRead(false);
            server.settle();
            Connections.send(client, "nobody reads this");
            Connections.reset(client);
            assertReset(server);
            assertThat(server.text()).isEmpty();
        }
    }

    @Test
    void ofAConnectionThatNeverRead() throws IOException {
        try (connections) {
            connections.listen(
                    () -> new Recorder(false), bootstrap -> bootstrap.childOption(ChannelOption.AUTO_READ, false));
            SocketChannel client = connections.connect();
            Recorder server = connections.accepted();
            Connections.send(client, "nobody reads this");
            Connections.reset(client);
            assertReset(server);
        }
    }

    @Test
    void whileSendingIsBlocked() throws IOException {
        try (connections) {
            connectOne();
            List<ChannelFuture> writes = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                writes.add(server.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20])));
            }
            server.await("unwritable");
            Connections.reset(client);
            server.await("inactive");
            assertThat(writes.getLast().awaitUninterruptibly().cause()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whileSendingIsBlockedAndReadingIsPaused() throws IOException {
        try (connections) {
            connectOne();
            server.channel.config().setAutoRead(false);
            server.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[40 << 20]));
            server.await("unwritable");
            Connections.send(client, "nobody reads this");
            Connections.reset(client);
            server.await("inactive");
        }
    }

    @Test
    void afterTheClientHasShutItsOutput() throws IOException {
        try (connections) {
            connectOne();
            client.shutdownOutput();
            server.await("all read");
            Connections.reset(client);
            assertReset(server);
        }
    }

    @Test
    void ofAClientThatLeavesRepliesUnread() throws IOException {
        try (connections) {
            connections.listen(true);
            SocketChannel client = connections.connect();
            Recorder server = connections.accepted();
            Connections.send(client, "request");
            ByteBuffer one = ByteBuffer.allocate(1);
            client.read(one);
            // The system resets a connection that is closed with something unread.
            client.close();
            server.await("inactive");
        }
    }

    @Test
    void byAServerInTheMiddleOfAReply() throws IOException {
        try (connections;
                ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Recorder client = new Recorder(false);
            Channel channel = connections.connect(
                    new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()), client);
            try (Socket server = listener.accept()) {
                channel.writeAndFlush(Unpooled.copiedBuffer("get k\r\n", StandardCharsets.US_ASCII))
                        .syncUninterruptibly();
                server.getOutputStream().write("VALUE k 0 100\r\nabc".getBytes(StandardCharsets.US_ASCII));
                client.awaitText("VALUE k 0 100\r\nabc");
                server.setSoLinger(true, 0);
            }
            assertReset(client);
        }
    }

    /** Thousands of connections that end in every way at every moment, in an order by chance. */
    @Test
    void nothingIsLeftOfManyThatEndInEveryWay() throws IOException {
        Random random = new Random(7);
        try (connections) {
            connections.listen(true);
            List<Recorder> servers = new ArrayList<>();
            for (int round = 0; round < 1500; round++) {
                SocketChannel client = connections.connect();
                Recorder server = random.nextInt(3) == 0 ? null : connections.accepted();
                if (server != null && random.nextInt(3) == 0) {
                    server.channel.config().setAutoRead(false);
                }
                for (int i = random.nextInt(4); i > 0; i--) {
                    Connections.send(client, "x".repeat(random.nextInt(5000)));
                }
                if (server != null && random.nextInt(3) == 0) {
                    server.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[random.nextInt(1 << 21)]));
                }
                if (random.nextInt(4) == 0) {
                    client.shutdownOutput();
                }
                if (server != null && random.nextInt(4) == 0) {
                    server.channel.config().setAutoRead(true);
                }
                if (random.nextBoolean()) {
                    Connections.reset(client);
                } else {
                    client.close();
                }
                servers.add(server == null ? connections.accepted() : server);
                if (random.nextInt(5) == 0) {
                    servers.getLast().channel.close();
                }
            }
            for (Recorder server : servers) {
                // One that is paused is not told of the end before it reads on; its user must look.
                server.channel.config().setAutoRead(true);
                if (!server.events.contains("inactive")) {
                    server.channel.eventLoop().execute(() -> {
                        if (server.events.contains("all read")) {
                            server.channel.close();
                        }
                    });
                }
            }
            Deadline.await(
                    "all to be inactive",
                    Deadline.USUAL,
                    () -> {
                        servers.stream()
                                .filter(server -> server.events.contains("all read"))
                                .forEach(s -> s.channel.close());
                        return servers.stream().allMatch(server -> server.events.contains("inactive"));
                    },
                    () -> servers.stream()
                            .filter(server -> !server.events.contains("inactive"))
                            .findFirst()
                            .map(server -> server.events + " " + server.channel)
                            .orElse(""));
            assertOnlyTheListenerIsLeft();
        }
    }

    private static void assertOnlyTheListenerIsLeft() {
        Deadline.await(
                "all sockets but one to be closed", () -> UringFootprint.now().sockets() == 1);
    }

    private static void assertReset(Recorder end) {
        end.await("inactive");
        // The second is what the system says of a reset that comes after a FIN.
        assertThat(end.failure.getMessage()).containsAnyOf("Connection reset by peer", "Broken pipe");
        assertThat(end.channel.isOpen()).isFalse();
    }
}
