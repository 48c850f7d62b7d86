package io.memroute.lua;

import org.jspecify.annotations.Nullable;

/**
 * A Lua error on its way: what {@code error} raises and {@code pcall} catches. It carries any Lua value; errors the
 * runtime itself raises carry a string that starts with the place, {@code chunk:line:}. Make one with
 * {@link LuaState#error} to have the place put in front.
 *
 * <p>It has no Java stack trace; {@link #traceback} is the Lua one, present once the error left the outermost protected
 * call.
 */
public class LuaError extends RuntimeException {
    /** Bytes of a message that people can still read. */
    private static final int LONGEST_MESSAGE = 4 << 10;

    private final transient Object value;
    private String traceback;
    private boolean handled;

    public LuaError(Object value) {
        super(null, null, false, false);
        this.value = value;
    }

    public LuaError(String message) {
        this((Object) LuaString.of(message));
    }

    /** Makes the error of a failure of the runtime, or of a Java function, with the Java exception behind it. */
    public LuaError(String message, Throwable cause) {
        super(null, cause, false, false);
        this.value = LuaString.of(message);
    }

    /** The Lua value that was raised; usually a {@link LuaString}. */
    public Object value() {
        return value;
    }

    /** The Lua traceback in the format of {@code debug.traceback}, if one was taken. */
    public @Nullable String traceback() {
        return traceback;
    }

    public void setTraceback(String traceback) {
        this.traceback = traceback;
    }

    /** Whether a message handler has seen it. */
    boolean isHandled() {
        return handled;
    }

    void setHandled() {
        handled = true;
    }

    /** The value as text; of a long string the beginning. */
    @Override
    public String getMessage() {
        return switch (value) {
            case LuaString s when s.length() > LONGEST_MESSAGE -> s.substring(0, LONGEST_MESSAGE) + "...";
            case LuaString s -> s.toString();
            case Long n -> n.toString();
            case Double d -> LuaNumber.toString(d).toString();
            case null -> "nil";
            default -> "(error object is a " + Metatables.typeName(value) + " value)";
        };
    }
}
