package io.memroute.lua;

import org.jspecify.annotations.Nullable;

/** Calls of values that may or may not be functions, tail calls, and protected calls. */
public final class Calls {
    /** Fewer values are copied at no charge: that takes about a step. */
    private static final int COPIED_FREELY = 64;

    private Calls() {}

    public static Object call(LuaState L, Object f) {
        return f instanceof LuaFunction fn ? fn.call(L) : callMeta(L, f, Results.NONE);
    }

    public static Object call(LuaState L, Object f, Object a) {
        return f instanceof LuaFunction fn ? fn.call(L, a) : callMeta(L, f, new Object[] {a});
    }

    public static Object call(LuaState L, Object f, Object a, Object b) {
        return f instanceof LuaFunction fn ? fn.call(L, a, b) : callMeta(L, f, new Object[] {a, b});
    }

    public static Object call(LuaState L, Object f, Object a, Object b, Object c) {
        return f instanceof LuaFunction fn ? fn.call(L, a, b, c) : callMeta(L, f, new Object[] {a, b, c});
    }

    public static Object invoke(LuaState L, Object f, Object[] args) {
        return f instanceof LuaFunction fn ? fn.invoke(L, args) : callMeta(L, f, args);
    }

    static Object callMeta(LuaState L, Object f, Object[] args) {
        Object target = f;
        Object[] all = args;
        for (int i = 0; i < Coroutine.MAX_NESTED_CALLS; i++) {
            Object meta = Metatables.metamethod(L, target, Metatables.CALL);
            if (meta == null) {
                throw CallStack.callError(L, target, target == f);
            }
            Object[] longer = new Object[all.length + 1];
            longer[0] = target;
            System.arraycopy(all, 0, longer, 1, all.length);
            all = longer;
            if (meta instanceof LuaFunction fn) {
                return fn.invoke(L, all);
            }
            target = meta;
        }
        throw CallStack.operatorError(L, "'__call' chain too long; possible loop");
    }

    // ---- for compiled code ----

    /**
     * The function that calling {@code f} runs. Something that cannot be called gives an error only when it is called,
     * after its arguments were evaluated.
     */
    public static LuaFunction function(Object f) {
        return f instanceof LuaFunction fn ? fn : new NotAFunction(f);
    }

    /** The argument at an index, nil beyond the last. */
    public static Object argument(Object[] args, int index) {
        return index < args.length ? args[index] : null;
    }

    /** The arguments from an index on. */
    public static Object[] rest(Object[] args, int from) {
        return args.length > from ? java.util.Arrays.copyOfRange(args, from, args.length) : Results.NONE;
    }

    /** The values of an array followed by the results of a call. */
    public static Object[] append(Object[] values, Object results) {
        int n = values.length;
        if (!Results.isMany(results)) {
            Object[] all = java.util.Arrays.copyOf(values, n + 1);
            all[n] = results;
            return all;
        }
        Object[] more = (Object[]) results;
        Object[] all = java.util.Arrays.copyOf(values, n + more.length);
        System.arraycopy(more, 0, all, n, more.length);
        return all;
    }

    /** Charges for results that are about to be copied into arguments or a table. */
    public static Object copied(LuaState L, Object results) {
        if (Results.isMany(results) && ((Object[]) results).length >= COPIED_FREELY) {
            L.budget.charge(((Object[]) results).length / Budget.VALUES_PER_STEP);
        }
        return results;
    }

    // ---- tail calls ----

    /**
     * First element of an array that is not results but a tail call to make: then the function and its arguments
     * follow.
     */
    private static final Object TAIL_CALL = new Object();

    /** A tail call of a Lua function, to be made by the caller; a Java function is called. */
    public static Object tailCall(LuaState L, LuaFunction f) {
        return f instanceof LuaFunction.InLua ? new Object[] {TAIL_CALL, f} : f.call(L);
    }

    public static Object tailCall(LuaState L, LuaFunction f, Object a) {
        return f instanceof LuaFunction.InLua ? new Object[] {TAIL_CALL, f, a} : f.call(L, a);
    }

    public static Object tailCall(LuaState L, LuaFunction f, Object a, Object b) {
        return f instanceof LuaFunction.InLua ? new Object[] {TAIL_CALL, f, a, b} : f.call(L, a, b);
    }

    public static Object tailCall(LuaState L, LuaFunction f, Object a, Object b, Object c) {
        return f instanceof LuaFunction.InLua ? new Object[] {TAIL_CALL, f, a, b, c} : f.call(L, a, b, c);
    }

    public static Object tailInvoke(LuaState L, LuaFunction f, Object[] args) {
        if (!(f instanceof LuaFunction.InLua)) {
            return f.invoke(L, args);
        }
        Object[] call = new Object[args.length + 2];
        call[0] = TAIL_CALL;
        call[1] = f;
        System.arraycopy(args, 0, call, 2, args.length);
        return call;
    }

