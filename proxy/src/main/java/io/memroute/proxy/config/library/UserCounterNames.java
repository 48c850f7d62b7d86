package io.memroute.proxy.config.library;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.Results;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The user counters that a configuration declares, by the index that {@code mcp.stat} takes. Owned by the configuration
 * thread.
 *
 * @see "docs/reference/proxy-api.md section 2.4"
 */
public final class UserCounterNames {

    /** The default of {@code mcp.stat_limit}: memcached's default. */
    public static final int DEFAULT_LIMIT = 1024;

    private static final int MAX_NAME_BYTES = 122;

    private final LongSupplier limit;
    /** Names by index, the first unused; a gap where none is declared. */
    private final List<@Nullable String> names = new ArrayList<>();

    /** @param limit the highest index allowed, asked for at each declaration */
    public UserCounterNames(LongSupplier limit) {
        this.limit = limit;
    }

    /** {@code mcp.add_stat}. */
    public LuaFunction addStat() {
        return LuaFunction.of("add_stat", (LuaState L, Object at, Object text) -> {
            set(Args.integer(L, at, 1), Args.string(L, text, 2));
            return Results.NONE;
        });
    }

    /**
     * The index of a name; one that is not declared yet is, at the first index that is free.
     *
     * @throws LuaError if it can be no name of a counter, or there are too many
     */
    public long indexOf(LuaString name) {
        int known = names.indexOf(name.toString());
        if (known >= 0 && name.length() > 0) {
            return known;
        }
        long free = 1;
        while (free < names.size() && names.get((int) free) != null) {
            free++;
        }
        set(free, name);
        return free;
    }

    private void set(long index, LuaString name) {
        if (index < 1) {
            throw new LuaError("stat index must be 1 or higher");
        }
        if (index > limit.getAsLong()) {
            throw new LuaError("stat index must be " + limit.getAsLong() + " or less");
        }
        if (name.length() > MAX_NAME_BYTES) {
            throw new LuaError("stat name too long: " + name + "\n");
        }
        for (int i = 0; i < name.length(); i++) {
            int c = name.byteAt(i);
            if (c == ' ' || c >= '\t' && c <= '\r') {
                throw new LuaError("stat cannot contain spaces or newlines");
            }
        }
        while (names.size() <= index) {
            names.add(null);
        }
        names.set((int) index, name.length() == 0 ? null : name.toString());
    }

    /** Returns the names by index, with a gap where none is declared. Empty if none is at all. */
    public List<@Nullable String> byIndex() {
        return Collections.unmodifiableList(new ArrayList<>(names));
    }
}
