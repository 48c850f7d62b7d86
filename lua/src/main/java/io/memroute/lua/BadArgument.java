package io.memroute.lua;

/**
 * A wrong argument of a Java function, thrown by {@link Args}. It is turned into the error the script sees where the
 * number of arguments really given is known: a missing argument reads "got no value", a nil one "got nil".
 */
public final class BadArgument extends LuaError {
    private final transient LuaState state;
    private final int argument;
    private final String problem;
    private final String expected;

    BadArgument(LuaState state, Object message, int argument, String problem, String expected) {
        super(message);
        this.state = state;
        this.argument = argument;
        this.problem = problem;
        this.expected = expected;
    }

    /** With the value that a message handler made of it. */
    BadArgument(LuaState state, LuaError handled, int argument, String problem, String expected) {
        this(state, handled.value(), argument, problem, expected);
        setHandled();
    }

    /** The error to throw knowing that only {@code count} arguments were given to {@code function}. */
    public LuaError given(int count, LuaFunction function) {
        if (expected == null || argument <= count || problem.endsWith("got no value")) {
            return this;
        }
        return Args.bad(state, argument, expected + " expected, got no value");
    }
}
