package io.memroute.lua.code;

import io.memroute.lua.LuaState;
import org.jspecify.annotations.Nullable;

/**
 * The superclass of generated classes whose code may leave a call at a wait and enter it there again. Such a function
 * is run by its host alone, never called by Lua code.
 */
public abstract class ResumableFunction extends CompiledFunction {

    /**
     * Begins the call, or goes on with it after a wait.
     *
     * @return the results; if {@link Activation#place} is not 0, the pending call of a {@code WaitFunction} whose
     *     results the call needs to go on
     */
    public abstract @Nullable Object run(LuaState L, Activation call);

    @Override
    public final Object call(LuaState L) {
        throw notCalled();
    }

    @Override
    public final Object call(LuaState L, Object a) {
        throw notCalled();
    }

    @Override
    public final Object call(LuaState L, Object a, Object b) {
        throw notCalled();
    }

    @Override
    public final Object call(LuaState L, Object a, Object b, Object c) {
        throw notCalled();
    }

    @Override
    public final Object invoke(LuaState L, Object[] args) {
        throw notCalled();
    }

    private static IllegalStateException notCalled() {
        return new IllegalStateException("a resumable function is run, not called");
    }
}
