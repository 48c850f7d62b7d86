package io.memroute.lua.interpret;

import io.memroute.lua.Execution;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.VarFunction;

/**
 * Calls a Java function from inspected code, reporting call and return to a hook. While the hook runs, its frame on the
 * Java stack stands for the function's.
 */
public final class HookedFunction extends VarFunction {
    private final LuaFunction target;

    HookedFunction(LuaFunction target) {
        super(target.name());
        this.target = target;
    }

    @Override
    public Object invoke(LuaState L, Object[] args) {
        if (Execution.hook(L) != null) {
            Hooks.call(L, false);
        }
        Object result = target.invoke(L, args);
        if (Execution.hook(L) != null) {
            Hooks.returning(L);
        }
        return result;
    }
}
