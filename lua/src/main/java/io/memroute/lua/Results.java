package io.memroute.lua;

/**
 * The results of a function: one value stands for itself, no value and several values are an {@code Object[]}.
 *
 * <p>No Lua value is ever an {@code Object[]}, so one class comparison tells the cases apart.
 */
public final class Results {
    /** No values. Also the empty argument list. */
    public static final Object[] NONE = {};

    private Results() {}

    public static Object of(Object a, Object b) {
        return new Object[] {a, b};
    }

    public static Object of(Object a, Object b, Object c) {
        return new Object[] {a, b, c};
    }

    /** The values of an array that the caller gives away. */
    public static Object of(Object[] values) {
        return values;
    }

    /** Whether {@code result} is anything but exactly one plain value. */
    public static boolean isMany(Object result) {
        return result != null && result.getClass() == Object[].class;
    }

    /** The first value, nil if there is none. */
    public static Object first(Object result) {
        return result != null && result.getClass() == Object[].class ? firstOf((Object[]) result) : result;
    }

    private static Object firstOf(Object[] values) {
        return values.length == 0 ? null : values[0];
    }

    /** The value at {@code index} (0-based), nil beyond the last. */
    public static Object get(Object result, int index) {
        if (result != null && result.getClass() == Object[].class) {
            Object[] values = (Object[]) result;
            return index < values.length ? values[index] : null;
        }
        return index == 0 ? result : null;
    }

    public static int count(Object result) {
        return isMany(result) ? ((Object[]) result).length : 1;
    }

    /** All values as an array, which may be shared and must not be changed. */
    public static Object[] all(Object result) {
        return isMany(result) ? (Object[]) result : new Object[] {result};
    }
}
