package io.memroute.proxy.script.tool;

import io.memroute.protocol.Reply;

/** A script's response as inspectors and mutators need it. */
public interface ToolReply {

    /** The reply; null if there is none. */
    Reply view();

    /** The value with its line end; null if there is none. */
    byte[] value();

    /** Becomes another reply, line and value; the view and the buffer under it are given away. */
    void become(Reply written);
}
