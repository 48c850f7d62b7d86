package io.memroute.lua;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine: a Lua function on a stack of its own, which it may leave and come back to at any depth, Java functions
 * included. This is the only class that knows {@code jdk.internal.vm.Continuation}.
 *
 * <p>A suspended coroutine is a heap object like any other: drop it and it is garbage. All methods are for the thread
 * that runs the state.
 */
public final class Coroutine {

    /** As {@code coroutine.status} names them. */
    public enum Status {
        SUSPENDED,
        RUNNING,
        NORMAL,
        DEAD
    }

    /**
     * Coroutines resumed inside each other and Java functions calling back into Lua share this limit with C Lua
     * (LUAI_MAXCCALLS).
     */
    static final int MAX_NESTED_CALLS = 200;

    private static final ContinuationScope SCOPE = new ContinuationScope("lua");

    /**
     * Unwinds a coroutine that was closed while suspended; only to-be-closed variables react to it. Thrown at the
     * yield.
     */
    static final class Kill extends RuntimeException {
        final transient Coroutine target;

        /** The error that a closing method raised meanwhile. */
        LuaError error;

        Kill(Coroutine target) {
            super(null, null, false, false);
            this.target = target;
        }
    }

    private final LuaState state;
    private final Runnable entry = this::enter;
    private LuaFunction body;
    private Continuation continuation;
    private Status status = Status.SUSPENDED;

    /** Arguments on the way in, yielded values or results on the way out. */
    private Object transfer;

    private Throwable failure;
    private boolean killed;

    /** {@link LuaState#depth} and {@link LuaState#nestedCalls} that belong to the suspended stack. */
    private int ownDepth;

    private int ownNestedCalls;
    private int unyieldableCalls;

    /** To-be-closed variables pending on this coroutine's stack. */
    int pendingCloses;

    /** Debug frames (innermost) of the suspended stack; see the interpreter. */
    Object debugFrames;

    private Object messageHandler;

    /** The hook while it does not run. */
    Execution.Hook hook;

    /** The error this coroutine died of, for {@code coroutine.close}, if it did. */
    private @Nullable LuaError death;

    Coroutine(LuaState state, LuaFunction body) {
        this.state = state;
        this.body = body;
        this.hook = state.hook;
    }

    /** Stands for the main stack, which is never resumed or closed. */
    static Coroutine main(LuaState state) {
        Coroutine c = new Coroutine(state, null);
        c.status = Status.RUNNING;
        return c;
    }

    public Status status() {
        return this == state.mainCoroutine() && state.running != null ? Status.NORMAL : status;
    }

    public LuaState state() {
        return state;
    }

    /**
     * Runs until the next yield or the end. {@code args} are what the function is called with or what the pending yield
     * returns; the result is what was yielded or what the function returned ({@link Results} say how several values
     * look).
     *
     * @throws LuaError what the coroutine died of, or that it cannot be resumed
     */
    public Object resume(Object args) {
        LuaState L = state;
        if (status != Status.SUSPENDED) {
            throw new LuaError(
                    status == Status.DEAD ? "cannot resume dead coroutine" : "cannot resume non-suspended coroutine");
        }
        int nested = L.nestedCalls;
        if (nested >= MAX_NESTED_CALLS - 5) {
            throw new LuaError("C stack overflow");
        }
        if (continuation == null) {
            continuation = new LuaContinuation(this);
        }
        transfer = args;
        run();
        if (failure != null) {
            Throwable t = failure;
            failure = null;
            if (t instanceof LuaError e) {
                death = e;
                throw e;
            }
            if (t instanceof Error e) {
                throw e;
            }
            throw (RuntimeException) t;
        }
        Object out = transfer;
        transfer = null;
        return out;
    }

