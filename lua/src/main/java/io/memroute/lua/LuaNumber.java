package io.memroute.lua;

import io.memroute.lua.text.NumberReader;
import io.memroute.lua.text.NumberText;
import org.jspecify.annotations.Nullable;

/** Numbers and their conversions: {@code Long} is Lua's integer, {@code Double} its float. */
public final class LuaNumber {

    /** Reading a digit takes as long as copying so many bytes. */
    private static final int DIGIT_COST = 64;

    private LuaNumber() {}

    /** The number that {@code value} is or, if it is a string, spells; none if neither. */
    public static @Nullable Object coerce(LuaState L, Object value) {
        if (value instanceof LuaString s) {
            L.chargeBytes((long) s.length() * DIGIT_COST);
        }
        return coerce(value);
    }

    /** As {@link #coerce(LuaState, Object)}, without charging. */
    public static Object coerce(Object value) {
        if (value instanceof Long || value instanceof Double) {
            return value;
        }
        return value instanceof LuaString s ? parse(s) : null;
    }

    /**
     * The number a string spells by the rules of the lexer, with white space around it allowed; none if it spells none.
     */
    public static @Nullable Object parse(LuaString s) {
        return NumberReader.read(s.bytes, 0, s.bytes.length);
    }

    /** The text of a {@code Long} or {@code Double} as {@code tostring} gives it. */
    public static LuaString toString(Object number) {
        if (number instanceof Long i) {
            return LuaString.wrap(NumberText.bytes(i));
        }
        return LuaString.wrap(NumberText.bytes((Double) number));
    }

    /** Whether the float has an exact integer value in the range of a {@code long}. */
    public static boolean isIntegral(double d) {
        return d >= -0x1p63 && d < 0x1p63 && d == Math.rint(d);
    }

    /** The integer that {@code value} (a number, or a string that spells one) is equal to, if there is one. */
    public static @Nullable Long toInteger(Object value) {
        if (value instanceof Long i) {
            return i;
        }
        if (value instanceof Double d) {
            return isIntegral(d) ? (Long) (long) (double) d : null;
        }
        return value instanceof LuaString s ? toInteger(parse(s)) : null;
    }
}
