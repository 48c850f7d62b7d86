package io.memroute.lua.code;

import org.jspecify.annotations.Nullable;

/**
 * A local variable that closures share and that is assigned to after it was made. Variables that are not live directly
 * in the closures.
 */
public final class Cell {
    public @Nullable Object value;

    public Cell(@Nullable Object value) {
        this.value = value;
    }
}
