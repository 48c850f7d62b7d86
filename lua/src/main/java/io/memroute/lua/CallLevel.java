package io.memroute.lua;

import org.jspecify.annotations.Nullable;

/** One function call on the stack, as messages and tracebacks see it. */
public interface CallLevel {

    /**
     * The name that the code gives a value or a function.
     *
     * @param kind "global", "local", "method", "field", "upvalue", "constant", "metamethod", "for iterator" or "hook"
     */
    record Name(String kind, String name) {
        /** The addition to a message: {@code (global 'x')} after a space. */
        public String inMessage() {
            return " (" + kind + " '" + name + "')";
        }
    }

    /** Whether the function is written in Lua. */
    boolean isLua();

    /** The line being executed; -1 for a Java function. */
    int line();

    /** The name that the function's chunk was loaded under; none for a Java function. */
    @Nullable
    LuaString chunkName();

    /** {@code chunk:line:} and a space; nothing for a Java function. */
    String where();

    /** The name that the calling code uses for this function, if it gives one. */
    @Nullable
    Name name();

    /** The name that the code uses for the function it calls now, if it gives one. */
    @Nullable
    Name calledName();

    /** The name of an operand of the running operation, counted from 0, if it has one. */
    @Nullable
    Name operandName(int operand);

    /** A Lua function without a name, as tracebacks show it. */
    String description();

    /** Whether it was tail called: its caller is gone. */
    boolean isTailCalled();

    /** Whether it is a call of this function, as far as the stack tells. */
    boolean isOf(LuaFunction function);
}
