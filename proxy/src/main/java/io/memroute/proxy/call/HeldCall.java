package io.memroute.proxy.call;

import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A call that may outlive the one it was made for: its request is held until its own reply has come, alone or together
 * with other calls. Used again and again. Owned by the worker's thread.
 */
public abstract class HeldCall extends Call {

    protected final HeldRequest held;

    /** @param held the request, which several calls may share */
    protected HeldCall(HeldRequest held) {
        this.held = held;
    }

    @Override
    public final Request request() {
        return held.request;
    }

    @Override
    public final @Nullable ByteBuf value() {
        return held.value;
    }

    @Override
    public final RequestHolder holder() {
        return held.holder;
    }
}
