package io.memroute.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The moment after which waiting for something is a failure. */
public final class Deadline {

    /** The time that a test waits unless it says otherwise: long enough for a machine that runs many builds at once. */
    public static final Duration USUAL = Duration.ofSeconds(20);

    /** The time for a program that does little more than start, as a command of memroute. */
    public static final Duration OF_START = Duration.ofMinutes(1);

    /** The time for a program that works for many seconds on an idle machine, as a build or a training does. */
    public static final Duration OF_WORK = Duration.ofMinutes(3);

    /** Between two looks at a condition that nothing announces, in nanoseconds. */
    private static final long POLL_NANOS = 500_000;

    private final long endNanos;
    private final Duration length;

    private Deadline(Duration length) {
        this.length = length;
        this.endNanos = System.nanoTime() + length.toNanos();
    }

    /** A deadline that lies {@code length} from now. */
    public static Deadline in(Duration length) {
        return new Deadline(length);
    }

    /** The time left, in milliseconds; at least 1 until the deadline has passed, then 0. */
    public long remainingMillis() {
        long nanos = endNanos - System.nanoTime();
        return nanos <= 0 ? 0 : Math.max(1, nanos / 1_000_000);
    }

    public boolean passed() {
        return endNanos - System.nanoTime() <= 0;
    }

    /** The time that this deadline was set for. */
    public Duration length() {
        return length;
    }

    /** Waits up to {@link #USUAL} until the condition holds. */
    public static void await(String what, BooleanSupplier condition) {
        await(what, USUAL, condition, () -> "");
    }

    /** Waits up to {@code limit} until the condition holds. */
    public static void await(String what, Duration limit, BooleanSupplier condition) {
        await(what, limit, condition, () -> "");
    }

    /**
     * Waits until the condition holds.
     *
     * @param what completes the sentence "still waiting for ..."
     * @param state is asked once, on failure, for what the failure message should add
     * @throws AssertionError when {@code limit} has passed
     */
    public static void await(String what, Duration limit, BooleanSupplier condition, Supplier<String> state) {
        Deadline deadline = in(limit);
        while (!condition.getAsBoolean()) {
            if (deadline.passed()) {
                String more = state.get();
                throw new AssertionError("still waiting for " + what + " after " + limit.toMillis() + " ms"
                        + (more.isEmpty() ? "" : ": " + more));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
