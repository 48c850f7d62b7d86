package io.memroute.proxy.config.library;

import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.source.LuaValues;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that are defined once the files of a load have run: global variables, and the fields of the tables that Lua
 * and the proxy give.
 */
public final class DefinedNames {

    private static final String MCP = "mcp";

    /** Tables whose fields are all known. */
    private static final Set<String> CLOSED = Set.of(
            MCP,
            "mcp.dist_ring_hash",
            "mcp.dist_jump_hash",
            "string",
            "table",
            "math",
            "os",
            "io",
            "utf8",
            "coroutine",
            "debug");

    private final LuaState lua;
    private final Set<String> assigned;

    /**
     * @param lua where the files have run
     * @param assigned the names and paths that the files assign to, wherever they do
     */
    public DefinedNames(LuaState lua, Set<String> assigned) {
        this.lua = lua;
        this.assigned = assigned;
    }

    /** Returns the number of names of a path that lead to one that is not defined; 0 if all are. */
    public int undefined(List<String> path) {
        if (valueOf(path.subList(0, 1)) == null && !assigned.contains(path.getFirst())) {
            return 1;
        }
        for (int names = 2; names <= path.size(); names++) {
            String table = String.join(".", path.subList(0, names - 1));
            if (!CLOSED.contains(table)) {
                return 0;
            }
            if (!fieldsOf(table).contains(path.get(names - 1))
                    && !assigned.contains(String.join(".", path.subList(0, names)))) {
                return names;
            }
        }
        return 0;
    }

    /** The names that there are beside the last of some names of a path, for suggestions. */
    public Set<String> besides(List<String> path, int names) {
        return names == 1 ? namesIn(lua.globals()) : fieldsOf(String.join(".", path.subList(0, names - 1)));
    }

    /** The value at a path of string keys from the global table, if there is one. */
    public @Nullable Object valueOf(List<String> path) {
        return valueOf(lua, path);
    }

    public static @Nullable Object valueOf(LuaState lua, List<String> path) {
        Object value = lua.globals();
        for (String name : path) {
            value = value instanceof LuaTable table ? table.get(name) : null;
        }
        return value;
    }

    private Set<String> fieldsOf(String table) {
        Set<String> fields =
                valueOf(List.of(table.split("\\."))) instanceof LuaTable value ? namesIn(value) : new HashSet<>();
        if (table.equals(MCP)) {
            fields.addAll(McpTable.names());
        }
        return fields;
    }

    private static Set<String> namesIn(LuaTable table) {
        Set<String> names = new HashSet<>();
        LuaValues.inOrder(table).forEach(entry -> names.add(entry.plainKey().toString()));
        return names;
    }
}
