package io.memroute.proxy.script.object;

import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.proxy.route.Route;

/** A pool, or the embedded store, on a worker: a target for {@code fgen:new_handle}. */
public final class PoolProxy extends LuaUserdata {

    private final Route route;

    public PoolProxy(LuaTable meta, Route route) {
        super(meta);
        this.route = route;
    }

    public Route route() {
        return route;
    }
}
