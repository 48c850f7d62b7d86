package io.memroute.lua.code;

/**
 * A local variable that closures share and that is assigned to after it was made. Variables that are not live directly
 * in the closures.
 */
public final class Cell {
    public Object value;

    public Cell(Object value) {
        this.value = value;
    }
}
