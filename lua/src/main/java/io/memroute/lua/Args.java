package io.memroute.lua;

/**
 * Checks of the arguments of Java functions, with the messages of Lua's own auxiliary library: {@code bad argument #1
 * to 'insert' (table expected, got nil)}.
 *
 * <p>{@code n} is the argument's number as the message shows it, counted from 1. The forms taking an array pick the
 * argument from it and know a missing one from nil.
 */
public final class Args {

    private Args() {}

    // ---- one value ----

    public static LuaTable table(LuaState L, Object value, int n) {
        if (value instanceof LuaTable t) {
            return t;
        }
        throw typeError(L, value, n, "table");
    }

    public static LuaFunction function(LuaState L, Object value, int n) {
        if (value instanceof LuaFunction f) {
            return f;
        }
        throw typeError(L, value, n, "function");
    }

    /** A string, or a number converted to one. */
    public static LuaString string(LuaState L, Object value, int n) {
        if (value instanceof LuaString s) {
            return s;
        }
        if (value instanceof Long || value instanceof Double) {
            return LuaNumber.toString(value);
        }
        throw typeError(L, value, n, "string");
    }

    /** An integer, or a float or string with an integral value. */
    public static long integer(LuaState L, Object value, int n) {
        if (value instanceof Long i) {
            return i;
        }
        return integerSlow(L, value, n);
    }

    private static long integerSlow(LuaState L, Object value, int n) {
        Object number = LuaNumber.coerce(value);
        if (number instanceof Long i) {
            return i;
        }
        if (number instanceof Double d) {
            if (LuaNumber.isIntegral(d)) {
                return (long) (double) d;
            }
            throw bad(L, n, "number has no integer representation");
        }
        throw typeError(L, value, n, "number");
    }

    /**
     * An integer that must fit an {@code int}, clamped to its range: for counts and positions in strings, which are
     * never that long.
     */
    public static int clampedInt(LuaState L, Object value, int n) {
        return Math.clamp(integer(L, value, n), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** A number as a float. */
    public static double number(LuaState L, Object value, int n) {
        if (value instanceof Double d) {
            return d;
        }
        Object number = LuaNumber.coerce(value);
        if (number == null) {
            throw typeError(L, value, n, "number");
        }
        return number instanceof Long i ? (double) i : (Double) number;
    }

    public static long optInteger(LuaState L, Object value, int n, long otherwise) {
        return value == null ? otherwise : integer(L, value, n);
    }

    public static double optNumber(LuaState L, Object value, int n, double otherwise) {
        return value == null ? otherwise : number(L, value, n);
    }

    public static LuaString optString(LuaState L, Object value, int n, LuaString otherwise) {
        return value == null ? otherwise : string(L, value, n);
    }

    /** A host object of the given Java type; {@code typeName} is what the message calls it. */
    public static <T> T userdata(LuaState L, Object value, int n, Class<T> type, String typeName) {
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        throw typeError(L, value, n, typeName);
    }

    /** Everything but false and nil is true. */
    public static boolean truth(Object value) {
        return value != null && value != Boolean.FALSE;
    }

    // ---- the n-th of an array ----

    /** The {@code n}-th argument, nil if it is missing. */
    public static Object at(Object[] args, int n) {
        return n <= args.length ? args[n - 1] : null;
    }

    /** The {@code n}-th argument, which may be nil but must be there: {@code value expected}. */
    public static Object any(LuaState L, Object[] args, int n) {
        if (n > args.length) {
            throw bad(L, n, "value expected");
        }
        return args[n - 1];
    }

    public static LuaTable table(LuaState L, Object[] args, int n) {
        present(L, args, n, "table");
        return table(L, args[n - 1], n);
    }

    public static LuaFunction function(LuaState L, Object[] args, int n) {
        present(L, args, n, "function");
        return function(L, args[n - 1], n);
    }

    public static LuaString string(LuaState L, Object[] args, int n) {
        present(L, args, n, "string");
        return string(L, args[n - 1], n);
    }

    public static long integer(LuaState L, Object[] args, int n) {
        present(L, args, n, "number");
        return integer(L, args[n - 1], n);
    }

    public static double number(LuaState L, Object[] args, int n) {
        present(L, args, n, "number");
        return number(L, args[n - 1], n);
    }

    public static long optInteger(LuaState L, Object[] args, int n, long otherwise) {
        return optInteger(L, at(args, n), n, otherwise);
    }

    public static LuaString optString(LuaState L, Object[] args, int n, LuaString otherwise) {
        return optString(L, at(args, n), n, otherwise);
    }

    private static void present(LuaState L, Object[] args, int n, String expected) {
        if (n > args.length) {
            throw bad(L, n, expected + " expected, got no value");
        }
    }

    // ---- errors, to be thrown by the caller ----

    /** {@code bad argument #n to 'function' (problem)}, with the place of the call in front. */
    public static BadArgument bad(LuaState L, int n, String problem) {
        return badArgument(L, n, problem, null);
    }

    /** {@code bad argument #n to 'function' (expected expected, got type)}. */
    public static BadArgument typeError(LuaState L, Object value, int n, String expected) {
        return badArgument(
                L,
                n,
                expected + " expected, got " + Metatables.typeNameForMessages(L, value),
                value == null ? expected : null);
    }

    private static BadArgument badArgument(LuaState L, int n, String problem, String expected) {
        BadArgument e = new BadArgument(L, CallStack.badArgumentMessage(L, n, problem), n, problem, expected);
        LuaError handled = CallStack.handled(L, e);
        return handled == e ? e : new BadArgument(L, handled, n, problem, expected);
    }

    /**
     * A wrong argument of a Java function, thrown by {@link Args}. It is turned into the error the script sees where
     * the number of arguments really given is known: a missing argument reads "got no value", a nil one "got nil".
     */
    public static final class BadArgument extends LuaError {
        private final transient LuaState state;
        private final int argument;
        private final String problem;
        private final String expected;

        BadArgument(LuaState state, Object message, int argument, String problem, String expected) {
            super(message);
            this.state = state;
            this.argument = argument;
            this.problem = problem;
            this.expected = expected;
        }

        /** Has the value that a message handler made of it. */
        BadArgument(LuaState state, LuaError handled, int argument, String problem, String expected) {
            this(state, handled.value(), argument, problem, expected);
            setHandled();
        }

        /** The error to throw knowing that only {@code count} arguments were given to {@code function}. */
        public LuaError given(int count, LuaFunction function) {
            if (expected == null || argument <= count || problem.endsWith("got no value")) {
                return this;
            }
            return bad(state, argument, expected + " expected, got no value");
        }
    }
}
