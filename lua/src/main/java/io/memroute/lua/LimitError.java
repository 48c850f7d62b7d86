package io.memroute.lua;

/** The error that a host gets for a script that has reached one of its {@link LuaLimits}. */
public final class LimitError extends LuaError {

    /** The limits that can be reached. */
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

    /** The same error with a place in front of its message. */
    public LimitError at(String place) {
        LimitError error = new LimitError(limit, place + getMessage());
        error.setTraceback(traceback());
        return error;
    }

    /**
     * Unwinds a script that has used up what {@link LuaLimits} allow it, up to the host's entry, which makes a
     * {@link LimitError} of it. It is no Lua error: nothing in a script catches it or runs because of it, neither
     * protected calls nor message handlers nor closing methods.
     */
    static final class Exceeded extends RuntimeException {
        final transient LimitError error;

        Exceeded(LimitError error) {
            super(null, null, false, false);
            this.error = error;
        }

        @Override
        public String getMessage() {
            return error.getMessage();
        }
    }
}
