package io.memroute.proxy.script.tool;

import io.memroute.lua.LuaTable;
import io.memroute.protocol.RequestParser;

/** The functions of the table {@code mcp} that make inspectors and mutators. */
public final class Tools {

    private Tools() {}

    /** @param parser that of the worker whose table it is */
    public static void addTo(LuaTable mcp, RequestParser parser) {
        mcp.put("req_inspector_new", Inspector.forRequests());
        mcp.put("res_inspector_new", Inspector.forReplies());
        mcp.put("req_mutator_new", MutatorSteps.forRequests(parser));
        mcp.put("res_mutator_new", MutatorSteps.forReplies());
    }
}
