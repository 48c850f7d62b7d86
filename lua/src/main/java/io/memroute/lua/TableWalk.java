package io.memroute.lua;

import io.memroute.lua.lib.BaseLibrary;

/**
 * A generic for loop over {@code next} or the function of {@code ipairs}, done without calling it: loops over tables
 * are most loops. What scripts can see is the same.
 */
public final class TableWalk {
    private final LuaTable table;
    private final boolean sequence;
    private int position = -1;
    private long index;

    private TableWalk(LuaTable table, boolean sequence, long index) {
        this.table = table;
        this.sequence = sequence;
        this.index = index;
    }

    /** A walk doing what the loop's three values ask for; null if that takes calls. */
    public static TableWalk of(Object function, Object state, Object control) {
        if (state instanceof LuaTable t) {
            if (function instanceof BaseLibrary.Next && control == null) {
                return new TableWalk(t, false, 0);
            }
            if (function instanceof BaseLibrary.IpairsStep && control instanceof Long i && t.metatable() == null) {
                return new TableWalk(t, true, i);
            }
        }
        return null;
    }

    /** Moves on; the next key, or null at the end. */
    public Object next() {
        if (sequence) {
            long i = ++index;
            return table.get(i) == null ? null : (Object) i;
        }
        int p = position = table.next(position);
        return p < 0 ? null : table.keyAt(p);
    }

    /** The value of the key that {@link #next} returned. */
    public Object value() {
        return sequence ? table.get(index) : table.valueAt(position);
    }
}
