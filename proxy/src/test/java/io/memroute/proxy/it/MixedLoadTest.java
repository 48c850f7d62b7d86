package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.MemcachedServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many pipelining clients, every command, three backends: every byte of every reply is right. */
class MixedLoadTest {

    /** {@code -Dmemroute.it.requests=1000000} for the long run. */
    private static final int REQUESTS = Integer.getInteger("memroute.it.requests", 100_000);

    private static final int CLIENTS = 40;

    @Test
    void everyReplyIsRightToTheByte() throws InterruptedException {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                MemcachedServer three = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(one, two, three), 2)) {
            assertThat(runClients(proxy.port(), "c", CLIENTS, REQUESTS / CLIENTS))
                    .isEmpty();
        }
    }

    /** The model itself: a server without a proxy must agree with it. */
    @Test
    void expectsWhatADirectServerReplies() throws InterruptedException {
        try (MemcachedServer server = MemcachedServer.start()) {
            assertThat(runClients(server.port(), "c", 10, 1_000)).isEmpty();
        }
    }

    /**
     * Runs clients to their end.
     *
     * @param name begins every key; another one for each call on the same servers
     * @return what went wrong, one text per client that failed
     */
    static List<String> runClients(int port, String name, int clients, int requestsEach) throws InterruptedException {
        List<String> failures = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                runs.add(threads.submit(new ModelClient(port, name + i, i, requestsEach)::run));
            }
            for (Future<?> run : runs) {
                try {
                    run.get();
                } catch (ExecutionException e) {
                    failures.add(e.getCause().getMessage());
                }
            }
        }
        return failures;
    }
}
