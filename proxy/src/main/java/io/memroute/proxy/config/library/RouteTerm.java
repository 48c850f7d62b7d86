package io.memroute.proxy.config.library;

import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.config.source.Term;
import java.util.Optional;

/** The result of {@code route_NAME{...}} in Lua: the handler and its arguments, not looked at yet. */
public final class RouteTerm extends LuaUserdata implements Term {

    private final String handler;
    private final Optional<LuaTable> arguments;
    private final Place place;
    private boolean read;

    /** @param arguments empty if the function was called with something else, which has been noted */
    public RouteTerm(LuaTable metatable, String handler, Optional<LuaTable> arguments, Place place) {
        super(metatable);
        this.handler = handler;
        this.arguments = arguments;
        this.place = place;
    }

    /** The {@code NAME} of {@code route_NAME}. */
    public String handler() {
        return handler;
    }

    public String function() {
        return "route_" + handler;
    }

    @Override
    public String shown() {
        return function() + "{...}";
    }

    /** Whether it can be read; if not, that has been noted. */
    public boolean hasArguments() {
        return arguments.isPresent();
    }

    /** The table that it was called with; an empty one if it has no arguments. */
    public LuaTable arguments() {
        return arguments.orElseGet(LuaTable::new);
    }

    /** Notes that it is part of a tree. */
    public void read() {
        read = true;
    }

    /** Whether it is part of a tree. */
    public boolean isRead() {
        return read;
    }

    /** The call. */
    public Place place() {
        return place;
    }
}
