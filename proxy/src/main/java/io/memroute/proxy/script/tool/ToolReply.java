package io.memroute.proxy.script.tool;

import io.memroute.protocol.Reply;
import org.jspecify.annotations.Nullable;

/** A script's response as inspectors and mutators need it. */
public interface ToolReply extends ValueSource {

    /** The reply, if there is one. */
    @Nullable
    Reply view();

    /** Becomes another reply, line and value; the view and the buffer under it are given away. */
    void become(Reply written);
}
