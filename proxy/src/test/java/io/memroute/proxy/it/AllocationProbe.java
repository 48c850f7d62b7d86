package io.memroute.proxy.it;

import com.sun.management.ThreadMXBean;
import io.memroute.proxy.Transport;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what a worker's thread allocates per request in the steady state, for {@link AllocationTest}. A program of its
 * own, because it needs options of the JVM of its own.
 */
final class AllocationProbe {

    private static final String VALUE = "v".repeat(100);

    /** What is asked, and the reply. */
    private static final Map<String, String> REQUESTS = new LinkedHashMap<>();

    static {
        REQUESTS.put("get key\r\n", "VALUE key 0 100\r\n" + VALUE + "\r\nEND\r\n");
        REQUESTS.put("get missing\r\n", "END\r\n");
        REQUESTS.put("mg key v\r\n", "VA 100\r\n" + VALUE + "\r\n");
        REQUESTS.put("set key 0 0 100\r\n" + VALUE + "\r\n", "STORED\r\n");
        REQUESTS.put("ms key 100\r\n" + VALUE + "\r\n", "HD\r\n");
    }

    /** Allocations are counted over so many requests at a time. */
    private static final int WINDOW_REQUESTS = 20_000;

    /** By then pools are full and classes are loaded. */
    private static final int MOST_WINDOWS = 10;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationProbe() {}

    /**
     * Prints a line for each kind of request: its name, a colon, and the bytes per request.
     *
     * @param arguments the transport; how many clients; requests that each has outstanding; the figure to come down to
     */
    public static void main(String[] arguments) {
        Transport transport = Transport.valueOf(arguments[0]);
        int clientCount = Integer.parseInt(arguments[1]);
        int outstanding = Integer.parseInt(arguments[2]);
        double goal = Double.parseDouble(arguments[3]);
        List<RawClient> clients = new ArrayList<>();
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server), transport)) {
            for (int i = 0; i < clientCount; i++) {
                clients.add(proxy.connect());
            }
            clients.getFirst().send("set key 0 0 100\r\n" + VALUE + "\r\n");
            clients.getFirst().expect("STORED\r\n");
            REQUESTS.forEach((request, reply) -> System.out.println(request.lines()
                            .findFirst()
                            .orElseThrow() + ": "
                    + bytesPerRequest(
                            clients, request.repeat(outstanding), reply.repeat(outstanding), outstanding, goal)));
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    /** The first figure below the goal; the last one if there is none. */
    private static double bytesPerRequest(
            List<RawClient> clients, String requests, String replies, int outstanding, double goal) {
        double bytes = Double.MAX_VALUE;
        for (int window = 0; window < MOST_WINDOWS && bytes >= goal; window++) {
            long before = allocatedByWorker();
            int sent = 0;
            while (sent < WINDOW_REQUESTS) {
                clients.forEach(client -> client.send(requests));
                clients.forEach(client -> client.expect(replies));
                sent += clients.size() * outstanding;
            }
            bytes = (double) (allocatedByWorker() - before) / sent;
        }
        return bytes;
    }

    private static long allocatedByWorker() {
        List<Thread> workers = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("memroute-worker"))
                .toList();
        if (workers.size() != 1) {
            throw new AssertionError("one worker thread expected, but found " + workers);
        }
        return THREADS.getThreadAllocatedBytes(workers.getFirst().threadId());
    }
}
