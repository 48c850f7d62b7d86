package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.memroute.proxy.Transport;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.netty.util.ResourceLeakDetector;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** In the steady state a worker allocates nothing for a request; what its thread allocates says so. */
class AllocationTest {

    /** What is left for loop iterations, timers and the transport itself, per request. */
    private static final double MOST_BYTES_PER_REQUEST = 16;

    private static final String VALUE = "v".repeat(100);

    private static final int OUTSTANDING = 32;

    private static final int CLIENTS = 50;

    /** Allocations are counted over so many requests at a time. */
    private static final int WINDOW_REQUESTS = 50_000;

    /** By then pools are full, classes are loaded, and the compiler has removed what it can. */
    private static final int MOST_WINDOWS = 16;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final ResourceLeakDetector.Level LEVEL_BEFORE = ResourceLeakDetector.getLevel();

    /** It records where one buffer in a hundred was allocated, more than all else together; servers run without it. */
    @BeforeAll
    static void stopTheLeakDetector() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterAll
    static void restoreTheLeakDetector() {
        ResourceLeakDetector.setLevel(LEVEL_BEFORE);
    }

    static Stream<Arguments> requestsOnEveryTransport() {
        return Transport.allAvailable().stream().flatMap(transport -> Stream.of(
                Arguments.of(transport, "get key\r\n", "VALUE key 0 100\r\n" + VALUE + "\r\nEND\r\n"),
                Arguments.of(transport, "get missing\r\n", "END\r\n"),
                Arguments.of(transport, "mg key v\r\n", "VA 100\r\n" + VALUE + "\r\n"),
                Arguments.of(transport, "set key 0 0 100\r\n" + VALUE + "\r\n", "STORED\r\n"),
                Arguments.of(transport, "ms key 100\r\n" + VALUE + "\r\n", "HD\r\n")));
    }

    /** Without NIO, whose selector, the JDK's, allocates some fifty bytes for each socket that is ready. */
    static Stream<Arguments> requestsOnNativeTransports() {
        return Transport.allAvailable().stream()
                .filter(transport -> transport != Transport.NIO)
                .flatMap(transport -> Stream.of(
                        Arguments.of(transport, "get key\r\n", "VALUE key 0 100\r\n" + VALUE + "\r\nEND\r\n"),
                        Arguments.of(transport, "set key 0 0 100\r\n" + VALUE + "\r\n", "STORED\r\n")));
    }

    @ParameterizedTest
    @MethodSource("requestsOnEveryTransport")
    void pipelinedRequestsAllocateNextToNothing(Transport transport, String request, String reply) {
        measure(transport, 1, clients -> pipeline(clients.getFirst(), request, reply));
    }

    @ParameterizedTest
    @MethodSource("requestsOnNativeTransports")
    void norDoRequestsThatComeOneByOneFromManyClients(Transport transport, String request, String reply) {
        measure(transport, CLIENTS, clients -> oneEach(clients, request, reply));
    }

    /** Repeats the load, which returns how many requests it has sent, until the worker has come to its steady state. */
    private static void measure(Transport transport, int clientCount, ToIntFunction<List<RawClient>> load) {
        List<RawClient> clients = new ArrayList<>();
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server), transport)) {
            for (int i = 0; i < clientCount; i++) {
                clients.add(proxy.connect());
            }
            clients.getFirst().send("set key 0 0 100\r\n" + VALUE + "\r\n");
            clients.getFirst().expect("STORED\r\n");
            List<Double> bytesPerRequest = new ArrayList<>();
            do {
                long before = allocatedByWorker();
                int sent = 0;
                while (sent < WINDOW_REQUESTS) {
                    sent += load.applyAsInt(clients);
                }
                bytesPerRequest.add((double) (allocatedByWorker() - before) / sent);
            } while (bytesPerRequest.getLast() >= MOST_BYTES_PER_REQUEST && bytesPerRequest.size() < MOST_WINDOWS);
            assertThat(bytesPerRequest.getLast())
                    .as("bytes allocated per request, %d requests each time: %s", WINDOW_REQUESTS, bytesPerRequest)
                    .isLessThan(MOST_BYTES_PER_REQUEST);
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    private static int pipeline(RawClient client, String request, String reply) {
        client.send(request.repeat(OUTSTANDING));
        client.expect(reply.repeat(OUTSTANDING));
        return OUTSTANDING;
    }

    private static int oneEach(List<RawClient> clients, String request, String reply) {
        for (RawClient client : clients) {
            client.send(request);
        }
        for (RawClient client : clients) {
            client.expect(reply);
        }
        return clients.size();
    }

    private static long allocatedByWorker() {
        List<Thread> workers = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("memroute-worker"))
                .toList();
        assertThat(workers).as("worker threads").hasSize(1);
        return THREADS.getThreadAllocatedBytes(workers.getFirst().threadId());
    }
}
