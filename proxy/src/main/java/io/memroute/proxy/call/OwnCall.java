package io.memroute.proxy.call;

import io.memroute.protocol.Reply;

/**
 * A call with a request of the route's own, for no client's call in particular. Lets go of the request when it is
 * answered. Used again and again; owned by the worker's thread.
 */
public abstract class OwnCall extends Call {

    @SuppressWarnings("NullAway.Init")
    private OwnRequest own;

    /** Sets the request to be sent next; it is taken over. */
    public final void ask(OwnRequest request) {
        own = request;
    }

    /**
     * The reply has come. The call is free to be used again.
     *
     * @param asked the request, which may be used until this returns
     */
    protected abstract void answered(OwnRequest asked, Reply reply);

    @Override
    public final RequestHolder holder() {
        return own;
    }

    @Override
    @SuppressWarnings("NullAway") // not used again before ask
    public final void replied(Reply reply) {
        OwnRequest asked = own;
        own = null;
        answered(asked, reply);
        asked.release();
    }
}