    /**
     * A tail call that a Java function returns for its caller to make: a caller that does not look into the result does
     * not wait for it. It may be kept and returned any number of times.
     */
    public static Object pending(LuaFunction f, Object a) {
        return new Object[] {TAIL_CALL, f, a};
    }

    /**
     * Makes the tail call that may be pending in a result, and those after it, but not one of {@code last}: a host that
     * knows what that function does may do without calling it, as when a wait would be the last thing of a coroutine.
     */
    public static Object resolveUpTo(LuaState L, Object result, LuaFunction last) {
        Object r = result;
        while (r != null && r.getClass() == Object[].class && !isPending(r, last)) {
            Object[] many = (Object[]) r;
            if (many.length == 0 || many[0] != TAIL_CALL) {
                return r;
            }
            r = callPending(L, many);
        }
        return r;
    }

    /** Whether a result is a tail call of this function that has not been made. */
    public static boolean isPending(Object result, LuaFunction f) {
        return result != null && result.getClass() == Object[].class && isPending((Object[]) result, f);
    }

    private static boolean isPending(Object[] results, LuaFunction f) {
        return results.length > 1 && results[0] == TAIL_CALL && results[1] == f;
    }

    /**
     * A Java function that suspends the running coroutine until something has happened. A host function that returns a
     * {@link #pending} call of it lets a caller that can be left and entered again ({@code ResumableCall}) do without
     * being suspended.
     */
    public abstract static class WaitFunction extends Function1 {
        protected WaitFunction(String name) {
            super(name);
        }
    }

    /** Whether a result is a pending call of a {@link WaitFunction}. */
    public static boolean isWait(Object result) {
        return result != null
                && result.getClass() == Object[].class
                && ((Object[]) result).length > 1
                && ((Object[]) result)[0] == TAIL_CALL
                && ((Object[]) result)[1] instanceof WaitFunction;
    }

    /** The first argument of a call that {@link #pending} has made. */
    public static Object pendingArgument(Object pending) {
        return ((Object[]) pending)[2];
    }

    /**
     * The real results of a call: a Lua function may return a pending tail call instead. A caller of
     * {@link LuaFunction} methods directly, not through {@link LuaState}, passes the result through here before looking
     * into it; returning it unseen is fine.
     */
    public static Object resolve(LuaState L, Object result) {
        return result != null && result.getClass() == Object[].class ? resolveMany(L, (Object[]) result) : result;
    }

    private static Object resolveMany(LuaState L, Object[] results) {
        Object[] r = results;
        while (r.length != 0 && r[0] == TAIL_CALL) {
            Object next = callPending(L, r);
            if (next == null || next.getClass() != Object[].class) {
                return next;
            }
            r = (Object[]) next;
        }
        return r;
    }

    private static Object callPending(LuaState L, Object[] r) {
        L.tailCalled = r[1] instanceof LuaFunction.InLua;
        return switch (r.length) {
            case 2 -> call(L, r[1]);
            case 3 -> call(L, r[1], r[2]);
            case 4 -> call(L, r[1], r[2], r[3]);
            case 5 -> call(L, r[1], r[2], r[3], r[4]);
            default -> invoke(L, r[1], java.util.Arrays.copyOfRange(r, 2, r.length));
        };
    }

    /** Makes the tail call that may be pending, for calls whose results are not needed. */
    public static void discard(LuaState L, Object result) {
        if (result != null && result.getClass() == Object[].class) {
            resolveMany(L, (Object[]) result);
        }
    }

    /** The first result of a call, tail calls made. */
    public static Object first(LuaState L, Object result) {
        return result != null && result.getClass() == Object[].class ? firstOf(L, (Object[]) result) : result;
    }

    private static Object firstOf(LuaState L, Object[] results) {
        Object r = resolveMany(L, results);
        return Results.first(r);
    }

    // ---- protected calls ----

    /** Stands for a message handler that takes a traceback: the host's. */
    private static final Object TRACEBACK = new Object();

    /** Calls beyond the limit that a message handler may make after a stack overflow. */
    private static final int HANDLER_DEPTH = 100;

    /** Runs a host's entry; see {@link LuaState#run}. */
    static Object run(LuaState L, LuaFunction function, Object[] args) {
        int depth = L.depth - L.depthBase;
        int nested = L.nestedCalls - L.nestedBase;
        Object handler = L.messageHandler;
        boolean counting = L.budget.start(L.limits());
        L.messageHandler = TRACEBACK;
        try {
            return resolve(L, function.invoke(L, args));
        } catch (LimitError.Exceeded e) {
            L.depth = L.depthBase + depth;
            L.nestedCalls = L.nestedBase + nested;
            throw e.error;
        } catch (Throwable t) {
            throw caught(L, t, depth, nested);
        } finally {
            L.messageHandler = handler;
            if (counting) {
                L.budget.close();
            }
        }
    }

