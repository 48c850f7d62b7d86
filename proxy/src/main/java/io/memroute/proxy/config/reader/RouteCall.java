package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;

/** What {@code route_NAME{...}} returns to Lua: the handler and its arguments, not looked at yet. */
final class RouteCall extends LuaUserdata {

    private final String handler;
    private final LuaTable arguments;
    private final Place place;
    private boolean read;

    /** @param arguments null if the function was called with something else, which has been noted */
    RouteCall(LuaTable metatable, String handler, LuaTable arguments, Place place) {
        super(metatable);
        this.handler = handler;
        this.arguments = arguments;
        this.place = place;
    }

    /** The {@code NAME} of {@code route_NAME}. */
    String handler() {
        return handler;
    }

    String function() {
        return "route_" + handler;
    }

    /** Whether it can be read; if not, that has been noted. */
    boolean hasArguments() {
        return arguments != null;
    }

    LuaTable arguments() {
        return arguments;
    }

    /** Notes that it is part of a tree. */
    void read() {
        read = true;
    }

    /** Whether it is part of a tree. */
    boolean isRead() {
        return read;
    }

    /** The call. */
    Place place() {
        return place;
    }
}
