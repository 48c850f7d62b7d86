package io.memroute.lua;

/**
 * Unwinds a script that has used up what {@link LuaLimits} allow it, up to the host's entry, which makes a
 * {@link LimitError} of it. It is no Lua error: nothing in a script catches it or runs because of it, neither protected
 * calls nor message handlers nor closing methods.
 */
final class LimitExceeded extends RuntimeException {
    final transient LimitError error;

    LimitExceeded(LimitError error) {
        super(null, null, false, false);
        this.error = error;
    }

    @Override
    public String getMessage() {
        return error.getMessage();
    }
}
