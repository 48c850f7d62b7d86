package io.memroute.lua.lib;

import io.memroute.lua.LuaState;
import io.memroute.lua.text.ByteBuilder;

/**
 * A buffer that a function of one state uses again and again. While a call holds it, a call inside (or one of another
 * coroutine, while the first is suspended) gets a fresh one.
 */
public final class ScratchBuffers {
    private static final int INITIAL_CAPACITY = 512;

    /** A buffer that grew beyond this is not kept: one large result must not hold memory for ever. */
    private static final int LARGEST_KEPT = 1 << 16;

    private ByteBuilder free;

    /** An empty buffer, whose growth counts against the limits of the state. */
    public ByteBuilder take(LuaState L) {
        ByteBuilder buffer = free;
        if (buffer == null) {
            return new ByteBuilder(INITIAL_CAPACITY, L::reserve);
        }
        free = null;
        buffer.clear();
        return buffer;
    }

    public void give(ByteBuilder buffer) {
        if (buffer.array().length <= LARGEST_KEPT) {
            free = buffer;
        }
    }
}
