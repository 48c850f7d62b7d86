package io.memroute.proxy.metrics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Measures how long a task waits until a worker's event loop runs it. A probe is a task that does nothing, and a loop
 * has at most one under way: a loop that stands still is seen by the age of its probe. Thread safe.
 */
public final class LoopWatch {

    /** Between two probes; a loop that stands still for longer is always seen. */
    public static final Duration INTERVAL = Duration.ofMillis(250);

    /** Upper bounds of the buckets, in seconds: from a busy pass of the loop to a stall that clients time out at. */
    private static final double[] BOUNDS = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5};

    private final List<Loop> loops;
    private final LongSupplier nanoTime;

    /** @param nanoTime the clock, as {@link System#nanoTime()} */
    public LoopWatch(List<? extends Executor> loops, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.loops = IntStream.range(0, loops.size())
                .mapToObj(number -> new Loop(number, loops.get(number)))
                .toList();
    }

    /**
     * The delays of one loop so far.
     *
     * @param worker its number, from 0
     * @param counts by bucket: how many were at most the bound of the bucket, and above the one before; the last bucket
     *     has no bound
     * @param pending the age of the probe under way; 0 if there is none
     */
    public record LoopNumbers(int worker, long[] counts, double sumSeconds, Duration pending) {}

    /** Upper bounds of all buckets but the last, in seconds. */
    public static double[] bounds() {
        return BOUNDS.clone();
    }

    /** Gives each loop that has none a probe; to be called once in each {@link #INTERVAL}. */
    public void probe() {
        loops.forEach(Loop::probe);
    }

    public List<LoopNumbers> numbers() {
        return loops.stream().map(Loop::numbers).toList();
    }

    private final class Loop {
        private final int number;
        private final Executor executor;
        private final long[] counts = new long[BOUNDS.length + 1];
        private long sumNanos;
        private boolean pending;
        private long pendingSinceNanos;

        private Loop(int number, Executor executor) {
            this.number = number;
            this.executor = executor;
        }

        private void probe() {
            synchronized (this) {
                if (pending) {
                    return;
                }
                pending = true;
                pendingSinceNanos = nanoTime.getAsLong();
            }
            try {
                executor.execute(this::ran);
            } catch (RejectedExecutionException e) {
                // The server is being closed.
                forget();
            }
        }

        private synchronized void forget() {
            pending = false;
        }

        /** Notes that the task has run. The loop's thread. */
        private synchronized void ran() {
            long delay = nanoTime.getAsLong() - pendingSinceNanos;
            pending = false;
            sumNanos += delay;
            int bucket = 0;
            while (bucket < BOUNDS.length && delay > BOUNDS[bucket] * 1e9) {
                bucket++;
            }
            counts[bucket]++;
        }

        private synchronized LoopNumbers numbers() {
            Duration age = pending ? Duration.ofNanos(nanoTime.getAsLong() - pendingSinceNanos) : Duration.ZERO;
            return new LoopNumbers(number, counts.clone(), sumNanos / 1e9, age);
        }
    }
}