    private void run() {
        LuaState L = state;
        Coroutine from = L.running;
        int depth = L.depth;
        int nested = L.nestedCalls;
        Object frames = L.debugFrames;
        Object handler = L.messageHandler;
        if (from != null) {
            from.status = Status.NORMAL;
        }
        status = Status.RUNNING;
        L.running = this;
        int depthBase = L.depthBase;
        int nestedBase = L.nestedBase;
        L.depthBase = depth;
        L.nestedBase = nested + 1;
        int unyieldable = L.unyieldableCalls;
        L.unyieldableCalls = unyieldableCalls;
        L.depth = depth + ownDepth;
        L.nestedCalls = nested + 1 + ownNestedCalls;
        L.debugFrames = debugFrames;
        L.messageHandler = messageHandler;
        Execution.Hook outerHook = L.hook;
        L.hook = hook;
        try {
            continuation.run();
        } finally {
            ownDepth = L.depth - depth;
            ownNestedCalls = L.nestedCalls - nested - 1;
            debugFrames = L.debugFrames;
            messageHandler = L.messageHandler;
            L.messageHandler = handler;
            hook = L.hook;
            L.hook = outerHook;
            L.debugFrames = frames;
            unyieldableCalls = L.unyieldableCalls;
            L.unyieldableCalls = unyieldable;
            L.depthBase = depthBase;
            L.nestedBase = nestedBase;
            L.depth = depth;
            L.nestedCalls = nested;
            L.running = from;
            if (from != null) {
                from.status = Status.RUNNING;
            }
            if (continuation.isDone()) {
                status = Status.DEAD;
                body = null;
            } else {
                status = Status.SUSPENDED;
            }
        }
    }

    /** Leaves the running coroutine with these values; returns what the next resume passes. */
    static Object yield(LuaState L, Object values) {
        Coroutine c = L.running;
        if (c == null) {
            throw CallStack.operatorError(L, "attempt to yield from outside a coroutine");
        }
        c.transfer = values;
        Continuation.yield(SCOPE);
        if (c.killed) {
            throw new Kill(c);
        }
        Object in = c.transfer;
        c.transfer = null;
        return in;
    }

    /**
     * Ends a suspended or dead coroutine, closing its pending to-be-closed variables.
     *
     * @return the error it died of or that closing raised, if there is one
     * @throws LuaError if it is running
     */
    public @Nullable LuaError close() {
        if (status == Status.RUNNING || status == Status.NORMAL) {
            throw state.error("cannot close a " + (status() == Status.RUNNING ? "running" : "normal") + " coroutine");
        }
        if (status == Status.SUSPENDED) {
            if (continuation != null && pendingCloses > 0 && state.nestedCalls >= MAX_NESTED_CALLS - 5) {
                death = new LuaError("C stack overflow");
            } else if (continuation != null && pendingCloses > 0) {
                killed = true;
                run();
                Throwable t = failure;
                failure = null;
                if (t instanceof LuaError e) {
                    death = e;
                } else if (t instanceof Error e) {
                    throw e;
                } else if (t instanceof LimitError.Exceeded e) {
                    throw e;
                }
            }
            status = Status.DEAD;
            continuation = null;
            body = null;
            transfer = null;
        }
        LuaError e = death;
        death = null;
        return e;
    }

    /** Makes a dead coroutine a new one. */
    public void restart(LuaFunction newBody) {
        if (status != Status.DEAD) {
            throw new IllegalStateException("only a dead coroutine can be started again, this is " + status);
        }
        status = Status.SUSPENDED;
        body = newBody;
        continuation = null;
        death = null;
        killed = false;
        ownDepth = 0;
        ownNestedCalls = 0;
        unyieldableCalls = 0;
        pendingCloses = 0;
        debugFrames = null;
        messageHandler = null;
        hook = state.hook;
    }

    /** The stack of a suspended coroutine, for tracebacks, if there is one. */
    @Nullable
    Continuation suspended() {
        return status == Status.SUSPENDED ? continuation : null;
    }

    private void enter() {
        Object args = transfer;
        transfer = null;
        try {
            transfer = Results.isMany(args)
                    ? Calls.resolve(state, body.invoke(state, (Object[]) args))
                    : Calls.resolve(state, body.call(state, args));
        } catch (Kill e) {
            transfer = null;
            failure = e.error;
        } catch (StackOverflowError e) {
            failure = new LuaError("stack overflow");
        } catch (Throwable e) {
            failure = e;
        }
    }

    private static final class LuaContinuation extends Continuation {

        LuaContinuation(Coroutine coroutine) {
            super(SCOPE, coroutine.entry);
        }

        @Override
        protected void onPinned(Pinned reason) {
            throw new LuaError("attempt to yield across a C-call boundary");
        }
    }
}
