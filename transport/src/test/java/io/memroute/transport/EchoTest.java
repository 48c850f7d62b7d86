package io.memroute.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes arrive as they were sent, in every size and shape, over every kind of socket. */
@EnabledIf("io.memroute.transport.Uring#isAvailable")
class EchoTest {

    /**
     * A large flush calls the kernel by itself and takes what has completed for others, too. A loop that then waited
     * would wake a second later, so often that the deadline passes.
     */
    @Test
    void whatALargeFlushFindsReceivedIsSeenToBeforeTheLoopWaits() throws IOException {
        int rounds = 2 * (int) Deadline.USUAL.toSeconds();
        try (Connections connections = new Connections(Connections.Family.IPV4).listen(false);
                SocketChannel flushed = connections.connect()) {
            Channel flushing = connections.accepted().channel;
            try (SocketChannel other = connections.connect()) {
                Recorder receiving = connections.accepted();
                Runnable round = () -> {
                    try {
                        other.write(ByteBuffer.wrap(new byte[] {'x'}));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    ByteBuf large = flushing.alloc().directBuffer().writeZero(20 << 10);
                    flushing.writeAndFlush(large, flushing.voidPromise());
                };
                receiving.afterRead = read -> {
                    if (read < rounds) {
                        flushing.eventLoop().execute(round);
                    }
                };
                flushing.eventLoop().execute(round);
                receiving.awaitText("x".repeat(rounds));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void comesBackInEverySize(Connections.Family family) throws IOException {
        Random random = new Random(1);
        try (Connections connections = new Connections(family).listen(true);
                SocketChannel client = connections.connect()) {
            for (int size : new int[] {1, 2, 100, 2047, 2048, 2049, 10_000, 65_536, 65_537, 1_000_000, 1, 3_000_000}) {
                byte[] sent = new byte[size];
                random.nextBytes(sent);
                assertThat(exchange(client, sent)).as("%d bytes", size).isEqualTo(sent);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void betweenTwoChannelsOfThisTransport(Connections.Family family) {
        try (Connections connections = new Connections(family).listen(true)) {
            Recorder client = new Recorder(false);
            Channel channel = connections.connect(connections.server.localAddress(), client);
            assertThat(channel.remoteAddress()).isEqualTo(connections.server.localAddress());
            if (family != Connections.Family.UNIX) {
                assertThat(connections.accepted().channel.remoteAddress()).isEqualTo(channel.localAddress());
            }
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 1000; i++) {
                channel.writeAndFlush(Unpooled.copiedBuffer("line " + i + "\n", StandardCharsets.US_ASCII));
                expected.append("line ").append(i).append('\n');
            }
            client.awaitText(expected.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void buffersOfEveryKindAreSentInTheirOrder(Connections.Family family) throws IOException {
        try (Connections connections = new Connections(family).listen(false);
                SocketChannel client = connections.connect()) {
            Channel channel = connections.accepted().channel;
            StringBuilder expected = new StringBuilder();
            List<ChannelFuture> writes = new ArrayList<>();
            for (int i = 0; i < 700; i++) {
                String text = "message " + i + ";";
                byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
                ByteBuf buffer = switch (i % 6) {
                    case 0 -> Unpooled.wrappedBuffer(bytes);
                    case 1 -> channel.alloc().directBuffer().writeBytes(bytes);
                    case 2 -> Unpooled.EMPTY_BUFFER;
                    case 3 ->
                        channel.alloc()
                                .compositeDirectBuffer()
                                .addComponent(
                                        true, channel.alloc().directBuffer().writeBytes(bytes, 0, 4))
                                .addComponent(
                                        true, channel.alloc().directBuffer().writeBytes(bytes, 4, bytes.length - 4));
                    case 4 -> channel.alloc().directBuffer().writeBytes(bytes).asReadOnly();
                    default ->
                        Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(bytes.length)
                                .put(bytes)
                                .flip());
                };
                if (i % 6 != 2) {
                    expected.append(text);
                }
                writes.add(channel.write(buffer));
                if (i % 100 == 99) {
                    channel.flush();
                }
            }
            channel.flush();
            assertThat(receive(client, expected.length())).isEqualTo(expected.toString());
            writes.forEach(ChannelFuture::syncUninterruptibly);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSlowReaderMakesTheChannelUnwritableAndGetsEverything(Connections.Family family) throws IOException {
        try (Connections connections = new Connections(family)
                        .listen(
                                () -> new Recorder(false),
                                bootstrap -> bootstrap.childOption(
                                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                                        new WriteBufferWaterMark(64 << 10, 128 << 10)));
                SocketChannel client = connections.connect()) {
            Recorder writer = connections.accepted();
            byte[] sent = new byte[24 << 20];
            new Random(2).nextBytes(sent);
            int piece = 100_000;
            List<ChannelFuture> writes = new ArrayList<>();
            for (int at = 0; at < sent.length; at += piece) {
                writes.add(writer.channel.writeAndFlush(
                        Unpooled.wrappedBuffer(Arrays.copyOfRange(sent, at, Math.min(sent.length, at + piece)))));
            }
            writer.await("unwritable");
            ByteBuffer received = ByteBuffer.allocate(sent.length);
            while (received.hasRemaining() && client.read(received) >= 0) {
                Thread.onSpinWait();
            }
            assertThat(Arrays.equals(received.array(), sent)).isTrue();
            writes.forEach(ChannelFuture::syncUninterruptibly);
            Deadline.await("writability", writer.channel::isWritable);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsFlushedBeforeClosingArrives(Connections.Family family) throws IOException {
        try (Connections connections = new Connections(family).listen(false)) {
            for (int i = 0; i < 100; i++) {
                try (SocketChannel client = connections.connect()) {
                    Channel channel = connections.accepted().channel;
                    channel.eventLoop().execute(() -> {
                        channel.writeAndFlush(Unpooled.copiedBuffer("farewell", StandardCharsets.US_ASCII));
                        channel.close();
                    });
                    assertThat(Connections.receiveAll(client)).isEqualTo("farewell");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsFlushedBeforeTheOutputIsShutArrives(Connections.Family family) throws IOException {
        try (Connections connections = new Connections(family).listen(false);
                SocketChannel client = connections.connect()) {
            Recorder recorder = connections.accepted();
            UringStreamChannel channel = (UringStreamChannel) recorder.channel;
            channel.eventLoop().execute(() -> {
                channel.writeAndFlush(Unpooled.copiedBuffer("farewell", StandardCharsets.US_ASCII));
                channel.shutdownOutput();
            });
            assertThat(Connections.receiveAll(client)).isEqualTo("farewell");
            assertThat(channel.isOutputShutdown()).isTrue();
            // The other way is still open.
            client.write(ByteBuffer.wrap("reply".getBytes(StandardCharsets.US_ASCII)));
            recorder.awaitText("reply");
        }
    }

    /** A listener runs while what was sent with its message is being taken from the outbound buffer. */
    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 20_000, 300_000})
    void whatAWriteListenerFlushesIsSentOnceAndInOrder(int size) throws IOException {
        try (Connections connections = new Connections(Connections.Family.IPV4).listen(false);
                SocketChannel client = connections.connect()) {
            Channel channel = connections.accepted().channel;
            StringBuilder expected = new StringBuilder();
            channel.eventLoop().execute(() -> {
                for (char letter = 'a'; letter <= 'h'; letter++) {
                    char capital = Character.toUpperCase(letter);
                    channel.write(text(letter, size)).addListener(sent -> channel.writeAndFlush(text(capital, size)));
                }
                channel.flush();
            });
            for (char letter = 'a'; letter <= 'h'; letter++) {
                expected.append(String.valueOf(letter).repeat(size));
            }
            assertThat(receive(client, 8 * size)).isEqualTo(expected.toString());
            assertThat(receive(client, 8 * size)).isEqualTo(expected.toString().toUpperCase(Locale.ROOT));
            channel.close().syncUninterruptibly();
            assertThat(Connections.receiveAll(client)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 20_000})
    void aWriteListenerThatClosesHasNothingSentTwice(int size) throws IOException {
        try (Connections connections = new Connections(Connections.Family.IPV4).listen(false);
                SocketChannel client = connections.connect()) {
            Channel channel = connections.accepted().channel;
            channel.eventLoop().execute(() -> {
                channel.write(text('a', size)).addListener(sent -> {
                    channel.writeAndFlush(text('c', size));
                    channel.close();
                });
                channel.writeAndFlush(text('b', size));
            });
            // What a listener flushes before it closes may be lost, as with every transport.
            assertThat(Connections.receiveAll(client))
                    .isIn("a".repeat(size) + "b".repeat(size), "a".repeat(size) + "b".repeat(size) + "c".repeat(size));
        }
    }

    private static ByteBuf text(char letter, int size) {
        return Unpooled.copiedBuffer(String.valueOf(letter).repeat(size), StandardCharsets.US_ASCII);
    }

    private static byte[] exchange(SocketChannel client, byte[] sent) throws IOException {
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                ByteBuffer source = ByteBuffer.wrap(sent);
                while (source.hasRemaining()) {
                    client.write(source);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        ByteBuffer received = ByteBuffer.allocate(sent.length);
        while (received.hasRemaining() && client.read(received) >= 0) {
            Thread.onSpinWait();
        }
        try {
            writer.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return received.array();
    }

    private static String receive(SocketChannel client, int length) throws IOException {
        ByteBuffer received = ByteBuffer.allocate(length);
        while (received.hasRemaining() && client.read(received) >= 0) {
            Thread.onSpinWait();
        }
        return new String(received.array(), StandardCharsets.US_ASCII);
    }
}
