package io.memroute.lua;

import org.jspecify.annotations.Nullable;

/** {@code ..} and {@code tostring}. */
public final class Concatenation {
    private static final LuaString NIL = LuaString.constant("nil");
    private static final LuaString TRUE = LuaString.constant("true");
    private static final LuaString FALSE = LuaString.constant("false");

    /** The longest string; the JVM's arrays end a few elements below 2^31. */
    private static final int MAX_LENGTH = Integer.MAX_VALUE - 16;

    private Concatenation() {}

    /** The string that a string or number is in {@code ..}; none for other values. */
    private static @Nullable LuaString text(Object value) {
        if (value instanceof LuaString s) {
            return s;
        }
        return value instanceof Long || value instanceof Double ? LuaNumber.toString(value) : null;
    }

    public static Object concat(LuaState L, Object a, Object b) {
        LuaString x = text(a);
        LuaString y = x == null ? null : text(b);
        if (y == null) {
            return byMeta(L, a, b, 0);
        }
        return join(L, x, y);
    }

    private static LuaString join(LuaState L, LuaString x, LuaString y) {
        int n = x.bytes.length;
        int m = y.bytes.length;
        if (n == 0) {
            return y;
        }
        if (m == 0) {
            return x;
        }
        byte[] bytes = allocate(L, (long) n + m);
        System.arraycopy(x.bytes, 0, bytes, 0, n);
        System.arraycopy(y.bytes, 0, bytes, n, m);
        return LuaString.wrap(bytes);
    }

    /** {@code a .. b .. c .. ...}: right to left where metamethods are involved, in one go where not. */
    public static Object concat(LuaState L, Object[] values) {
        int n = values.length;
        Object right = values[n - 1];
        int i = n - 1;
        while (i > 0) {
            LuaString last = text(right);
            int from = i;
            long total = last == null ? 0 : last.length();
            while (from > 0 && last != null) {
                LuaString s = text(values[from - 1]);
                if (s == null) {
                    break;
                }
                values[--from] = s;
                total += s.length();
            }
            if (from == i) {
                right = byMeta(L, values[i - 1], right, i - 1);
                i--;
                continue;
            }
            byte[] bytes = allocate(L, total);
            int at = 0;
            for (int j = from; j < i; j++) {
                byte[] b = ((LuaString) values[j]).bytes;
                System.arraycopy(b, 0, bytes, at, b.length);
                at += b.length;
            }
            System.arraycopy(last.bytes, 0, bytes, at, last.bytes.length);
            right = LuaString.wrap(bytes);
            i = from;
        }
        return right;
    }

    private static byte[] allocate(LuaState L, long length) {
        if (length > MAX_LENGTH) {
            throw CallStack.operatorError(L, "string length overflow");
        }
        if (length > 4096) {
            L.reserve(length);
        }
        return new byte[(int) length];
    }

    private static Object byMeta(LuaState L, Object a, Object b, int leftOperand) {
        Object handler = Metatables.metamethod(L, a, Metatables.CONCAT);
        if (handler == null) {
            handler = Metatables.metamethod(L, b, Metatables.CONCAT);
        }
        if (handler == null) {
            boolean leftIsFine = text(a) != null;
            throw CallStack.operandError(
                    L, leftIsFine ? b : a, leftIsFine ? leftOperand + 1 : leftOperand, "concatenate");
        }
        return Calls.first(L, Calls.call(L, handler, a, b));
    }

    public static LuaString tostring(LuaState L, Object value) {
        return switch (value) {
            case LuaString s -> s;
            case Long n -> LuaNumber.toString(n);
            case Double n -> LuaNumber.toString(n);
            case null -> L.nilMetatable == null ? NIL : byMetaOrType(L, null);
            case Boolean b -> L.booleanMetatable == null ? (b ? TRUE : FALSE) : byMetaOrType(L, b);
            default -> byMetaOrType(L, value);
        };
    }

    private static LuaString byMetaOrType(LuaState L, Object value) {
        Object handler = Metatables.metamethod(L, value, Metatables.TOSTRING);
        if (handler != null) {
            Object s = Results.first(L.call(handler, value));
            if (s instanceof LuaString string) {
                return string;
            }
            if (s instanceof Long || s instanceof Double) {
                return LuaNumber.toString(s);
            }
            throw L.error("'__tostring' must return a string");
        }
        if (value == null) {
            return NIL;
        }
        if (value instanceof Boolean b) {
            return b ? TRUE : FALSE;
        }
        String type = Metatables.metamethod(L, value, Metatables.NAME) instanceof LuaString name
                ? name.toString()
                : Metatables.typeName(value);
        boolean builtin = value instanceof LuaFunction && !(value instanceof LuaFunction.InLua);
        return LuaString.of(type + ": " + (builtin ? "builtin: " : "") + Metatables.identity(value));
    }
}
