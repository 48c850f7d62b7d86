package io.memroute.lua;

/** What a host gets for a script that has used up what {@link LuaLimits} allow it. */
public final class LimitError extends LuaError {

    /** What was used up. */
    public enum Limit {
        STEPS,
        TIME,
        MEMORY
    }

    private final Limit limit;

    LimitError(Limit limit, String message) {
        super(message);
        this.limit = limit;
    }

    public Limit limit() {
        return limit;
    }
}
