package io.memroute.proxy.script.tool;

import io.memroute.lua.LuaError;
import io.memroute.protocol.Request;

/** A script's request as inspectors and mutators need it. */
public interface ToolRequest {

    /**
     * The line.
     *
     * @throws LuaError if there is none: it was answered, or was never written
     */
    Request request();

    /** The value with its line end; null if there is none. */
    byte[] value();

    /** Whether there is a line with a value, which a mutator must not replace. */
    boolean hasValue();

    /** Becomes another request, line and value; the view and the buffer under it are given away. */
    void become(Request written);
}
