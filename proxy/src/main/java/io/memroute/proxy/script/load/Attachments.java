package io.memroute.proxy.script.load;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.Results;
import io.memroute.protocol.Command;
import io.memroute.proxy.backend.Backend;
import io.memroute.proxy.config.library.McpConstants;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.Router;
import io.memroute.proxy.script.slot.FunctionGenerator;
import io.memroute.proxy.script.slot.PlainFunction;
import io.memroute.proxy.script.slot.RouterObject;
import io.memroute.proxy.script.slot.WorkerState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The routes that {@code mcp.attach} has attached in one load on one worker. A command that a load does not attach is
 * not attached, whatever the loads before it did.
 *
 * @see "docs/reference/proxy-api.md sections 1.2 and 3.6"
 */
final class Attachments {

    private static final int MAX_TAG_BYTES = 8;
    private static final String UNTAGGED = "";

    private final WorkerState state;
    /** Routes by command id, with gaps. */
    private final Map<String, Route[]> byTag = new HashMap<>();

    private boolean complete;

    Attachments(WorkerState state) {
        this.state = state;
    }

    LuaFunction attach() {
        return LuaFunction.of("attach", this::attach);
    }

    private Object attach(LuaState L, Object commandId, Object what, Object tagText) {
        long command = Args.integer(L, commandId, 1);
        if (complete) {
            throw new LuaError("mcp.attach: only available while the configuration is loaded");
        }
        Route route = switch (what) {
            case LuaFunction function -> new PlainFunction(state, function);
            case FunctionGenerator generator -> generator;
            case RouterObject router -> router;
            case null, default -> throw new LuaError("mcp.attach: must pass a function");
        };
        Route[] routes = byTag.computeIfAbsent(tag(L, tagText), added -> new Route[Command.CACHE_MEMLIMIT.id() + 1]);
        if (command == McpConstants.ANY) {
            fill(routes, routes.length - 1, route);
        } else if (command == McpConstants.ANY_STORAGE) {
            fill(routes, Command.PREPEND.id(), route);
        } else if (command < 1 || command >= routes.length || command == McpConstants.END_STORAGE) {
            throw new LuaError("mcp.attach: " + command + " is not a command");
        } else if (command != Command.MN.id()) {
            routes[(int) command] = route;
        }
        return Results.NONE;
    }

    private static String tag(LuaState L, Object text) {
        if (text == null) {
            return UNTAGGED;
        }
        LuaString tag = Args.string(L, text, 3);
        if (tag.length() < 1 || tag.length() > MAX_TAG_BYTES) {
            throw new LuaError("mcp.attach: tag must be 1 to 8 characters");
        }
        return tag.toString();
    }

    private static void fill(Route[] routes, int last, Route route) {
        for (int id = 1; id <= last; id++) {
            if (id != Command.MN.id() && id != McpConstants.END_STORAGE) {
                routes[id] = route;
            }
        }
    }

    /**
     * Makes the routers; nothing more can be attached. A command that a tag does not attach is as for untagged
     * listeners; storage commands that are attached nowhere are the embedded store's.
     *
     * @param reachable every backend of the load
     */
    Map<String, Router> routers(Route store, List<Backend> reachable) {
        complete = true;
        Route[] untagged = byTag.getOrDefault(UNTAGGED, new Route[Command.CACHE_MEMLIMIT.id() + 1]);
        Map<String, Router> routers = new HashMap<>();
        byTag.forEach((tag, attached) -> {
            Route[] routes = attached.clone();
            for (int id = 0; id < routes.length; id++) {
                if (routes[id] == null) {
                    routes[id] = untagged[id] != null || id > Command.PREPEND.id() ? untagged[id] : store;
                }
            }
            routers.put(tag, new Router(null, routes, reachable, true));
        });
        return routers;
    }
}
