package io.memroute.lua;

/**
 * A Lua function, written in Lua or in Java.
 *
 * <p>Calls of up to three arguments pass them as such; longer ones pass an array. A function returns one
 * {@code Object}: a value, or, for no result or several, an {@code Object[]} holding them ({@link Results}). An array
 * of arguments or results is never changed once it was passed.
 *
 * <p>Functions in Java extend {@link Function0}, {@link Function1}, {@link Function2}, {@link Function3} or
 * {@link VarFunction}, or wrap a lambda ({@link #of}). A subclass of its own is the faster form: the JVM can inline it
 * where it is called.
 */
public abstract class LuaFunction {

    public abstract Object call(LuaState L);

    public abstract Object call(LuaState L, Object a);

    public abstract Object call(LuaState L, Object a, Object b);

    public abstract Object call(LuaState L, Object a, Object b, Object c);

    /** Calls with any number of arguments. */
    public abstract Object invoke(LuaState L, Object[] args);

    /** The name in messages where the calling code gives none; for a Lua function its place, {@code chunk:line}. */
    public abstract String name();

    @FunctionalInterface
    public interface Body0 {
        Object call(LuaState L);
    }

    @FunctionalInterface
    public interface Body1 {
        Object call(LuaState L, Object a);
    }

    @FunctionalInterface
    public interface Body2 {
        Object call(LuaState L, Object a, Object b);
    }

    @FunctionalInterface
    public interface Body3 {
        Object call(LuaState L, Object a, Object b, Object c);
    }

    @FunctionalInterface
    public interface BodyN {
        Object invoke(LuaState L, Object[] args);
    }

    /** A function without arguments. An error that it raises as it is gets a traceback, as one of Lua does. */
    public static LuaFunction of(String name, Body0 body) {
        return new Function0(name) {
            @Override
            public Object call(LuaState L) {
                try {
                    return body.call(L);
                } catch (LuaError e) {
                    throw Calls.traced(L, e);
                }
            }
        };
    }

    /** A function of one argument; the same holds for its errors. */
    public static LuaFunction of(String name, Body1 body) {
        return new Function1(name) {
            @Override
            public Object call(LuaState L, Object a) {
                try {
                    return body.call(L, a);
                } catch (LuaError e) {
                    throw Calls.traced(L, e);
                }
            }
        };
    }

    /** A function of two arguments; the same holds for its errors. */
    public static LuaFunction of(String name, Body2 body) {
        return new Function2(name) {
            @Override
            public Object call(LuaState L, Object a, Object b) {
                try {
                    return body.call(L, a, b);
                } catch (LuaError e) {
                    throw Calls.traced(L, e);
                }
            }
        };
    }

    /** A function of three arguments; the same holds for its errors. */
    public static LuaFunction of(String name, Body3 body) {
        return new Function3(name) {
            @Override
            public Object call(LuaState L, Object a, Object b, Object c) {
                try {
                    return body.call(L, a, b, c);
                } catch (LuaError e) {
                    throw Calls.traced(L, e);
                }
            }
        };
    }

    /** A function of any number of arguments; the same holds for its errors. */
    public static LuaFunction varargs(String name, BodyN body) {
        return new VarFunction(name) {
            @Override
            public Object invoke(LuaState L, Object[] args) {
                try {
                    return body.invoke(L, args);
                } catch (LuaError e) {
                    throw Calls.traced(L, e);
                }
            }
        };
    }

    /** A function written in Lua. A caller makes its tail calls, so that they do not pile up. */
    public abstract static class InLua extends LuaFunction {}
}
