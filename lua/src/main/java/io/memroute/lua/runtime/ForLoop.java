package io.memroute.lua.runtime;

import io.memroute.lua.CallStack;
import io.memroute.lua.Comparison;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.Metatables;

/**
 * The numeric for loop's preparation (manual, section 3.3.5). An integer loop knows its last value beforehand, so that
 * it never overflows.
 */
public final class ForLoop {
    private ForLoop() {}

    /** Whether an integer loop has any turn. */
    public static boolean runs(LuaState L, long start, Object limit, long step) {
        if (step == 0) {
            throw CallStack.operatorError(L, "'for' step is zero");
        }
        if (limit instanceof Long n) {
            return step > 0 ? start <= n : start >= n;
        }
        Object number = LuaNumber.coerce(limit);
        if (number instanceof Long n) {
            return step > 0 ? start <= n : start >= n;
        }
        double d = number(L, limit, "limit");
        return step > 0 ? Comparison.lessOrEqual(start, d) : Comparison.lessOrEqual(d, start);
    }

    /** The last value of an integer loop that {@link #runs}. A float limit is clipped to the integers. */
    public static long last(long start, Object limit, long step) {
        Object number = LuaNumber.coerce(limit);
        long end = number instanceof Long n
                ? n
                : (long) (step > 0 ? Math.floor((Double) number) : Math.ceil((Double) number));
        return last(start, end, step);
    }

    public static long last(long start, long end, long step) {
        if (step == 1 || step == -1) {
            return end;
        }
        if (step > 0) {
            return start + Long.divideUnsigned(end - start, step) * step;
        }
        // The negation wraps for the smallest integer, which as unsigned is the right divisor.
        return start + Long.divideUnsigned(start - end, -step) * step;
    }

    /** A loop that is not an integer loop: limit, step and start as floats, checked in this order. */
    public static double number(LuaState L, Object value, String what) {
        Object number = LuaNumber.coerce(value);
        if (number instanceof Double d) {
            return d;
        }
        if (number instanceof Long i) {
            return i;
        }
        throw CallStack.operatorError(
                L, "bad 'for' " + what + " (number expected, got " + Metatables.typeNameForMessages(L, value) + ")");
    }

    public static double limit(LuaState L, Object value) {
        return number(L, value, "limit");
    }

    public static double step(LuaState L, Object value) {
        return number(L, value, "step");
    }

    public static double start(LuaState L, Object value) {
        return number(L, value, "initial value");
    }

    /** Whether a float loop goes on with this value. */
    public static boolean runs(LuaState L, double value, double limit, double step) {
        if (step == 0) {
            throw CallStack.operatorError(L, "'for' step is zero");
        }
        return step > 0 ? value <= limit : limit <= value;
    }
}
