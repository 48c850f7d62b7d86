package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Reply;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.KeptReply;
import io.memroute.proxy.call.OwnCall;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;

/** A call of a route's own whose reply is needed whole, however large it is. */
final class GatheredCall extends OwnCall {

    /** The step after the reply. */
    interface Next {

        /** @param asked the request, which may be used until this returns */
        void replied(OwnRequest asked, Reply reply);
    }

    private final Next next;
    private final KeptReply gathered;

    GatheredCall(Next next, WorkerContext worker) {
        this.next = next;
        this.gathered = new KeptReply(worker.allocator(), worker.memory());
    }

    @Override
    protected void answered(OwnRequest asked, Reply reply) {
        next.replied(asked, reply);
    }

    @Override
    public void replyBegins(Reply reply, int totalBytes) {
        gathered.begin(totalBytes);
    }

    @Override
    public void replyBytes(ByteBuf source, int index, int length) {
        gathered.add(source, index, length);
    }

    @Override
    public void replyEnds() {
        gathered.end();
        // The call may be used again meanwhile, but nothing is gathered before its server answers, in a later pass of
        // the loop.
        replied(gathered.view());
        gathered.clear();
    }

    @Override
    public void replyBreaks() {
        gathered.clear();
        replied(FixedReply.BACKEND_FAILURE);
    }
}
