package io.memroute.lua.load;

import io.memroute.lua.Calls;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.code.Activation;
import io.memroute.lua.code.CompiledFunction;
import io.memroute.lua.code.ResumableFunction;
import io.memroute.lua.compile.Compiler;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one function in Lua, one after another, that end where the function waits and go on there later. That costs
 * a fraction of suspending a coroutine, whose stack is copied and read again.
 *
 * <p>A wait is a pending call of a {@link Calls.WaitFunction}. The function is left only at waits that are statements
 * of its own: {@code f()}, {@code local x = f()}, or {@code x = f()} with a local that no closure shares. Any other
 * wait is made, and suspends the running coroutine: so the host runs the calls in one.
 *
 * <p>The function's upvalues are those it has when this is made.
 */
public final class ResumableCall {
    private final ResumableFunction function;
    private final Activation activation;

    private ResumableCall(ResumableFunction function, Activation activation) {
        this.function = function;
        this.activation = activation;
    }

    /**
     * Calls of a function with one argument; none if it is not in Lua, has no place at which it could be left, or
     * cannot be compiled so.
     */
    public static @Nullable ResumableCall of(LuaFunction function) {
        if (!(function instanceof CompiledFunction compiled)) {
            return null;
        }
        Compiler.Resumable made = Compiler.resumable(compiled.body());
        if (made == null) {
            return null;
        }
        @Nullable
        Object[] upvalues = new @Nullable Object[compiled.body().upvalues.size()];
        for (int i = 0; i < upvalues.length; i++) {
            upvalues[i] = compiled.rawUpvalue(i);
        }
        ResumableFunction copy = (ResumableFunction) made.prototype().instantiate(upvalues);
        return new ResumableCall(copy, new Activation(made.objects(), made.numbers()));
    }

    /** Whether the call was left at a wait. */
    public boolean isSuspended() {
        return activation.place != 0;
    }

    /**
     * Begins a call.
     *
     * @return its results, which may be a pending tail call; the pending wait if it {@link #isSuspended}
     */
    public @Nullable Object begin(LuaState L, @Nullable Object argument) {
        activation.place = 0;
        activation.objects[0] = argument;
        return function.run(L, activation);
    }

    /** Goes on with a suspended call, which gets {@code results} from its wait; returns as {@link #begin} does. */
    public @Nullable Object resume(LuaState L, @Nullable Object results) {
        activation.value = results;
        return function.run(L, activation);
    }

    /** Drops the call and what it referred to. */
    public void clear() {
        activation.place = 0;
        activation.value = null;
        Arrays.fill(activation.objects, null);
    }
}
