package io.memroute.proxy.call;

import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PassedCall} with a request of the route's own in the place of the one it stands for. Used again and again.
 * Owned by the worker's thread.
 */
public abstract class RewrittenCall extends PassedCall {

    @SuppressWarnings("NullAway.Init")
    private OwnRequest own;

    /**
     * Begins to stand for a call, with a request that has yet to be written. The call lets go of it when it is
     * answered.
     */
    public final OwnRequest askedBy(Call asker, OwnRequest.Source requests) {
        askedBy(asker);
        own = requests.take();
        return own;
    }

    /** Makes the call free to stand for another one. */
    protected abstract void giveBack();

    @Override
    public final Request request() {
        return own.request();
    }

    @Override
    public final @Nullable ByteBuf value() {
        return own.value();
    }

    @Override
    public final RequestHolder holder() {
        return own;
    }

    @Override
    @SuppressWarnings("NullAway") // not used again before askedBy
    protected final void recycle() {
        OwnRequest answered = own;
        forgetParent();
        own = null;
        giveBack();
        answered.release();
    }
}
