package io.memroute.proxy.script.load;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.Results;
import org.jspecify.annotations.Nullable;

/** Calls of global functions while a configuration is loaded. */
final class ScriptCalls {

    private ScriptCalls() {}

    /**
     * The first result of a function called with one argument.
     *
     * @throws io.memroute.lua.LuaError if it raised one; with a traceback
     */
    static Object first(LuaState lua, Object function, @Nullable Object argument) {
        LuaFunction caller = LuaFunction.of("load", (L, f, a) -> L.call(f, a));
        return Results.first(lua.run(caller, function, argument));
    }
}
