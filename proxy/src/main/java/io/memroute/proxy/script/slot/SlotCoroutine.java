package io.memroute.proxy.script.slot;

import io.memroute.lua.Calls;
import io.memroute.lua.Coroutine;
import io.memroute.lua.Function0;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.Results;
import io.memroute.lua.load.ResumableCall;
import io.memroute.proxy.script.object.RequestObject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The coroutine in which a slot's function serves one request after another. Owned by the worker's thread.
 *
 * <p>To suspend a coroutine is the most expensive thing that happens to a request. So most waits are left to the slot,
 * and the coroutine comes to its end: that with which a function ends, and those in its own statements, where the
 * function is left and entered again ({@link ResumableCall}).
 */
final class SlotCoroutine {

    /** The state of the function after a step. */
    enum Outcome {
        /** Suspended in a wait, or left there. */
        SUSPENDED,
        /** Has come to its end, with a value. */
        RETURNED,
        /** Has come to its end, with a wait whose result is the value. */
        RETURNED_WAIT,
        /** Ended by an error, which has been logged. */
        FAILED
    }

    private final RequestContext slot;
    private final FunctionGenerator home;
    private final WorkerState state;
    private final LuaFunction body = new Body();
    private final LuaFunction resume = new Resume();
    private final LuaFunction close = new Close();

    /** Set by {@link #setFunction}, before the first request. */
    @SuppressWarnings("NullAway.Init")
    private LuaFunction function;

    /** Runs the function, if it can be left at waits. */
    private @Nullable ResumableCall resumable;

    private @Nullable Coroutine coroutine;

    /** The result of the wait at which the function was left. */
    private @Nullable Object resumeWith;

    /** Whether the function has begun with the slot's request. */
    private boolean begun;

    private boolean returned;
    private @Nullable Object value;

    SlotCoroutine(RequestContext slot, FunctionGenerator home, WorkerState state) {
        this.home = home;
        this.slot = slot;
        this.state = state;
    }

    void setFunction(LuaFunction made) {
        function = made;
        resumable = ResumableCall.of(made);
    }

    /** Whether its function is the running Lua code, in no coroutine of its own. */
    boolean isRunning(LuaState L) {
        return coroutine != null && L.running() == coroutine;
    }

    /** The value that the function has returned. */
    @Nullable
    Object value() {
        return value;
    }

    /** Forgets the request. */
    void reset() {
        value = null;
        resumeWith = null;
        begun = false;
        if (resumable != null) {
            resumable.clear();
        }
    }

    /** Whether the function was left at a wait. */
    private boolean isLeft() {
        return resumable != null && resumable.isSuspended();
    }

    /**
     * Begins the function, or goes on with it, until its next wait or its end.
     *
     * @param argument the result of the wait
     */
    Outcome resume(@Nullable Object argument) {
        if (coroutine == null) {
            coroutine = state.lua().newCoroutine(body);
        } else if (coroutine.status() == Coroutine.Status.DEAD) {
            coroutine.restart(body);
        }
        returned = false;
        resumeWith = argument;
        try {
            state.call(resume, Results.NONE);
            boolean waits = slot.currentWait().isActive();
            if (isLeft()) {
                return Outcome.SUSPENDED;
            }
            if (returned) {
                return waits ? Outcome.RETURNED_WAIT : Outcome.RETURNED;
            }
            if (waits) {
                return Outcome.SUSPENDED;
            }
            state.call(close);
            state.log()
                    .error(
                            home.name(),
                            new LuaError("a route function may only wait with the methods of its context,"
                                    + " not with coroutine.yield"));
        } catch (RuntimeException e) {
            state.log().error(home.name(), e);
        }
        coroutine = null;
        reset();
        return Outcome.FAILED;
    }

    /** Calls the callback of a handle, on no coroutine; an error is logged. */
    CallbackResult callBack(LuaFunction callback, Object result, RequestObject asked) {
        try {
            return CallbackResult.of(state.call(callback, result, asked));
        } catch (LuaError e) {
            state.log().error(home.name(), e);
            return CallbackResult.NOTHING;
        }
    }

    /** Serves one request. */
    private final class Body extends Function0 {
        Body() {
            super("route");
        }

        @Override
        public Object call(LuaState L) {
            Object result = Calls.resolveUpTo(L, step(L), ContextMethods.WAIT);
            if (result == slot.pendingWait()) {
                slot.beginWait();
            } else {
                value = Calls.first(L, result);
            }
            returned = true;
            return Results.NONE;
        }

        /** Runs the function to the wait at which it is left, or to its end. */
        private @Nullable Object step(LuaState L) {
            ResumableCall call = resumable;
            if (call == null) {
                return function.call(L, slot.request());
            }
            if (begun && call.isSuspended()) {
                return call.resume(L, resumeWith);
            }
            begun = true;
            return call.begin(L, slot.request());
        }
    }

    /** Goes on with the coroutine, as an entry of its own into the state: its limits count from here. */
    private final class Resume extends Function0 {
        Resume() {
            super("resume");
        }

        @Override
        public Object call(LuaState L) {
            Objects.requireNonNull(coroutine).resume(resumeWith);
            return Results.NONE;
        }
    }

    /** Ends the coroutine, which may run closing methods: an entry into the state, too. */
    private final class Close extends Function0 {
        Close() {
            super("close");
        }

        @Override
        public Object call(LuaState L) {
            Objects.requireNonNull(coroutine).close();
            return Results.NONE;
        }
    }
}
