package io.memroute.lua;

import java.time.Duration;

/**
 * The limits of a script, counted from each entry of the host ({@link LuaState#run}).
 *
 * @param callDepth Lua calls in each other before "stack overflow"; must fit the stack of the thread that runs the
 *     state, at about 200 bytes a call
 * @param steps loop turns and function entries; 0 is unlimited
 * @param time wall-clock time after the first thousand steps; zero is unlimited
 * @param allocatedBytes bytes allocated after the first thousand steps or at once, whether or not they became garbage;
 *     0 is unlimited
 */
public record LuaLimits(int callDepth, long steps, Duration time, long allocatedBytes) {
    /** Fits a thread with the JVM's default stack of 1 MiB. */
    public static final int DEFAULT_CALL_DEPTH = 4000;

    public static final LuaLimits NONE = new LuaLimits(DEFAULT_CALL_DEPTH, 0, Duration.ZERO, 0);

    public LuaLimits withCallDepth(int newCallDepth) {
        return new LuaLimits(newCallDepth, steps, time, allocatedBytes);
    }

    public LuaLimits withSteps(long newSteps) {
        return new LuaLimits(callDepth, newSteps, time, allocatedBytes);
    }

    public LuaLimits withTime(Duration newTime) {
        return new LuaLimits(callDepth, steps, newTime, allocatedBytes);
    }

    public LuaLimits withAllocatedBytes(long newAllocatedBytes) {
        return new LuaLimits(callDepth, steps, time, newAllocatedBytes);
    }

    /** Whether compiled code has to count. */
    public boolean budgeted() {
        return steps > 0 || !time.isZero() || allocatedBytes > 0;
    }
}
