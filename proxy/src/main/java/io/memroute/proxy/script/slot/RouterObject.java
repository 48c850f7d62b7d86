package io.memroute.proxy.script.slot;

import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.protocol.Command;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.route.NoRoute;
import io.memroute.proxy.route.PrefixTable;
import io.memroute.proxy.route.Route;
import org.jspecify.annotations.Nullable;

/**
 * Made by {@code mcp.router_new}: picks the function of a request by its key and command. Owned by the worker's thread.
 *
 * @see "docs/reference/proxy-api.md section 3.8"
 */
public final class RouterObject extends LuaUserdata implements Route {

    /** Routes by prefix and command id, with gaps; there are none without {@code map}. */
    private final @Nullable PrefixTable<Route[]> map;
    /** Routes by command id, with gaps. */
    private final Route[] commands;

    private final Route otherwise;

    /** @param otherwise serves requests without an entry, which fail without it */
    RouterObject(LuaTable meta, @Nullable PrefixTable<Route[]> map, Route[] commands, @Nullable Route otherwise) {
        super(meta);
        this.map = map;
        this.commands = commands;
        this.otherwise = otherwise == null ? NoRoute.INSTANCE : otherwise;
    }

    /** An array for routes by the id of their command. */
    static Route[] byCommand() {
        return new Route[Command.PREPEND.id() + 1];
    }

    @Override
    public void start(Call call) {
        target(call.request()).start(call);
    }

    /** No: its targets are functions. */
    @Override
    public boolean keepsOrder() {
        return false;
    }

    private Route target(Request request) {
        if (request.keyLength() == 0) {
            return NoRoute.INSTANCE;
        }
        int command = request.command().id();
        if (map != null) {
            Route[] ofPrefix = map.find(request);
            if (ofPrefix != null && ofPrefix[command] != null) {
                return ofPrefix[command];
            }
        }
        return commands[command] != null ? commands[command] : otherwise;
    }
}
