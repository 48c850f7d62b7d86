package io.memroute.proxy.script.slot;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.protocol.Command;
import io.memroute.proxy.config.PrefixRule;
import io.memroute.proxy.config.library.McpConstants;
import io.memroute.proxy.route.PrefixTable;
import io.memroute.proxy.route.Route;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments of {@code mcp.router_new}.
 *
 * @see "docs/reference/proxy-api.md section 3.8"
 */
public final class RouterReader {

    private final LuaTable meta = new LuaTable().put("__name", LuaString.of("mcp.router"));

    public RouterObject read(LuaState L, Object arguments) {
        if (!(arguments instanceof LuaTable table)) {
            throw new LuaError("Must pass a table of arguments to mcp.router_new");
        }
        Object map = field(L, table, "map");
        Object cmap = field(L, table, "cmap");
        if (map == null && cmap == null) {
            throw new LuaError("Must pass map and/or cmap to mcp.router_new");
        }
        if (map != null && !(map instanceof LuaTable)) {
            throw new LuaError("Must pass a table to map argument of router_new");
        }
        if (cmap != null && !(cmap instanceof LuaTable)) {
            throw new LuaError("Must pass a table to cmap argument of mcp.router_new");
        }
        Route otherwise = field(L, table, "default") instanceof FunctionGenerator generator ? generator : null;
        return new RouterObject(
                meta,
                map == null ? null : prefixes(L, table, (LuaTable) map),
                cmap == null ? RouterObject.byCommand() : commands((LuaTable) cmap),
                otherwise);
    }

    private static Object field(LuaState L, LuaTable table, String key) {
        return L.index(table, LuaString.of(key));
    }

    private static PrefixTable<Route[]> prefixes(LuaState L, LuaTable arguments, LuaTable map) {
        Map<String, Route[]> byPrefix = new HashMap<>();
        for (int at = map.next(-1); at >= 0; at = map.next(at)) {
            LuaString prefix = Args.string(L, map.keyAt(at), 1);
            byPrefix.put(
                    prefix.toString(),
                    switch (map.valueAt(at)) {
                        case FunctionGenerator generator -> {
                            Route[] all = RouterObject.byCommand();
                            Arrays.fill(all, generator);
                            yield all;
                        }
                        case LuaTable commands -> commands(commands);
                        case null, default -> throw new LuaError("unhandled data in router_new map");
                    });
        }
        return new PrefixTable<>(rule(L, arguments), byPrefix);
    }

    /** Routes by command; those of {@code CMD_ANY_STORAGE} fill the gaps. */
    private static Route[] commands(LuaTable commands) {
        Route[] byCommand = RouterObject.byCommand();
        Route any = null;
        for (int at = commands.next(-1); at >= 0; at = commands.next(at)) {
            if (!(commands.keyAt(at) instanceof Long command)) {
                throw new LuaError("Non integer key in router command map in router_new");
            }
            if (!(commands.valueAt(at) instanceof FunctionGenerator generator)) {
                throw new LuaError("unhandled data in router_new map");
            }
            if (command == McpConstants.ANY_STORAGE) {
                any = generator;
            } else if (command < 1 || command > Command.PREPEND.id()) {
                throw new LuaError("Bad command in router command map in router_new");
            } else {
                byCommand[(int) (long) command] = generator;
            }
        }
        for (int id = 1; any != null && id < byCommand.length; id++) {
            if (byCommand[id] == null) {
                byCommand[id] = any;
            }
        }
        return byCommand;
    }

    private static PrefixRule rule(LuaState L, LuaTable arguments) {
        boolean anchor = false;
        if (field(L, arguments, "mode") instanceof LuaString mode) {
            anchor = switch (mode.toString()) {
                case "prefix" -> false;
                case "anchor" -> true;
                default -> throw new LuaError("unknown type passed to mcp.router_new");
            };
        }
        String stop = separator(L, arguments, "stop");
        if (!anchor) {
            return new PrefixRule(PrefixRule.Mode.PREFIX, "", stop == null ? PrefixRule.DEFAULT_SEPARATOR : stop);
        }
        String start = separator(L, arguments, "start");
        if ((start == null) != (stop == null)) {
            throw new LuaError("must specify start and stop if mode is anchor in mcp.router_new");
        }
        return new PrefixRule(
                PrefixRule.Mode.ANCHOR,
                start == null ? PrefixRule.DEFAULT_SEPARATOR : start,
                stop == null ? PrefixRule.DEFAULT_SEPARATOR : stop);
    }

    /** A separator, if it is given. */
    private static @Nullable String separator(LuaState L, LuaTable arguments, String name) {
        Object value = field(L, arguments, name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof LuaString text)) {
            throw new LuaError("must pass a string to " + name + " in mcp.router_new");
        }
        if (text.length() == 0) {
            throw new LuaError("must pass a non-zero length string to " + name + " in mcp.router_new");
        }
        if (text.length() > PrefixRule.MAX_BYTES) {
            throw new LuaError(name + " is too long in mcp.router_new");
        }
        return text.toString();
    }
}
