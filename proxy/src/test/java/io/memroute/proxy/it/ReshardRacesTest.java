package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.memroute.testkit.DelayingRelay;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * Clients of two proxies use the same keys while {@code route_reshard} moves them: nothing that was deleted or replaced
 * comes back, no count is lost, and nobody gets a lock that another has.
 */
class ReshardRacesTest {

    private static final int CLIENTS = 6;
    private static final int KEYS = 4;
    private static final int REQUESTS = 60;
    private static final int LARGE = 20_000;
    private static final String SEED = "seed";

    private static MemcachedServer old;
    private static MemcachedServer renewed;
    private static DelayingRelay relay;
    private static List<ProxyUnderTest> proxies;
    /** As the others, but by the relay to the old side. */
    private static List<ProxyUnderTest> relayed;

    /** What clients do follows from it, though not in which order they do it; failures name it. */
    private final long seed = new Random().nextLong();

    private final Random seeds = new Random(seed);
    private final AtomicInteger values = new AtomicInteger();

    /** What is known of one key: all that was written to it. */
    private final ConcurrentMap<String, List<Write>> history = new ConcurrentHashMap<>();

    /**
     * What may have changed a key.
     *
     * @param value none for a delete
     * @param begin when it was asked for
     * @param end when it was answered
     */
    private record Write(String value, long begin, long end) {}

    @BeforeAll
    static void start() {
        old = MemcachedServer.start(MemcachedServer.options().threads(4));
        renewed = MemcachedServer.start(MemcachedServer.options().threads(4));
        relay = DelayingRelay.start(old.port(), Duration.ZERO);
        proxies = List.of(startProxy(old.port()), startProxy(old.port()));
        relayed = List.of(startProxy(relay.port()), startProxy(relay.port()));
    }

    private static ProxyUnderTest startProxy(int oldPort) {
        String lua = """
                settings{ backend_failure_limit = 1000000 }
                pools{ old = { backends = { "127.0.0.1:%d" } }, renewed = { backends = { "127.0.0.1:%d" } } }
                routes{ default = route_reshard{ from = "old", to = "renewed" } }
                """.formatted(oldPort, renewed.port());
        return ProxyUnderTest.startText(lua, options -> options.workers(2));
    }

    @AfterAll
    static void stop() {
        proxies.forEach(ProxyUnderTest::close);
        relayed.forEach(ProxyUnderTest::close);
        relay.close();
        renewed.close();
        old.close();
    }

    @RepeatedTest(8)
    void nothingThatWasReplacedComesBack() throws Exception {
        List<String> keys = seedKeys();
        together(proxies, client -> doAnything(client, keys, () -> {}));
        for (String key : keys) {
            expectNothingReplaced(proxies, key);
        }
    }

    @RepeatedTest(3)
    void nothingThatWasReplacedComesBackThoughTheOldSideLosesConnections() throws Exception {
        List<String> keys = seedKeys();
        together(relayed, client -> doAnything(client, keys, relay::closeConnections));
        for (String key : keys) {
            expectNothingReplaced(relayed, key);
        }
    }

    private List<String> seedKeys() {
        List<String> keys = new ArrayList<>();
        try (RawClient seeding = old.connect()) {
            for (int i = 0; i < KEYS; i++) {
                String key = "k" + seeds.nextLong();
                seeding.send("set " + key + " 0 0 4\r\n" + SEED + "\r\n");
                seeding.expect("STORED\r\n");
                history.put(key, new ArrayList<>(List.of(new Write(SEED, Long.MIN_VALUE, Long.MIN_VALUE))));
                keys.add(key);
            }
        }
        return keys;
    }

    /** @param fault happens now and then */
    private void doAnything(RawClient client, List<String> keys, Runnable fault) {
        Random random = new Random(seeds.nextLong());
        for (int i = 0; i < REQUESTS; i++) {
            if (random.nextInt(15) == 0) {
                fault.run();
            }
            anything(client, keys.get(random.nextInt(KEYS)), random);
        }
    }

    private void expectNothingReplaced(List<ProxyUnderTest> asked, String key) {
        Set<String> possible = possible(key);
        for (ProxyUnderTest proxy : asked) {
            awaitOneOf("a proxy", proxy.connect(), key, possible, () -> {});
        }
        awaitOneOf(
                "the old side",
                old.connect(),
                key,
                possible,
                () -> asked.forEach(proxy -> proxy.expect("get else\r\n", "END\r\n")));
        try (RawClient client = renewed.connect()) {
            client.send("delete " + key + "\r\n");
            client.readLine();
        }
        for (ProxyUnderTest proxy : asked) {
            awaitOneOf("a proxy, when the new side has lost it,", proxy.connect(), key, possible, () -> {});
        }
    }

    @Test
    void noCountIsLost() throws Exception {
        try (RawClient seeding = old.connect()) {
            seeding.send("set count 0 0 3\r\n100\r\n");
            seeding.expect("STORED\r\n");
        }
        together(proxies, client -> {
            for (int i = 0; i < REQUESTS; i++) {
                client.send(
                        i % 3 == 0 ? "ma count N0 J1\r\n" : i % 3 == 1 ? "incr count 1\r\n" : "touch count 100\r\n");
                assertThat(client.readLine()).matches("HD|\\d+|TOUCHED");
            }
        });
        int counted = 100 + CLIENTS * REQUESTS * 2 / 3;
        proxies.getFirst().expect("get count\r\n", "VALUE count 0 3\r\n" + counted + "\r\nEND\r\n");
    }

