package io.memroute.lua.text;

/**
 * A pattern, directive or format that Lua refuses. The message is Lua's own text without a position; the library that
 * called adds where the script was.
 */
public final class TextError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int argument;

    /** An error of the whole call. */
    public TextError(String message) {
        this(0, message);
    }

    /** An error to be reported as {@code bad argument #argument to 'function' (message)}. */
    public TextError(int argument, String message) {
        super(message, null, false, false);
        this.argument = argument;
    }

    /** The argument at fault, counted from 1, or 0 if no single argument is. */
    public int argument() {
        return argument;
    }
}
