package io.memroute.lua;

/** What a host gets for a script that has used up what {@link LuaLimits} allow it. */
public final class LimitError extends LuaError {
    LimitError(String message) {
        super(message);
    }
}
