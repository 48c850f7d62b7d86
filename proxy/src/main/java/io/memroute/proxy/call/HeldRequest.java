package io.memroute.proxy.call;

import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;

/**
 * A request kept for calls that may outlive the one it came with. Used again and again. Owned by the worker's thread.
 */
public final class HeldRequest {

    RequestHolder holder;
    Request request;
    ByteBuf value;

    /** Begins to hold the request of a call. */
    public void hold(Call asker) {
        hold(asker.holder(), asker.request(), asker.value());
    }

    /** Begins to hold a request. */
    public void hold(RequestHolder keeper) {
        hold(keeper, keeper.request(), keeper.value());
    }

    private void hold(RequestHolder keeper, Request asked, ByteBuf apart) {
        holder = keeper;
        request = asked;
        value = apart;
        keeper.retain();
    }

    /** Forgets the request. The caller releases the holder when it has nothing left to do with either. */
    public RequestHolder letGo() {
        RequestHolder held = holder;
        holder = null;
        request = null;
        value = null;
        return held;
    }
}
