package io.memroute.lua;

/**
 * {@code ==}, {@code <} and {@code <=}: numbers by value whatever their kind, strings by bytes, others by metamethod.
 */
public final class Comparison {

    private Comparison() {}

    /** Equality without metamethods. */
    public static boolean rawEqual(Object a, Object b) {
        if (a == b) {
            return !(a instanceof Double d) || !d.isNaN();
        }
        if (a instanceof LuaString s) {
            return b instanceof LuaString t && s.equalBytes(t);
        }
        if (a instanceof Long x) {
            return b instanceof Long y
                    ? x.longValue() == y.longValue()
                    : b instanceof Double e && equal(x, e.doubleValue());
        }
        if (a instanceof Double d) {
            return b instanceof Double e
                    ? d.doubleValue() == e.doubleValue()
                    : b instanceof Long y && equal(y, d.doubleValue());
        }
        return a instanceof Boolean x && x.equals(b);
    }

    private static boolean equal(long i, double d) {
        return (double) i == d && LuaNumber.isIntegral(d) && (long) d == i;
    }

    public static boolean equal(LuaState L, Object a, Object b) {
        if (a == b) {
            return !(a instanceof Double d) || !d.isNaN();
        }
        if (a instanceof LuaTable x) {
            return b instanceof LuaTable y && equalByMeta(L, a, b, x.metatable, y.metatable);
        }
        if (a instanceof LuaUserdata x) {
            return b instanceof LuaUserdata y && equalByMeta(L, a, b, x.metatable(), y.metatable());
        }
        return rawEqual(a, b);
    }

    /** Compares with a string constant. Compiled code calls it. */
    public static boolean equalString(Object a, LuaString b) {
        return a == b || a instanceof LuaString s && s.equalBytes(b);
    }

    /** Compares with an integer constant. Compiled code calls it. */
    public static boolean equalInteger(Object a, long b) {
        return a instanceof Long x ? x == b : a instanceof Double d && equal(b, d);
    }

    private static boolean equalByMeta(LuaState L, Object a, Object b, LuaTable ma, LuaTable mb) {
        Object handler = ma == null ? null : ma.events().eq;
        if (handler == null) {
            handler = mb == null ? null : mb.events().eq;
            if (handler == null) {
                return false;
            }
        }
        return Args.truth(Calls.first(L, Calls.call(L, handler, a, b)));
    }

    public static boolean lessThan(LuaState L, Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return x < y;
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x < y;
        }
        return lessThanSlow(L, a, b);
    }

    private static int compare(LuaState L, LuaString x, LuaString y) {
        L.chargeBytes(Math.min(x.length(), y.length()));
        return x.compareTo(y);
    }

    private static boolean lessThanSlow(LuaState L, Object a, Object b) {
        if (a instanceof LuaString x && b instanceof LuaString y) {
            return compare(L, x, y) < 0;
        }
        if (a instanceof Long x && b instanceof Double y) {
            return lessThan(x, y.doubleValue());
        }
        if (a instanceof Double x && b instanceof Long y) {
            return lessThan(x.doubleValue(), y);
        }
        return byMeta(L, a, b, Metatables.LT);
    }

    public static boolean lessOrEqual(LuaState L, Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return x <= y;
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x <= y;
        }
        return lessOrEqualSlow(L, a, b);
    }

    private static boolean lessOrEqualSlow(LuaState L, Object a, Object b) {
        if (a instanceof LuaString x && b instanceof LuaString y) {
            return compare(L, x, y) <= 0;
        }
        if (a instanceof Long x && b instanceof Double y) {
            return lessOrEqual(x, y.doubleValue());
        }
        if (a instanceof Double x && b instanceof Long y) {
            return lessOrEqual(x.doubleValue(), y);
        }
        return byMeta(L, a, b, Metatables.LE);
    }

    private static boolean byMeta(LuaState L, Object a, Object b, LuaString event) {
        Object handler = Metatables.metamethod(L, a, event);
        if (handler == null) {
            handler = Metatables.metamethod(L, b, event);
        }
        if (handler == null) {
            String x = Metatables.typeNameForMessages(L, a);
            String y = Metatables.typeNameForMessages(L, b);
            throw CallStack.operatorError(
                    L,
                    x.equals(y) ? "attempt to compare two " + x + " values" : "attempt to compare " + x + " with " + y);
        }
        return Args.truth(Calls.first(L, Calls.call(L, handler, a, b)));
    }

    /** Integers up to this are floats exactly (2^53). */
    private static final long EXACT = 1L << 53;

    private static boolean exact(long i) {
        return i >= -EXACT && i <= EXACT;
    }

    static boolean lessThan(long i, double d) {
        if (exact(i)) {
            return i < d;
        }
        if (d >= 0x1p63) {
            return true;
        }
        // i < d exactly if i < ceil(d); NaN and all below the range fail.
        return d > -0x1p63 && i < (long) Math.ceil(d);
    }

    public static boolean lessOrEqual(long i, double d) {
        if (exact(i)) {
            return i <= d;
        }
        if (d >= 0x1p63) {
            return true;
        }
        return d >= -0x1p63 && i <= (long) Math.floor(d);
    }

    static boolean lessThan(double d, long i) {
        if (exact(i)) {
            return d < i;
        }
        if (d >= 0x1p63) {
            return false;
        }
        return d < -0x1p63 || (!Double.isNaN(d) && (long) Math.floor(d) < i);
    }

    public static boolean lessOrEqual(double d, long i) {
        if (exact(i)) {
            return d <= i;
        }
        if (d >= 0x1p63) {
            return false;
        }
        return d < -0x1p63 || (!Double.isNaN(d) && (long) Math.ceil(d) <= i);
    }
}
