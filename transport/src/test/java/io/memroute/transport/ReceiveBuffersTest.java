package io.memroute.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.memroute.transport.kernel.UringFootprint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Receive buffers: few suffice for many connections, and one that is kept is nobody else's. */
@EnabledIf("io.memroute.transport.Uring#isAvailable")
class ReceiveBuffersTest {

    private static UringOptions options(int smallMost, int largeMost) {
        return new UringOptions(
                8,
                16,
                new UringOptions.Buffers(256, 1, smallMost),
                new UringOptions.Buffers(4096, 1, largeMost),
                PooledByteBufAllocator.DEFAULT);
    }

    /** Queues that overflow and groups that are empty, all the time. */
    @Test
    void aTinyRingServesManyBusyConnections() throws Exception {
        try (Connections connections = new Connections(Connections.Family.IPV4, options(4, 2)).listen(true)) {
            List<SocketChannel> clients = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                clients.add(connections.connect());
            }
            byte[] sent = new byte[20_000];
            new Random(3).nextBytes(sent);
            for (int round = 0; round < 3; round++) {
                for (SocketChannel client : clients) {
                    ByteBuffer source = ByteBuffer.wrap(sent);
                    while (source.hasRemaining()) {
                        client.write(source);
                    }
                }
                for (SocketChannel client : clients) {
                    ByteBuffer received = ByteBuffer.allocate(sent.length);
                    while (received.hasRemaining() && client.read(received) >= 0) {
                        Thread.onSpinWait();
                    }
                    assertThat(received.array()).isEqualTo(sent);
                }
            }
            assertThat(UringFootprint.now().receiveBufferBytes()).isLessThanOrEqualTo(4 * 256 + 2 * 4096);
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aBufferThatIsKeptKeepsItsBytes() throws IOException {
        List<ByteBuf> kept = new CopyOnWriteArrayList<>();
        try (Connections connections = new Connections(Connections.Family.IPV4, options(4, 2));
                Closer ignored = () -> kept.forEach(ByteBuf::release)) {
            connections.listen(
                    () -> new Recorder(false) {
                        @Override
                        public void channelRead(ChannelHandlerContext context, Object message) {
                            kept.add(((ByteBuf) message).retain());
                            super.channelRead(context, message);
                        }
                    },
                    bootstrap -> {});
            try (SocketChannel client = connections.connect()) {
                Recorder server = connections.accepted();
                byte[] sent = new byte[50_000];
                new Random(4).nextBytes(sent);
                ByteBuffer source = ByteBuffer.wrap(sent);
                while (source.hasRemaining()) {
                    client.write(source);
                }
                Deadline.await("all bytes", () -> server.read().length == sent.length);
                ByteBuffer joined = ByteBuffer.allocate(sent.length);
                kept.forEach(buffer -> joined.put(buffer.nioBuffer()));
                assertThat(joined.array()).isEqualTo(sent);
            }
        }
    }

    @FunctionalInterface
    private interface Closer extends AutoCloseable {
        @Override
        void close();
    }

    @Test
    void aConnectionChangesToLargeBuffersAndBack() throws IOException {
        List<Integer> capacities = new CopyOnWriteArrayList<>();
        try (Connections connections = new Connections(Connections.Family.IPV4)) {
            connections.listen(
                    () -> new Recorder(false) {
                        @Override
                        public void channelRead(ChannelHandlerContext context, Object message) {
                            capacities.add(((ByteBuf) message).capacity());
                            super.channelRead(context, message);
                        }
                    },
                    bootstrap -> {});
            try (SocketChannel client = connections.connect()) {
                Recorder server = connections.accepted();
                long total = 0;
                for (int i = 0; i < 40; i++) {
                    total += client.write(ByteBuffer.allocate(100_000));
                }
                long all = total;
                Deadline.await("all bytes", () -> server.read().length == all);
                assertThat(capacities.getFirst())
                        .isEqualTo(UringOptions.DEFAULT.small().bytes());
                assertThat(capacities.getLast())
                        .isEqualTo(UringOptions.DEFAULT.large().bytes());
                for (int i = 1; i <= 100; i++) {
                    client.write(ByteBuffer.allocate(1));
                    long expected = all + i;
                    Deadline.await("a byte", () -> server.read().length == expected);
                }
                assertThat(capacities.getLast())
                        .isEqualTo(UringOptions.DEFAULT.small().bytes());
            }
        }
    }
}
