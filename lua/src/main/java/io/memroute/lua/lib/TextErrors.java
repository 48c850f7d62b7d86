package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaState;
import io.memroute.lua.text.TextError;

/** Makes Lua errors of what {@code io.memroute.lua.text} refuses. */
public final class TextErrors {
    private TextErrors() {}

    /** The error to throw for {@code error}, with the place of the call in front. */
    public static LuaError raise(LuaState L, TextError error) {
        return error.argument() > 0 ? Args.bad(L, error.argument(), error.getMessage()) : L.error(error.getMessage());
    }
}
