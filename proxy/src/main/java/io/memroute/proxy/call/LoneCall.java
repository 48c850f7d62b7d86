package io.memroute.proxy.call;

import io.memroute.protocol.Request;
import io.memroute.proxy.trust.Identity;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A call with no client behind it, which holds its request itself: that of a simulation, a test or a benchmark. For one
 * thread.
 */
public abstract class LoneCall extends Call implements RequestHolder {

    private final Request request;
    private int holds;

    /** @param request in a buffer of its own, with its value if it has one */
    protected LoneCall(Request request) {
        this.request = request;
    }

    @Override
    public final Request request() {
        return request;
    }

    @Override
    public final @Nullable ByteBuf value() {
        return null;
    }

    @Override
    public final RequestHolder holder() {
        return this;
    }

    @Override
    public final void retain() {
        holds++;
    }

    @Override
    public final void release() {
        if (--holds < 0) {
            throw new IllegalStateException("released more often than retained");
        }
    }

    @Override
    public int clientDescriptor() {
        return 0;
    }

    @Override
    public final Identity identity() {
        return Identity.UNKNOWN;
    }

    /** Returns how many need the request now. */
    public final int holds() {
        return holds;
    }
}