    /**
     * Gives an error that a Java function has thrown the host's traceback, unless a message handler of Lua is there.
     */
    static LuaError traced(LuaState L, LuaError error) {
        return L.messageHandler == TRACEBACK ? runHandler(L, TRACEBACK, error) : error;
    }

    /** Shows an error being raised to the message handler; what that returns becomes the error's value. */
    static LuaError runHandler(LuaState L, Object handler, LuaError error) {
        if (handler == TRACEBACK) {
            if (error.traceback() == null) {
                error.setTraceback(CallStack.traceback(L, 0));
            }
            return error;
        }
        int limit = L.depthLimit;
        L.depthLimit = Math.max(limit, L.depth + HANDLER_DEPTH);
        try {
            Object value = Results.first(L.call(handler, error.value()));
            LuaError handled = new LuaError(value);
            handled.setHandled();
            return handled;
        } finally {
            L.depthLimit = limit;
        }
    }

    /**
     * {@code pcall} and {@code xpcall}: true and the results, or false and the error's value, which a {@code handler}
     * (if there is one) may exchange.
     */
    public static Object protect(LuaState L, @Nullable Object handler, Object function, Object[] args) {
        int depth = L.depth - L.depthBase;
        int nested = L.nestedCalls - L.nestedBase;
        Object outerHandler = L.messageHandler;
        Object frames = L.debugFrames;
        L.messageHandler = handler;
        Object[] values;
        try {
            if (++L.nestedCalls >= Coroutine.MAX_NESTED_CALLS) {
                throw nestedOverflow(L);
            }
            Object r = resolve(L, invoke(L, function, args));
            L.nestedCalls = L.nestedBase + nested;
            values = new Object[Results.count(r) + 1];
            values[0] = Boolean.TRUE;
            if (Results.isMany(r)) {
                System.arraycopy((Object[]) r, 0, values, 1, values.length - 1);
            } else {
                values[1] = r;
            }
        } catch (Throwable t) {
            L.debugFrames = frames;
            LuaError e = caught(L, t, depth, nested);
            if (handler != null && !e.isHandled()) {
                e = handleLate(L, handler, e);
            }
            values = new Object[] {Boolean.FALSE, e.value()};
        } finally {
            L.messageHandler = outerHandler;
        }
        return values;
    }

    /** Handles an error that was not raised in Lua's own way: the handler runs after the stack was left. */
    private static LuaError handleLate(LuaState L, Object handler, LuaError error) {
        int depth = L.depth - L.depthBase;
        int nested = L.nestedCalls - L.nestedBase;
        try {
            return runHandler(L, handler, error);
        } catch (Throwable t) {
            return caught(L, t, depth, nested);
        }
    }

    /**
     * Turns something thrown into the error of a protected call: restores the counts (from the running coroutine's
     * base) that were true before the call and gives the Lua error. A coroutine being closed, reached limits and fatal
     * JVM errors are not for scripts and are thrown on.
     */
    public static LuaError caught(LuaState L, Throwable t, int depth, int nestedCalls) {
        L.depth = L.depthBase + depth;
        L.nestedCalls = L.nestedBase + nestedCalls;
        return switch (t) {
            case LuaError e -> e;
            case LimitError.Exceeded e -> throw e;
            case StackOverflowError e -> new LuaError("stack overflow");
            case OutOfMemoryError e -> new LuaError("not enough memory");
            case Coroutine.Kill e -> throw e;
            case RuntimeException e -> new LuaError("internal error: " + e, e);
            case Error e -> throw e;
            default -> new LuaError("internal error: " + t, t);
        };
    }

    /** Too many Lua calls in each other. */
    public static LuaError depthOverflow(LuaState L) {
        return CallStack.operatorError(L, "stack overflow");
    }

    static LuaError nestedOverflow(LuaState L) {
        return L.nestedCalls >= Coroutine.MAX_NESTED_CALLS * 11 / 10
                ? new LuaError("error in error handling")
                : CallStack.error(L, "C stack overflow");
    }

    /**
     * A value that is no function where compiled code calls one: calls its {@code __call}, or says that it cannot be
     * called.
     */
    public static final class NotAFunction extends LuaFunction {
        private final Object value;

        private NotAFunction(Object value) {
            this.value = value;
        }

        @Override
        public Object call(LuaState L) {
            return callMeta(L, value, Results.NONE);
        }

        @Override
        public Object call(LuaState L, Object a) {
            return callMeta(L, value, new Object[] {a});
        }

        @Override
        public Object call(LuaState L, Object a, Object b) {
            return callMeta(L, value, new Object[] {a, b});
        }

        @Override
        public Object call(LuaState L, Object a, Object b, Object c) {
            return callMeta(L, value, new Object[] {a, b, c});
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            return callMeta(L, value, args);
        }

        @Override
        public String name() {
            return "?";
        }
    }
}
