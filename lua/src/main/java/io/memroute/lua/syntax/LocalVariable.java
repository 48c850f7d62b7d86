package io.memroute.lua.syntax;

import org.jspecify.annotations.Nullable;

/** A local variable or parameter. */
public final class LocalVariable {
    public enum Attribute {
        NONE,
        CONST,
        CLOSE
    }

    public final String name;
    public final Attribute attribute;

    /** Its place in a frame of the function; variables whose scopes do not overlap share places. */
    public final int slot;

    /** The function it belongs to. */
    public final FunctionBody owner;

    /** Whether an inner function uses it. */
    public boolean captured;

    /** Whether anything but its declaration assigns to it. */
    public boolean reassigned;

    /** Whether it is one of the hidden variables of a for loop, of which {@code debug.getlocal} knows. */
    public final boolean hidden;

    /** The value of a compile-time constant; {@link #constant} tells whether it is one (nil is a value, too). */
    public @Nullable Object constantValue;

    public boolean constant;

    public LocalVariable(String name, Attribute attribute, int slot, FunctionBody owner, boolean hidden) {
        this.name = name;
        this.attribute = attribute;
        this.slot = slot;
        this.owner = owner;
        this.hidden = hidden;
    }

    /**
     * Whether it must live in a cell of its own, because a closure and the function, or several closures, must see each
     * other's assignments.
     */
    public boolean needsCell() {
        return captured && (reassigned || owner.debug);
    }
}
