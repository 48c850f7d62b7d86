package io.memroute.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.memroute.transport.kernel.UringFootprint;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Connections by the thousand leave nothing behind: no descriptor, no slot, no native memory. How many is the system
 * property {@code transport.connections}; 100,000 take a minute.
 */
@EnabledIf("io.memroute.transport.Uring#isAvailable")
class ManyConnectionsTest {

    private static final int CONNECTIONS = Integer.getInteger("transport.connections", 3000);

    @Test
    void leaveNothingBehind() throws IOException {
        try (Connections connections = new Connections(Connections.Family.IPV4).listen(true)) {
            run(connections, 500);
            UringFootprint before = UringFootprint.now();
            long memoryBefore = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
            long descriptorsBefore = descriptors();
            run(connections, CONNECTIONS);
            Deadline.await(
                    "the last sockets to be closed",
                    Deadline.USUAL,
                    () -> UringFootprint.now().equals(before),
                    () -> UringFootprint.now().toString());
            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
                    .isEqualTo(memoryBefore);
            Deadline.await("the descriptors to be closed", () -> descriptors() <= descriptorsBefore);
        }
    }

    private static void run(Connections connections, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(3000);
        for (int i = 0; i < count; i++) {
            SocketChannel client = connections.connect();
            int length = i % 3 == 0 ? 10 : 2500;
            client.write(bytes.clear().limit(length));
            if (i % 4 == 0) {
                Connections.reset(client);
            } else {
                bytes.clear().limit(length);
                while (bytes.hasRemaining() && client.read(bytes) >= 0) {
                    Thread.onSpinWait();
                }
                if (i % 4 == 1) {
                    client.shutdownOutput();
                    Recorder server = connections.accepted();
                    server.await("all read");
                    server.channel.close();
                    client.close();
                    continue;
                }
                client.close();
            }
            Recorder server = connections.accepted();
            if (i % 4 != 0) {
                server.await("all read");
                server.channel.close();
            }
            server.await("inactive");
        }
    }

    private static long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
