package io.memroute.lua.runtime;

import io.memroute.lua.CallStack;
import io.memroute.lua.Calls;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.Metatables;

/**
 * Arithmetic and bit operators: integers wrap around, a float operand makes a float, strings that spell numbers are
 * converted, everything else goes to metamethods.
 *
 * <p>Code generated from Lua handles the common types itself and comes here for the rest.
 */
public final class Arithmetic {

    private Arithmetic() {}

    public static Object add(LuaState L, Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return x + y;
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x + y;
        }
        return addSlow(L, a, b);
    }

    private static Object addSlow(LuaState L, Object a, Object b) {
        if (a instanceof Long i && b instanceof Double) {
            double x = i;
            double y = (Double) b;
            return x + y;
        }
        if (a instanceof Double && b instanceof Long j) {
            double x = (Double) a;
            double y = j;
            return x + y;
        }
        Object x0 = LuaNumber.coerce(L, a);
        Object y0 = LuaNumber.coerce(L, b);
        return x0 != null && y0 != null ? add(L, x0, y0) : byMeta(L, a, b, Metatables.ADD);
    }

    public static Object sub(LuaState L, Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return x - y;
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x - y;
        }
        return subSlow(L, a, b);
    }

    private static Object subSlow(LuaState L, Object a, Object b) {
        if (a instanceof Long i && b instanceof Double) {
            double x = i;
            double y = (Double) b;
            return x - y;
        }
        if (a instanceof Double && b instanceof Long j) {
            double x = (Double) a;
            double y = j;
            return x - y;
        }
        Object x0 = LuaNumber.coerce(L, a);
        Object y0 = LuaNumber.coerce(L, b);
        return x0 != null && y0 != null ? sub(L, x0, y0) : byMeta(L, a, b, Metatables.SUB);
    }

    public static Object mul(LuaState L, Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return x * y;
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x * y;
        }
        return mulSlow(L, a, b);
    }

    private static Object mulSlow(LuaState L, Object a, Object b) {
        if (a instanceof Long i && b instanceof Double) {
            double x = i;
            double y = (Double) b;
            return x * y;
        }
        if (a instanceof Double && b instanceof Long j) {
            double x = (Double) a;
            double y = j;
            return x * y;
        }
        Object x0 = LuaNumber.coerce(L, a);
        Object y0 = LuaNumber.coerce(L, b);
        return x0 != null && y0 != null ? mul(L, x0, y0) : byMeta(L, a, b, Metatables.MUL);
    }

    public static Object mod(LuaState L, Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return mod(L, (long) x, (long) y);
        }
        if (a instanceof Double x && b instanceof Double y) {
            return mod(x, y);
        }
        return modSlow(L, a, b);
    }

    private static Object modSlow(LuaState L, Object a, Object b) {
        if (a instanceof Long i && b instanceof Double) {
            double x = i;
            double y = (Double) b;
            return mod(x, y);
        }
        if (a instanceof Double && b instanceof Long j) {
            double x = (Double) a;
            double y = j;
            return mod(x, y);
        }
        Object x0 = LuaNumber.coerce(L, a);
        Object y0 = LuaNumber.coerce(L, b);
        return x0 != null && y0 != null ? mod(L, x0, y0) : byMeta(L, a, b, Metatables.MOD);
    }

    public static Object idiv(LuaState L, Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return idiv(L, (long) x, (long) y);
        }
        if (a instanceof Double x && b instanceof Double y) {
            return Math.floor(x / y);
        }
        return idivSlow(L, a, b);
    }

    private static Object idivSlow(LuaState L, Object a, Object b) {
        if (a instanceof Long i && b instanceof Double) {
            double x = i;
            double y = (Double) b;
            return Math.floor(x / y);
        }
        if (a instanceof Double && b instanceof Long j) {
            double x = (Double) a;
            double y = j;
            return Math.floor(x / y);
        }
        Object x0 = LuaNumber.coerce(L, a);
        Object y0 = LuaNumber.coerce(L, b);
        return x0 != null && y0 != null ? idiv(L, x0, y0) : byMeta(L, a, b, Metatables.IDIV);
    }

    public static Object div(LuaState L, Object a, Object b) {
        if (a instanceof Double x && b instanceof Double y) {
            return x / y;
        }
        if (a instanceof Long x && b instanceof Long y) {
            return (double) x / (double) y;
        }
        return divSlow(L, a, b);
    }

    private static Object divSlow(LuaState L, Object a, Object b) {
        Object x = LuaNumber.coerce(L, a);
        Object y = LuaNumber.coerce(L, b);
        if (x == null || y == null) {
            return byMeta(L, a, b, Metatables.DIV);
        }
        double p = x instanceof Long i ? (double) i : (Double) x;
        double q = y instanceof Long i ? (double) i : (Double) y;
        return p / q;
    }

    public static Object pow(LuaState L, Object a, Object b) {
        if (a instanceof Double x && b instanceof Double y) {
            return power(x, y);
        }
        if (a instanceof Long x && b instanceof Long y) {
            return power((double) x, (double) y);
        }
        return powSlow(L, a, b);
    }

    private static Object powSlow(LuaState L, Object a, Object b) {
        Object x = LuaNumber.coerce(L, a);
        Object y = LuaNumber.coerce(L, b);
        if (x == null || y == null) {
            return byMeta(L, a, b, Metatables.POW);
        }
        double p = x instanceof Long i ? (double) i : (Double) x;
        double q = y instanceof Long i ? (double) i : (Double) y;
        return power(p, q);
    }

    public static Object band(LuaState L, Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return x & y;
        }
        Long x = integer(a);
        Long y = integer(b);
        return x != null && y != null ? (Object) (x & y) : bitwiseByMeta(L, a, b, Metatables.BAND);
    }

    public static Object bor(LuaState L, Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return x | y;
        }
        Long x = integer(a);
        Long y = integer(b);
        return x != null && y != null ? (Object) (x | y) : bitwiseByMeta(L, a, b, Metatables.BOR);
    }

    public static Object bxor(LuaState L, Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return x ^ y;
        }
        Long x = integer(a);
        Long y = integer(b);
        return x != null && y != null ? (Object) (x ^ y) : bitwiseByMeta(L, a, b, Metatables.BXOR);
    }

    public static Object shl(LuaState L, Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return shiftLeft(x, y);
        }
        Long x = integer(a);
        Long y = integer(b);
        return x != null && y != null ? (Object) (shiftLeft(x, y)) : bitwiseByMeta(L, a, b, Metatables.SHL);
    }

    public static Object shr(LuaState L, Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return shiftRight(x, y);
        }
        Long x = integer(a);
        Long y = integer(b);
        return x != null && y != null ? (Object) (shiftRight(x, y)) : bitwiseByMeta(L, a, b, Metatables.SHR);
    }

    /**
     * The integer a number is equal to. Strings are not converted here: in 5.4 that is left to metamethods, which the
     * string library does not define for bit operators.
     */
    private static Long integer(Object value) {
        return value instanceof LuaString ? null : LuaNumber.toInteger(value);
    }

    private static Object bitwiseByMeta(LuaState L, Object a, Object b, LuaString event) {
        Object handler = handler(L, a, b, event);
        if (handler != null) {
            return Calls.first(L, Calls.call(L, handler, a, b));
        }
        boolean firstIsNumber = a instanceof Long || a instanceof Double;
        if (firstIsNumber && (b instanceof Long || b instanceof Double)) {
            throw CallStack.integerError(L, integer(a) == null ? 0 : 1);
        }
        throw CallStack.operandError(L, firstIsNumber ? b : a, firstIsNumber ? 1 : 0, "perform bitwise operation on");
    }

    public static Object unm(LuaState L, Object a) {
        if (a instanceof Long x) {
            return -x;
        }
        if (a instanceof Double x) {
            return -x;
        }
        Object x = LuaNumber.coerce(L, a);
        return x != null ? unm(L, x) : byMeta(L, a, a, Metatables.UNM);
    }

    public static Object bnot(LuaState L, Object a) {
        if (a instanceof Long x) {
            return ~x;
        }
        Long x = integer(a);
        return x != null ? (Object) ~x : bitwiseByMeta(L, a, a, Metatables.BNOT);
    }

    private static Object handler(LuaState L, Object a, Object b, LuaString event) {
        Object handler = Metatables.metamethod(L, a, event);
        return handler != null ? handler : Metatables.metamethod(L, b, event);
    }

    private static Object byMeta(LuaState L, Object a, Object b, LuaString event) {
        Object handler = handler(L, a, b, event);
        if (handler != null) {
            return Calls.first(L, Calls.call(L, handler, a, b));
        }
        // C Lua blames the second operand if the first is a number.
        boolean second =
                a instanceof Long || a instanceof Double || a instanceof LuaString s && LuaNumber.parse(s) != null;
        throw CallStack.operandError(L, second ? b : a, second ? 1 : 0, "perform arithmetic on");
    }

    // ---- on plain numbers ----

    public static long mod(LuaState L, long a, long b) {
        if (b == 0) {
            throw CallStack.operatorError(L, "attempt to perform 'n%0'");
        }
        return Math.floorMod(a, b);
    }

    public static double mod(double a, double b) {
        double r = a % b;
        return r != 0 && (r < 0) != (b < 0) ? r + b : r;
    }

    public static long idiv(LuaState L, long a, long b) {
        if (b == 0) {
            throw CallStack.operatorError(L, "attempt to divide by zero");
        }
        return Math.floorDiv(a, b);
    }

    public static double power(double a, double b) {
        return b == 2 ? a * a : Math.pow(a, b);
    }

    /** Shifts by 64 and more give 0, negative shifts go the other way; bits are unsigned. */
    public static long shiftLeft(long a, long b) {
        if (b <= -64 || b >= 64) {
            return 0;
        }
        return b >= 0 ? a << b : a >>> -b;
    }

    public static long shiftRight(long a, long b) {
        if (b <= -64 || b >= 64) {
            return 0;
        }
        return b >= 0 ? a >>> b : a << -b;
    }
}
