package io.memroute.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a channel is told of the other end's FIN, and that pausing pauses. */
@EnabledIf("io.memroute.transport.Uring#isAvailable")
class HalfCloseTest {

    @ParameterizedTest
    @EnumSource
    void aHalfClosedConnectionStillSends(Connections.Family family) throws IOException {
        try (Connections connections = new Connections(family).listen(false);
                SocketChannel client = connections.connect()) {
            Recorder server = connections.accepted();
            Connections.send(client, "last words");
            client.shutdownOutput();
            server.await("all read");
            assertThat(server.text()).isEqualTo("last words");
            assertThat(server.events).containsExactly("active", "input shut", "all read");
            assertThat(((UringStreamChannel) server.channel).isInputShutdown()).isTrue();
            server.channel
                    .writeAndFlush(Unpooled.copiedBuffer("answer", StandardCharsets.US_ASCII))
                    .syncUninterruptibly();
            server.channel.close();
            assertThat(Connections.receiveAll(client)).isEqualTo("answer");
            server.await("inactive");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSlowReaderThatHasShutItsOutputGetsEverythingAndCostsNoCpu(Connections.Family family) throws Exception {
        try (Connections connections = new Connections(family).listen(false);
                SocketChannel client = connections.connect()) {
            Recorder server = connections.accepted();
            client.shutdownOutput();
            server.await("all read");
            server.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[30 << 20]));
            server.await("unwritable");
            long before = cpuMillis(server.channel);
            server.channel
                    .eventLoop()
                    .schedule(() -> {}, 300, java.util.concurrent.TimeUnit.MILLISECONDS)
                    .get();
            assertThat(cpuMillis(server.channel) - before).isLessThan(100);
            ByteBuffer received = ByteBuffer.allocate(30 << 20);
            while (received.hasRemaining() && client.read(received) >= 0) {
                Thread.onSpinWait();
            }
            assertThat(received.hasRemaining()).isFalse();
            server.await("writable");
        }
    }

    private static long cpuMillis(Channel channel) throws Exception {
        return channel.eventLoop()
                        .submit(() -> java.lang.management.ManagementFactory.getThreadMXBean()
                                .getCurrentThreadCpuTime())
                        .get()
                / 1_000_000;
    }

    @ParameterizedTest
    @EnumSource
    void withoutHalfClosureTheChannelCloses(Connections.Family family) throws IOException {
        try (Connections connections = new Connections(family).listen(() -> new Recorder(false), bootstrap -> {});
                SocketChannel client = connections.connect()) {
            Recorder server = connections.accepted();
            Connections.send(client, "last words");
            client.shutdownOutput();
            server.await("inactive");
            assertThat(server.text()).isEqualTo("last words");
            assertThat(server.events).containsExactly("active", "inactive");
            assertThat(Connections.receiveAll(client)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPausedChannelReadsNothingAndLosesNothing(Connections.Family family) throws IOException {
        try (Connections connections = new Connections(family).listen(false);
                SocketChannel client = connections.connect()) {
            Recorder server = connections.accepted();
            StringBuilder sent = new StringBuilder();
            for (int round = 0; round < 50; round++) {
                server.channel.config().setAutoRead(false);
                server.settle();
                String before = server.text();
                String text = "round " + round + " " + "x".repeat(round * 100) + "\n";
                Connections.send(client, text);
                sent.append(text);
                server.settle();
                assertThat(server.text()).isEqualTo(before);
                server.channel.config().setAutoRead(true);
                if (round % 3 == 0) {
                    server.awaitText(sent.toString());
                }
            }
            server.awaitText(sent.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPausedChannelIsToldOfTheEndWhenItReadsOn(Connections.Family family) throws IOException {
        try (Connections connections = new Connections(family).listen(false);
                SocketChannel client = connections.connect()) {
            Recorder server = connections.accepted();
            server.channel.config().setAutoRead(false);
            server.settle();
            Connections.send(client, "last words");
            client.shutdownOutput();
            server.settle();
            assertThat(server.text()).isEmpty();
            assertThat(server.events).containsExactly("active");
            server.channel.config().setAutoRead(true);
            server.await("all read");
            assertThat(server.text()).isEqualTo("last words");
        }
    }

    /** The receive under way may bring it before it is cancelled. */
    @ParameterizedTest
    @EnumSource
    void anEndThatComesWhileReadingPausesIsToldWhenTheInputSettles(Connections.Family family) throws Exception {
        for (int round = 0; round < 20; round++) {
            try (Connections connections = new Connections(family).listen(false);
                    SocketChannel client = connections.connect()) {
                Recorder server = connections.accepted();
                EventLoop loop = server.channel.eventLoop();
                loop.submit(() -> {
                            server.channel.config().setAutoRead(false);
                            return client.shutdownOutput();
                        })
                        .get();
                UringStreamChannel channel = (UringStreamChannel) server.channel;
                Deadline.await(
                        "the end, or that it stays in the socket",
                        () -> loop.submit(channel::settleInput)
                                        .syncUninterruptibly()
                                        .getNow()
                                || server.events.contains("input shut"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachReadAskedForBringsOnePiece(Connections.Family family) throws IOException {
        try (Connections connections = new Connections(family)
                        .listen(
                                () -> new Recorder(false),
                                bootstrap -> bootstrap
                                        .childOption(io.netty.channel.ChannelOption.AUTO_READ, false)
                                        .childOption(io.netty.channel.ChannelOption.ALLOW_HALF_CLOSURE, true));
                SocketChannel client = connections.connect()) {
            Recorder server = connections.accepted();
            String text = "y".repeat(20_000);
            Connections.send(client, text);
            client.shutdownOutput();
            int before = 0;
            while (server.text().length() < text.length()) {
                server.channel.read();
                int at = before;
                io.memroute.testkit.Deadline.await(
                        "a piece", () -> server.text().length() > at);
                server.settle();
                before = server.text().length();
                server.settle();
                assertThat(server.text()).hasSize(before);
                assertThat(server.events).containsExactly("active");
            }
            server.channel.read();
            server.await("all read");
        }
    }
}
