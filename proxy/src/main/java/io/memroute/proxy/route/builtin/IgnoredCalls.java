package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Reply;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.HeldCall;
import io.memroute.proxy.call.HeldRequest;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.Route;
import io.netty.buffer.ByteBuf;

/** Sends requests whose replies nobody waits for. Owned by the worker's thread. */
public final class IgnoredCalls {

    private final FreeList<Ignored> free = new FreeList<>(Ignored::new);

    /** Sends the holder's request, which is kept until it has been answered. */
    void send(RequestHolder holder, Route to) {
        Ignored call = free.take();
        call.send(holder, to);
    }

    private final class Ignored extends HeldCall {

        Ignored() {
            super(new HeldRequest());
        }

        void send(RequestHolder holder, Route to) {
            held.hold(holder);
            to.start(this);
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
            RequestHolder holder = held.letGo();
            free.give(this);
            holder.release();
        }
    }
}
