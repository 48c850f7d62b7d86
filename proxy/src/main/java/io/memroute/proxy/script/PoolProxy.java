package io.memroute.proxy.script;

import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.proxy.route.Route;

/** What a pool, or the embedded store, is on a worker: a target for {@code fgen:new_handle}. */
final class PoolProxy extends LuaUserdata {

    final Route route;

    PoolProxy(LuaTable meta, Route route) {
        super(meta);
        this.route = route;
    }
}
