package io.memroute.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Many threads on the same few keys: no update may get lost, and only one may win. */
class StoreConcurrencyTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 5_000;
    private static final Pattern GETS = Pattern.compile("VALUE k 0 \\d+ (\\d+)\r\n(\\d+)\r\nEND\r\n");

    private final Store store = Store.builder().build();

    private List<Integer> runOnAllThreads(Callable<Integer> work) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Integer> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                running.add(threads.submit(() -> {
                    start.await();
                    return work.call();
                }));
            }
            start.countDown();
            for (Future<Integer> one : running) {
                results.add(one.get(60, TimeUnit.SECONDS));
            }
        }
        return results;
    }

    private static int sum(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void losesNoIncrement() throws Exception {
        new StoreClient(store).send("set k 0 0 1\r\n0\r\n");
        runOnAllThreads(() -> {
            StoreClient client = new StoreClient(store);
            for (int i = 0; i < ROUNDS; i++) {
                client.send(i % 2 == 0 ? "incr k 1\r\n" : "ma k\r\n");
            }
            return 0;
        });
        assertThat(new StoreClient(store).send("get k\r\n"))
                .isEqualTo("VALUE k 0 5\r\n" + THREADS * ROUNDS + "\r\nEND\r\n");
    }

    @Test
    void letsExactlyOneOfEqualCasRequestsThrough() throws Exception {
        new StoreClient(store).send("set k 0 0 1\r\n0\r\n");
        List<Integer> successes = runOnAllThreads(() -> {
            StoreClient client = new StoreClient(store);
            int stored = 0;
            while (stored < ROUNDS / THREADS) {
                Matcher item = GETS.matcher(client.send("gets k\r\n"));
                assertThat(item.matches()).isTrue();
                String next = Integer.toString(Integer.parseInt(item.group(2)) + 1);
                String reply = client.send("cas k 0 0 " + next.length() + " " + item.group(1) + "\r\n" + next + "\r\n");
                if (reply.equals("STORED\r\n")) {
                    stored++;
                } else {
                    assertThat(reply).isEqualTo("EXISTS\r\n");
                }
            }
            return stored;
        });
        assertThat(new StoreClient(store).send("get k\r\n")).contains("\r\n" + sum(successes) + "\r\n");
    }

    @Test
    void letsExactlyOneFetchWinAStaleItem() throws Exception {
        new StoreClient(store).send("ms k 1\r\nx\r\n");
        for (int round = 0; round < 200; round++) {
            assertThat(new StoreClient(store).send("md k I\r\n")).isEqualTo("HD\r\n");
            List<Integer> wins = runOnAllThreads(
                    () -> new StoreClient(store).send("mg k v\r\n").contains(" W") ? 1 : 0);
            assertThat(sum(wins)).isEqualTo(1);
        }
    }

    @Test
    void addsOnlyOnce() throws Exception {
        for (int round = 0; round < 200; round++) {
            String key = "add" + round;
            List<Integer> stored = runOnAllThreads(() -> new StoreClient(store)
                            .send("add " + key + " 0 0 1\r\nx\r\n")
                            .equals("STORED\r\n")
                    ? 1
                    : 0);
            assertThat(sum(stored)).isEqualTo(1);
        }
    }

    @Test
    void losesNothingThatIsAppended() throws Exception {
        new StoreClient(store).send("set k 0 0 0\r\n\r\n");
        runOnAllThreads(() -> {
            StoreClient client = new StoreClient(store);
            for (int i = 0; i < 500; i++) {
                client.send("append k 0 0 3 noreply\r\nabc\r\nprepend k 0 0 3 noreply\r\nxyz\r\n");
            }
            return 0;
        });
        int joined = 500 * THREADS;
        assertThat(new StoreClient(store).send("get k\r\n"))
                .isEqualTo("VALUE k 0 " + joined * 6 + "\r\n" + "xyz".repeat(joined) + "abc".repeat(joined)
                        + "\r\nEND\r\n");
    }

    /**
     * Whatever threads do to the same items at the same time, no item is counted twice, forgotten, or kept beyond the
     * bound.
     */
    @Test
    void knowsTheSizeOfWhatItHolds() throws Exception {
        long bound = 200_000;
        Store full = Store.builder().maximumBytes(bound).executor(Runnable::run).build();
        AtomicInteger seeds = new AtomicInteger();
        runOnAllThreads(() -> {
            StoreClient client = new StoreClient(full);
            Random random = new Random(seeds.incrementAndGet());
            for (int i = 0; i < 20_000; i++) {
                String key = "k" + random.nextInt(300);
                int length = random.nextInt(2000);
                client.send(
                        switch (random.nextInt(8)) {
                            case 0 -> "get " + key + "\r\nget " + key + "\r\n";
                            case 1 -> "delete " + key + "\r\n";
                            case 2 -> "set " + key + " 0 0 3\r\n100\r\nincr " + key + " 1\r\n";
                            case 3 -> "set " + key + " 0 -1 1\r\nx\r\n";
                            case 4 -> random.nextInt(500) == 0 ? "flush_all\r\n" : "append " + key + " 0 0 1\r\nx\r\n";
                            default -> "set " + key + " 0 0 " + length + "\r\n" + "v".repeat(length) + "\r\n";
                        });
            }
            return 0;
        });
        StoreClient client = new StoreClient(full);
        assertThat(Long.parseLong(full.stats().get("bytes"))).isLessThanOrEqualTo(bound);
        long weights = 0;
        int found = 0;
        for (int i = 0; i < 300; i++) {
            String reply = client.send("get k" + i + "\r\n");
            if (reply.startsWith("VALUE")) {
                found++;
                weights += Item.weight(
                        ("k" + i).length(),
                        Integer.parseInt(reply.substring(0, reply.indexOf('\r')).split(" ")[3]));
            }
        }
        assertThat(full.stats())
                .containsEntry("bytes", Long.toString(weights))
                .containsEntry("curr_items", Integer.toString(found));
        client.send("flush_all\r\n");
        assertThat(full.stats()).containsEntry("bytes", "0").containsEntry("curr_items", "0");
    }
}
