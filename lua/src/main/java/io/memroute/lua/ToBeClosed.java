package io.memroute.lua;

import org.jspecify.annotations.Nullable;

/** A {@code <close>} variable (or the closing value of a generic for) whose scope is open (manual, section 3.3.8). */
public final class ToBeClosed {
    private final LuaState state;
    private final Object value;
    private final int depth;
    private final int nestedCalls;
    private final Coroutine owner;
    private boolean closed;

    private ToBeClosed(LuaState state, Object value) {
        this.state = state;
        this.value = value;
        this.depth = state.depth - state.depthBase;
        this.nestedCalls = state.nestedCalls - state.nestedBase;
        this.owner = state.running;
        if (owner != null && truthy()) {
            owner.pendingCloses++;
        }
    }

    private boolean truthy() {
        return value != null && value != Boolean.FALSE;
    }

    /** Opens the scope of a variable; false and nil need no closing. */
    public static ToBeClosed open(LuaState L, Object value, String name) {
        if (value != null && value != Boolean.FALSE && Metatables.metamethod(L, value, Metatables.CLOSE) == null) {
            throw CallStack.operatorError(L, "variable '" + name + "' got a non-closable value");
        }
        return new ToBeClosed(L, value);
    }

    /** As {@link #open} for the closing value of a generic for, of which there is mostly none. */
    public static @Nullable ToBeClosed openLoop(LuaState L, Object value) {
        return value == null ? null : open(L, value, "(for state)");
    }

    /** Leaves the scope the normal way, if it was opened. */
    public static void close(@Nullable ToBeClosed scope) {
        if (scope != null) {
            scope.close();
        }
    }

    /** Leaves the scope because something was thrown; returns what to throw on. */
    public static RuntimeException failed(@Nullable ToBeClosed scope, Throwable thrown) {
        return scope == null || scope.closed ? rethrowable(thrown) : scope.failed(thrown);
    }

    /** Leaves the scope the normal way, once: a goto back over the declaration and one past it both do. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!truthy()) {
            return;
        }
        leave();
        Calls.resolve(state, Calls.call(state, Metatables.metamethod(state, value, Metatables.CLOSE), value, null));
    }

    /**
     * Leaves the scope because something was thrown; returns what to throw on, which is the closing method's own error
     * if it raises one.
     */
    public RuntimeException failed(Throwable thrown) {
        if (!truthy()) {
            return rethrowable(thrown);
        }
        leave();
        if (thrown instanceof LimitError.Exceeded exceeded) {
            return exceeded;
        }
        if (thrown instanceof Coroutine.Kill kill) {
            return closeKilled(kill);
        }
        LuaError error = Calls.caught(state, thrown, depth, nestedCalls);
        Calls.resolve(
                state, Calls.call(state, Metatables.metamethod(state, value, Metatables.CLOSE), value, error.value()));
        return error;
    }

    private RuntimeException closeKilled(Coroutine.Kill kill) {
        state.depth = state.depthBase + depth;
        state.nestedCalls = state.nestedBase + nestedCalls;
        try {
            Object error = kill.error == null ? null : kill.error.value();
            Calls.resolve(
                    state, Calls.call(state, Metatables.metamethod(state, value, Metatables.CLOSE), value, error));
        } catch (Coroutine.Kill nested) {
            return nested;
        } catch (RuntimeException | StackOverflowError e) {
            kill.error = Calls.caught(state, e, depth, nestedCalls);
        }
        return kill;
    }

    private static RuntimeException rethrowable(Throwable thrown) {
        if (thrown instanceof Error e) {
            throw e;
        }
        return (RuntimeException) thrown;
    }

    private void leave() {
        if (owner != null) {
            owner.pendingCloses--;
        }
    }
}
