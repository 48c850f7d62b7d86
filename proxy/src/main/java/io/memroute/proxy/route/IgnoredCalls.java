package io.memroute.proxy.route;

import io.memroute.protocol.Reply;
import io.memroute.proxy.backend.Call;
import io.memroute.proxy.backend.RequestHolder;
import io.netty.buffer.ByteBuf;

/** Sends requests whose replies nobody waits for. Owned by the worker's thread. */
final class IgnoredCalls {

    private final FreeList<Ignored> free = new FreeList<>();

    /** Sends the holder's request, which is kept until it has been answered. */
    void send(RequestHolder holder, Route to) {
        Ignored call = free.take();
        if (call == null) {
            call = new Ignored();
        }
        holder.retain();
        call.holder = holder;
        to.start(call);
    }

    private final class Ignored extends Call {
        private RequestHolder holder;

        @Override
        public RequestHolder holder() {
            return holder;
        }

        @Override
        public void replied(Reply reply) {
            done();
        }

        @Override
        public void replyBegins(Reply reply, int totalBytes) {}

        @Override
        public void replyBytes(ByteBuf source, int index, int length) {}

        @Override
        public void replyEnds() {
            done();
        }

        @Override
        public void replyBreaks() {
            done();
        }

        private void done() {
            RequestHolder held = holder;
            holder = null;
            free.give(this);
            held.release();
        }
    }
}
