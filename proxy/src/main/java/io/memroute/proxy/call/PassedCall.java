package io.memroute.proxy.call;

import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.proxy.trust.Identity;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A call that a route makes for another one, to look at or change its request or its reply; everything else passes
 * through. Used again and again. Owned by the worker's thread.
 */
public abstract class PassedCall extends Call {

    /** The call it stands for, while it is in use. */
    @SuppressWarnings("NullAway.Init")
    protected Call parent;

    /** Begins to stand for a call. */
    public final void askedBy(Call asker) {
        parent = asker;
    }

    /** Lets go of the parent, which has been answered. */
    @SuppressWarnings("NullAway") // not used again before askedBy
    protected final void forgetParent() {
        parent = null;
    }

    /** Forgets the request, whose parent has been answered, so that the call can be used again. */
    protected abstract void recycle();

    @Override
    public Request request() {
        return parent.request();
    }

    @Override
    public @Nullable ByteBuf value() {
        return parent.value();
    }

    @Override
    public RequestHolder holder() {
        return parent.holder();
    }

    @Override
    public Identity identity() {
        return parent.identity();
    }

    @Override
    public int clientDescriptor() {
        return parent.clientDescriptor();
    }

    @Override
    public void replied(Reply reply) {
        parent.replied(reply);
        recycle();
    }

    @Override
    public void answered(ByteBuf bytes) {
        parent.answered(bytes);
        recycle();
    }

    @Override
    public void replyBegins(Reply reply, int totalBytes) {
        parent.replyBegins(reply, totalBytes);
    }

    @Override
    public void replyBytes(ByteBuf source, int index, int length) {
        parent.replyBytes(source, index, length);
    }

    @Override
    public void replyEnds() {
        parent.replyEnds();
        recycle();
    }

    @Override
    public void replyBreaks() {
        parent.replyBreaks();
        recycle();
    }
}
