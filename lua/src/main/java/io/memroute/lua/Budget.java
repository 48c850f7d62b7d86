package io.memroute.lua;

import java.lang.management.ManagementFactory;

/** Counts down what {@link LuaLimits} allow one entry into a state. */
public final class Budget {
    /** Steps between two looks at the clock and the allocation counter, which cost tens of nanoseconds each. */
    private static final int STEPS_PER_LOOK = 1000;

    private final LuaState state;
    private final LuaLimits limits;
    private final com.sun.management.ThreadMXBean threads;

    /** Steps until the next look; compiled code counts it down and calls {@link #check} at zero. */
    public int left = STEPS_PER_LOOK;

    private long stepsLeft;
    private long deadlineNanos;
    private long allocationEnd;
    /** Whether the clock and the allocation counter have been read since the start: short entries do without. */
    private boolean looked;
    private boolean running;

    Budget(LuaState state, LuaLimits limits) {
        this.state = state;
        this.limits = limits;
        this.threads = limits.allocatedBytes() > 0 ? (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean() : null;
    }

    /** Starts counting; false if a count runs already. */
    boolean start() {
        if (running || !limits.budgeted()) {
            return false;
        }
        running = true;
        left = STEPS_PER_LOOK;
        stepsLeft = limits.steps();
        looked = false;
        return true;
    }

    /** Begins to count time and bytes, at the first look or when much is to be allocated at once. */
    private void firstLook() {
        looked = true;
        deadlineNanos = limits.time().isZero() ? 0 : System.nanoTime() + limits.time().toNanos();
        allocationEnd = threads == null ? 0 : threads.getCurrentThreadAllocatedBytes() + limits.allocatedBytes();
    }

    void stop() {
        running = false;
    }

    /** One step, from code that is not compiled. */
    public void step() {
        if (--left <= 0) {
            check();
        }
    }

    /**
     * Throws if something is used up. What ran out stays so until the host's call ends: a script cannot go on by
     * catching the error.
     */
    public void check() {
        int done = STEPS_PER_LOOK - Math.max(left, 0);
        left = STEPS_PER_LOOK;
        if (!running) {
            return;
        }
        if (limits.steps() > 0 && (stepsLeft -= done) <= 0) {
            left = 0;
            throw exceeded("instruction budget of " + limits.steps() + " steps exceeded");
        }
        if (!looked) {
            firstLook();
            return;
        }
        if (!limits.time().isZero() && System.nanoTime() - deadlineNanos >= 0) {
            left = 0;
            throw exceeded("time budget of " + limits.time().toMillis() + " ms exceeded");
        }
        if (threads != null && threads.getCurrentThreadAllocatedBytes() >= allocationEnd) {
            left = 0;
            throw exceeded("not enough memory: ceiling of " + limits.allocatedBytes() + " bytes exceeded");
        }
    }

    void reserve(long bytes) {
        if (threads == null || !running) {
            return;
        }
        if (!looked) {
            firstLook();
        }
        if (threads.getCurrentThreadAllocatedBytes() + bytes >= allocationEnd) {
            throw exceeded("not enough memory: ceiling of " + limits.allocatedBytes() + " bytes exceeded");
        }
    }

    private LuaError exceeded(String what) {
        return state.error(what);
    }
}
