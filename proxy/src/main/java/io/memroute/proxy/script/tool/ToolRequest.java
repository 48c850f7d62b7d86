package io.memroute.proxy.script.tool;

import io.memroute.lua.LuaError;
import io.memroute.protocol.Request;

/** A script's request as inspectors and mutators need it. */
public interface ToolRequest extends ValueSource {

    /**
     * The line.
     *
     * @throws LuaError if there is none: it was answered, or was never written
     */
    Request request();

    /** Becomes another request, line and value; the view and the buffer under it are given away. */
    void become(Request written);
}
