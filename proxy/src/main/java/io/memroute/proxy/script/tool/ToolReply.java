package io.memroute.proxy.script.tool;

import io.memroute.protocol.Reply;

/** A script's response as inspectors and mutators need it. */
public interface ToolReply extends ValueSource {

    /** The reply; null if there is none. */
    Reply view();

    /** Becomes another reply, line and value; the view and the buffer under it are given away. */
    void become(Reply written);
}
