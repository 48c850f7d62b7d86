package io.memroute.proxy.route;

import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.proxy.backend.Call;
import io.memroute.proxy.backend.RequestHolder;
import io.memroute.proxy.stats.UserCounter;
import io.netty.buffer.ByteBuf;

/** Counts what becomes of a route's requests, under the name that the configuration gives it. */
final class NamedRoute implements Route {

    /**
     * @param requests all of them
     * @param hits good replies, {@code NOT_FOUND} and the like included
     * @param misses of gets
     * @param errors error replies, and requests without a reply
     */
    record Counters(UserCounter requests, UserCounter hits, UserCounter misses, UserCounter errors) {}

    private final Route route;
    private final Counters counters;
    private final FreeList<Counted> free = new FreeList<>();

    NamedRoute(Route route, Counters counters) {
        this.route = route;
        this.counters = counters;
    }

    @Override
    public void start(Call call) {
        Counted counted = free.take();
        if (counted == null) {
            counted = new Counted();
        }
        counted.parent = call;
        counters.requests.increment();
        route.start(counted);
    }

    private final class Counted extends Call {
        private Call parent;

        @Override
        public Request request() {
            return parent.request();
        }

        @Override
        public ByteBuf value() {
            return parent.value();
        }

        @Override
        public RequestHolder holder() {
            return parent.holder();
        }

        @Override
        public void replied(Reply reply) {
            switch (ReplyClass.of(reply)) {
                case GOOD -> counters.hits.increment();
                case MISS -> counters.misses.increment();
                case ERROR, EXPIRED -> counters.errors.increment();
            }
            parent.replied(reply);
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
            counters.hits.increment();
            parent.replyEnds();
            recycle();
        }

        @Override
        public void replyBreaks() {
            counters.errors.increment();
            parent.replyBreaks();
            recycle();
        }

        private void recycle() {
            parent = null;
            free.give(this);
        }
    }
}
