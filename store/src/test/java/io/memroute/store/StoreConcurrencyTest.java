package io.memroute.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
        assertThat(new StoreClient(store).send("get k\r\n")).isEqualTo("VALUE k 0 5\r\n" + THREADS * ROUNDS + "\r\nEND\r\n");
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
            List<Integer> stored = runOnAllThreads(
                () -> new StoreClient(store).send("add " + key + " 0 0 1\r\nx\r\n").equals("STORED\r\n") ? 1 : 0);
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
        assertThat(new StoreClient(store).send("get k\r\n")).isEqualTo(
            "VALUE k 0 " + joined * 6 + "\r\n" + "xyz".repeat(joined) + "abc".repeat(joined) + "\r\nEND\r\n");
    }
}
