package io.memroute.lua.runtime;

import io.memroute.lua.Args;
import io.memroute.lua.Function2;
import io.memroute.lua.Indexing;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import org.jspecify.annotations.Nullable;

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

    /** A walk doing what the loop's three values ask for; none if that takes calls. */
    public static @Nullable TableWalk of(Object function, Object state, Object control) {
        if (state instanceof LuaTable t) {
            if (function instanceof Next && control == null) {
                return new TableWalk(t, false, 0);
            }
            if (function instanceof IpairsStep && control instanceof Long i && t.metatable() == null) {
                return new TableWalk(t, true, i);
            }
        }
        return null;
    }

    /** Moves on; returns the next key, nothing at the end. */
    public @Nullable Object next() {
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

    /** {@code next}. Compiled loops over it walk the table themselves. */
    public static final class Next extends Function2 {
        public Next() {
            super("next");
        }

        @Override
        public Object call(LuaState L, Object table, Object key) {
            LuaTable t = Args.table(L, table, 1);
            int position = t.positionOf(key);
            if (position == -2) {
                throw L.error("invalid key to 'next'");
            }
            int next = t.next(position);
            return next < 0 ? null : Results.of(t.keyAt(next), t.valueAt(next));
        }
    }

    /** The function {@code ipairs} gives a loop. Compiled loops over it walk the table themselves. */
    public static final class IpairsStep extends Function2 {
        public IpairsStep() {
            super("ipairs_step");
        }

        @Override
        public Object call(LuaState L, Object table, Object index) {
            long i = Args.integer(L, index, 2) + 1;
            Object v = Indexing.index(L, table, i);
            return v == null ? null : Results.of(i, v);
        }
    }
}
