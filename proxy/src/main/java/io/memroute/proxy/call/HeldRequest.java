package io.memroute.proxy.call;

import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A request kept for calls that may outlive the one it came with. Used again and again. Owned by the worker's thread.
 */
public final class HeldRequest {

    @SuppressWarnings("NullAway.Init")
    RequestHolder holder;

    @SuppressWarnings("NullAway.Init")
    Request request;

    @Nullable
    ByteBuf value;

    /** Begins to hold the request of a call. */
    public void hold(Call asker) {
        hold(asker.holder(), asker.request(), asker.value());
    }

    /** Begins to hold a request. */
    public void hold(RequestHolder keeper) {
        hold(keeper, keeper.request(), keeper.value());
    }

    private void hold(RequestHolder keeper, Request asked, @Nullable ByteBuf apart) {
        holder = keeper;
        request = asked;
        value = apart;
        keeper.retain();
    }

    /** Forgets the request. The caller releases the holder when it has nothing left to do with either. */
    @SuppressWarnings("NullAway") // not used again before it is set again
    public RequestHolder letGo() {
        RequestHolder held = holder;
        holder = null;
        request = null;
        value = null;
        return held;
    }
}