    @Test
    void nobodyGetsALockThatAnotherHas() throws Exception {
        try (RawClient seeding = old.connect()) {
            seeding.send("set held 0 0 1\r\nx\r\n");
            seeding.expect("STORED\r\n");
        }
        AtomicInteger got = new AtomicInteger();
        together(proxies, client -> {
            for (int i = 0; i < REQUESTS; i++) {
                client.send("add held 0 0 1\r\ny\r\n");
                client.expect("NOT_STORED\r\n");
                client.send("ms free" + i + " 1 ME\r\ny\r\n");
                if (client.readLine().equals("HD")) {
                    got.incrementAndGet();
                }
            }
        });
        assertThat(got).hasValue(REQUESTS);
    }

    @Test
    void whatHasExpiredByAGetDoesNotComeBack() {
        try (RawClient client = proxies.getFirst().connect()) {
            client.send("set sliding 0 0 1\r\nx\r\ngat -1 sliding\r\nget sliding\r\n");
            client.expect("STORED\r\nVALUE sliding 0 1\r\nx\r\nEND\r\nEND\r\n");
        }
    }

    /** What a client does. */
    private interface Work {
        void with(RawClient client);
    }

    /** Has all clients begin at the same moment, and waits for them. */
    private static void together(List<ProxyUnderTest> proxies, Work work) throws Exception {
        CyclicBarrier begin = new CyclicBarrier(CLIENTS);
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                ProxyUnderTest proxy = proxies.get(i % proxies.size());
                clients.add(threads.submit(() -> {
                    try (RawClient client = proxy.connect()) {
                        begin.await();
                        work.with(client);
                    }
                    return null;
                }));
            }
            for (Future<?> client : clients) {
                client.get();
            }
        }
    }

    private void anything(RawClient client, String key, Random random) {
        String value = "v" + values.incrementAndGet();
        if (random.nextInt(8) == 0) {
            value += "x".repeat(LARGE);
        }
        String data = " 0 0 " + value.length() + "\r\n" + value + "\r\n";
        switch (random.nextInt(10)) {
            case 0 -> write(client, key, value, "set " + key + data);
            case 1 -> write(client, key, value, "add " + key + data);
            case 2 -> write(client, key, value, "replace " + key + data);
            case 3 -> write(client, key, null, "delete " + key + "\r\n");
            case 4 -> {
                client.send("mg " + key + " c\r\n");
                String[] words = client.readLine().split(" c");
                if (words[0].equals("HD")) {
                    String line = "ms " + key + " " + value.length() + " C" + words[1] + "\r\n";
                    write(client, key, value, line + value + "\r\n");
                }
            }
            case 5 -> {
                client.send("mg " + key + " c\r\n");
                String[] words = client.readLine().split(" c");
                if (words[0].equals("HD")) {
                    write(client, key, null, "md " + key + " C" + words[1] + "\r\n");
                }
            }
            case 6 -> {
                client.send("touch " + key + " 1000\r\n");
                assertThat(client.readLine()).as("seed %d", seed).isIn("TOUCHED", "NOT_FOUND");
            }
            case 7 -> read(client, key, "gat 1000 " + key + "\r\n");
            default -> read(client, key, "get " + key + "\r\n");
        }
    }

    /** @param value none if it deletes */
    private void write(RawClient client, String key, String value, String request) {
        long begin = System.nanoTime();
        client.send(request);
        String reply = client.readLine();
        long end = System.nanoTime();
        boolean failed = reply.startsWith("SERVER_ERROR ");
        assertThat(failed ? "" : reply)
                .as("seed %d", seed)
                .isIn("", "STORED", "NOT_STORED", "DELETED", "NOT_FOUND", "HD", "NF", "EX");
        if (failed || reply.equals("STORED") || reply.equals("HD") || reply.equals("DELETED")) {
            List<Write> writes = history.get(key);
            synchronized (writes) {
                // What has failed may have been done, now or later.
                writes.add(failed ? new Write(value, Long.MIN_VALUE, Long.MAX_VALUE) : new Write(value, begin, end));
            }
        }
    }

    /** Returns the value, or that there is none. */
    private String read(RawClient client, String key, String request) {
        client.send(request);
        String line = client.readLine();
        if (line.equals("END")) {
            return "none";
        }
        assertThat(line).as("seed %d", seed).startsWith("VALUE " + key + " 0 ");
        String value = client.readLine();
        client.expect("END\r\n");
        return value;
    }

    /** The values of writes after whose end no other began; and that there is none, since servers may forget. */
    private Set<String> possible(String key) {
        List<Write> writes = history.get(key);
        long last = writes.stream().mapToLong(Write::begin).max().orElseThrow();
        Set<String> possible = writes.stream()
                .filter(write -> write.value() != null && write.end() >= last)
                .map(Write::value)
                .collect(Collectors.toSet());
        possible.add("none");
        return possible;
    }

    /** @param meanwhile done before each look: requests make proxies settle what they owe */
    private void awaitOneOf(String where, RawClient asking, String key, Set<String> possible, Runnable meanwhile) {
        String[] found = new String[1];
        try (asking) {
            Deadline.await(
                    where + " has none of what was replaced",
                    Deadline.USUAL,
                    () -> {
                        meanwhile.run();
                        found[0] = read(asking, key, "get " + key + "\r\n");
                        return possible.contains(found[0]);
                    },
                    () -> "it has " + found[0] + " of " + possible + ", seed " + seed);
        }
    }
}
