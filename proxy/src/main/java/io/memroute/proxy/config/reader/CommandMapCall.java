package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;

/** What {@code cmdmap{...}} returns to Lua: routes by command, not looked at yet. */
final class CommandMapCall extends LuaUserdata {

    private final LuaTable entries;
    private final Place place;

    CommandMapCall(LuaTable metatable, LuaTable entries, Place place) {
        super(metatable);
        this.entries = entries;
        this.place = place;
    }

    LuaTable entries() {
        return entries;
    }

    /** The call. */
    Place place() {
        return place;
    }
}
