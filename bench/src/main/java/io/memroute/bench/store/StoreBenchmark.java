package io.memroute.bench.store;

import io.memroute.store.Store;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Commands on a full store of 64 MiB with values of 100 bytes, keys as skewed as they usually are. The parsing of the
 * line is part of it. Run with {@code -t 1} and {@code -t 2}: threads share the store.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StoreBenchmark {

    private static final int VALUE_BYTES = 100;
    private static final int KEYS = 1_000_000;
    private static final int DRAWN = 1 << 20;

    private final Store store = Store.builder().build();
    private final long[] drawn = new long[DRAWN];

    @Setup
    public void fill() {
        Zipf zipf = new Zipf(KEYS, 0.99);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < DRAWN; i++) {
            drawn[i] = zipf.next(random);
        }
        Caller caller = new Caller(store);
        for (int i = 0; i < DRAWN; i++) {
            if (!caller.get(drawn[i])) {
                caller.set(drawn[i], VALUE_BYTES);
            }
        }
    }

    /** One of the threads. */
    @State(Scope.Thread)
    public static class Client {
        private Caller caller;
        private int next;

        @Setup
        public void connect(StoreBenchmark benchmark) {
            caller = new Caller(benchmark.store);
            next = (int) (Thread.currentThread().threadId() * 7919);
        }

        private long key(StoreBenchmark benchmark) {
            return benchmark.drawn[next++ & DRAWN - 1];
        }
    }

    @Benchmark
    public boolean get(Client client) {
        return client.caller.get(client.key(this));
    }

    @Benchmark
    public void set(Client client) {
        client.caller.set(client.key(this), VALUE_BYTES);
    }

    /** Nine gets to one set. */
    @Benchmark
    public boolean mixed(Client client) {
        long key = client.key(this);
        if (client.next % 10 == 0) {
            client.caller.set(key, VALUE_BYTES);
            return true;
        }
        return client.caller.get(key);
    }
}
