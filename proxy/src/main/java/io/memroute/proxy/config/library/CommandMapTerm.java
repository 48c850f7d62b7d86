package io.memroute.proxy.config.library;

import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.config.source.Term;

/** The result of {@code cmdmap{...}} in Lua: routes by command, not looked at yet. */
public final class CommandMapTerm extends LuaUserdata implements Term {

    private final LuaTable entries;
    private final Place place;

    CommandMapTerm(LuaTable metatable, LuaTable entries, Place place) {
        super(metatable);
        this.entries = entries;
        this.place = place;
    }

    public LuaTable entries() {
        return entries;
    }

    @Override
    public String shown() {
        return "cmdmap{...}";
    }

    /** The call. */
    public Place place() {
        return place;
    }
}
