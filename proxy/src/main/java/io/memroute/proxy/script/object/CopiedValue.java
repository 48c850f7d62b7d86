package io.memroute.proxy.script.object;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The value that {@code mcp_config_pools} returned, taken out of its state so that each worker can have a copy.
 *
 * @see "docs/reference/proxy-api.md section 1.5"
 */
public final class CopiedValue {

    /** Tables in each other; more is a table that contains itself. */
    private static final int MAX_DEPTH = 200;

    /**
     * Values in all. A table is copied as often as it is found, so that a few tables which hold each other twice could
     * become more than there is memory for; no description of pools and routes comes near.
     */
    private static final int MAX_VALUES = 1_000_000;

    /** A value that means something in every state; each worker has an object of its own made for it. */
    public interface Shared {}

    /** Keys and values in turn. */
    private record Entries(List<@Nullable Object> keysAndValues) {}

    /** An immutable value of Lua, a {@link Shared} or {@link Entries}. */
    private final @Nullable Object root;

    private final Set<Shared> shared;

    private CopiedValue(@Nullable Object root, Set<Shared> shared) {
        this.root = root;
        this.shared = shared;
    }

    /** @throws LuaError if something in it cannot be copied */
    public static CopiedValue of(@Nullable Object value) {
        Copying copying = new Copying();
        return new CopiedValue(copying.copy(value, 0), copying.shared);
    }

    private static final class Copying {
        private final Set<Shared> shared = new LinkedHashSet<>();
        private int values;

        private @Nullable Object copy(@Nullable Object value, int depth) {
            return switch (value) {
                case null -> null;
                case Boolean b -> b;
                case Long n -> n;
                case Double d -> d;
                case LuaString s -> s;
                case LuaTable table -> copyTable(table, depth);
                case Shared known -> {
                    shared.add(known);
                    yield known;
                }
                case LuaUserdata other -> throw new LuaError("unhandled userdata type in configuration table\n");
                default -> throw new LuaError("unhandled data type in configuration table\n");
            };
        }

        private Entries copyTable(LuaTable table, int depth) {
            if (depth == MAX_DEPTH) {
                throw new LuaError("stack overflow (configuration error: table recursion too deep)");
            }
            List<@Nullable Object> entries = new ArrayList<>();
            for (int at = table.next(-1); at >= 0; at = table.next(at)) {
                Object key = table.keyAt(at);
                if (!(key instanceof LuaString || key instanceof Long || key instanceof Double)) {
                    throw new LuaError("configuration table keys must be strings or numbers");
                }
                if (++values > MAX_VALUES) {
                    throw new LuaError("configuration table has more than " + MAX_VALUES + " values");
                }
                entries.add(key);
                entries.add(copy(table.valueAt(at), depth + 1));
            }
            return new Entries(entries);
        }
    }

    /** The values in it of which every state has an object of its own, each once. */
    public Set<Shared> shared() {
        return shared;
    }

    /** A copy for a state. */
    public @Nullable Object in(Function<Shared, Object> counterpart) {
        return build(root, counterpart);
    }

    private static @Nullable Object build(@Nullable Object copied, Function<Shared, Object> counterpart) {
        if (copied instanceof Shared shared) {
            return counterpart.apply(shared);
        }
        if (!(copied instanceof Entries(List<@Nullable Object> entries))) {
            return copied;
        }
        LuaTable table = new LuaTable();
        for (int i = 0; i < entries.size(); i += 2) {
            table.put(entries.get(i), build(entries.get(i + 1), counterpart));
        }
        return table;
    }
}
