package io.memroute.lua;

import com.sun.management.ThreadMXBean;
import io.memroute.lua.text.WorkMeter;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * Counts down what {@link LuaLimits} allow one entry into a state. Compiled code takes a step for each function entry
 * and each jump backwards; a library function is charged for loops of its own and for large allocations in proportion.
 *
 * <p>The clock and the allocation counter cost tens of nanoseconds, so they are read only every so many steps: after
 * few at the beginning, and after few again when those took long, as steps over large strings do.
 */
public final class Budget implements WorkMeter, LuaState.Count {
    /** Steps to the first look. Entries that end before it, as most requests do, never read a clock. */
    private static final int FIRST_LOOK = 16;

    /** The most steps between two looks: some microseconds of ordinary steps. */
    private static final int STEPS_PER_LOOK = 1000;

    /** Looks come closer to each other when they are further apart than this. */
    private static final long LOOK_NANOS = 1_000_000;

    /** Bytes that are copied or compared in the time of about one step. */
    private static final int BYTES_PER_STEP = 64;

    /** Values that are copied in the time of about one step. */
    static final int VALUES_PER_STEP = 16;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final LuaState state;
    private LuaLimits limits = LuaLimits.NONE;

    /** Steps until the next look; compiled code counts it down and calls {@link #check} at zero. */
    public int left = FIRST_LOOK;

    /** The value of {@link #left} after the last look. */
    private int interval = FIRST_LOOK;

    private long stepsLeft;
    private long startNanos;
    private long lastLookNanos;
    private long allocationEnd;
    /** Whether the clock and the allocation counter have been read since the start: short entries do without. */
    private boolean looked;

    private boolean running;
    /** The limit that was reached since the start, if one was. */
    private @Nullable LimitError spent;

    Budget(LuaState state) {
        this.state = state;
    }

    /** Starts counting; false if a count runs already. */
    boolean start(LuaLimits allowed) {
        if (running || !allowed.budgeted()) {
            return false;
        }
        limits = allowed;
        running = true;
        left = FIRST_LOOK;
        interval = FIRST_LOOK;
        stepsLeft = allowed.steps();
        looked = false;
        spent = null;
        return true;
    }

    @Override
    public void close() {
        running = false;
    }

    /** One step, from code that is not compiled. */
    public void step() {
        if (--left <= 0) {
            check();
        }
    }

    /** One step into a function that copies the arguments it has no names for. */
    public void step(Object[] arguments) {
        charge(1 + arguments.length / VALUES_PER_STEP);
    }

    @Override
    public void charge(int steps) {
        left = (int) Math.max((long) left - steps, Integer.MIN_VALUE);
        if (left <= 0) {
            check();
        }
    }

    /** Charges for work on so many bytes or elements. */
    void chargeBytes(long bytes) {
        charge((int) Math.min(bytes / BYTES_PER_STEP, Integer.MAX_VALUE));
    }

    @Override
    public void held(long bytes) {
        if (running && limits.allocatedBytes() > 0) {
            if (!looked) {
                firstLook();
            }
            allocationEnd -= bytes;
        }
    }

    /**
     * Throws if something is used up. What ran out stays so until the host's call ends, and nothing in a script can
     * catch it.
     */
    public void check() {
        long done = (long) interval - left;
        left = interval;
        if (!running) {
            return;
        }
        if (spent != null) {
            left = 1;
            throw new LimitError.Exceeded(spent);
        }
        if (limits.steps() > 0 && (stepsLeft -= done) <= 0) {
            throw exceeded(LimitError.Limit.STEPS, "instruction budget of " + limits.steps() + " steps exceeded");
        }
        if (!looked) {
            firstLook();
            return;
        }
        long now = System.nanoTime();
        if (!limits.time().isZero() && now - startNanos >= limits.time().toNanos()) {
            throw exceeded(
                    LimitError.Limit.TIME, "time budget of " + limits.time().toMillis() + " ms exceeded");
        }
        if (limits.allocatedBytes() > 0 && THREADS.getCurrentThreadAllocatedBytes() >= allocationEnd) {
            throw outOfMemory();
        }
        pace(now);
    }

    /** Begins to count time and bytes, at the first look or when much is to be allocated at once. */
    private void firstLook() {
        looked = true;
        startNanos = System.nanoTime();
        lastLookNanos = startNanos;
        allocationEnd =
                limits.allocatedBytes() == 0 ? 0 : THREADS.getCurrentThreadAllocatedBytes() + limits.allocatedBytes();
    }

    /** Chooses how many steps it is to the next look. */
    private void pace(long now) {
        long took = now - lastLookNanos;
        lastLookNanos = now;
        interval = took > LOOK_NANOS
                ? (int) Math.max(1, interval * LOOK_NANOS / took)
                : Math.min(interval * 4, STEPS_PER_LOOK);
        left = interval;
    }

    void reserve(long bytes) {
        if (!running) {
            return;
        }
        if (limits.allocatedBytes() > 0) {
            if (!looked) {
                firstLook();
            }
            if (THREADS.getCurrentThreadAllocatedBytes() + bytes >= allocationEnd) {
                throw outOfMemory();
            }
        }
        chargeBytes(bytes);
    }

    /** Nanoseconds until the time is up; {@link Long#MAX_VALUE} if it never is. */
    long nanosLeft() {
        if (!running || limits.time().isZero()) {
            return Long.MAX_VALUE;
        }
        if (!looked) {
            firstLook();
        }
        return Math.max(0, limits.time().toNanos() - (System.nanoTime() - startNanos));
    }

    private RuntimeException outOfMemory() {
        return exceeded(
                LimitError.Limit.MEMORY,
                "not enough memory: ceiling of " + limits.allocatedBytes() + " bytes exceeded");
    }

    private RuntimeException exceeded(LimitError.Limit limit, String what) {
        // The next step throws again.
        left = 1;
        String where = CallStack.uncharged(state, Integer.MAX_VALUE - 1).stream()
                .filter(CallLevel::isLua)
                .findFirst()
                .map(CallLevel::where)
                .orElse("");
        spent = new LimitError(limit, where + what);
        spent.setTraceback(CallStack.traceback(state, 0));
        return new LimitError.Exceeded(spent);
    }
}
