package io.memroute.proxy.config.library;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import java.util.List;

/**
 * The functions of {@code mcp} in a configuration that need more than the configuration: a server, or objects of
 * workers.
 */
public interface ServerFunctions {

    /** Accepts crons and requests for a reload, and does nothing about them: there is no server. */
    ServerFunctions NONE = (lua, mcp) -> {
        for (String name : List.of("register_cron", "schedule_config_reload")) {
            mcp.put(name, LuaFunction.varargs(name, (L, args) -> Results.NONE));
        }
        mcp.put("server_stats", LuaFunction.varargs("server_stats", (L, args) -> new LuaTable()));
    };

    /**
     * Adds the functions to a state that is about to run a configuration.
     *
     * @param mcp the table
     */
    void addTo(LuaState lua, LuaTable mcp);
}
