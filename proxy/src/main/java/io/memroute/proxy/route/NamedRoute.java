package io.memroute.proxy.route;

import io.memroute.protocol.Reply;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.PassedCall;
import io.memroute.proxy.call.ReplyClass;
import io.memroute.proxy.stats.UserCounter;
import io.netty.buffer.ByteBuf;

/** Counts what becomes of a route's requests, under the name that the configuration gives it. */
public final class NamedRoute implements Route {

    /**
     * @param requests all of them
     * @param hits good replies, {@code NOT_FOUND} and the like included
     * @param misses of gets
     * @param errors error replies, and requests without a reply
     */
    public record Counters(UserCounter requests, UserCounter hits, UserCounter misses, UserCounter errors) {}

    private final Route route;
    private final Counters counters;
    private final FreeList<Counted> free = new FreeList<>(Counted::new);

    public NamedRoute(Route route, Counters counters) {
        this.route = route;
        this.counters = counters;
    }

    @Override
    public void start(Call call) {
        Counted counted = free.take();
        counted.askedBy(call);
        counters.requests.increment();
        route.start(counted);
    }

    private final class Counted extends PassedCall {
        @Override
        public void replied(Reply reply) {
            switch (ReplyClass.of(reply)) {
                case GOOD -> counters.hits.increment();
                case MISS -> counters.misses.increment();
                case ERROR, EXPIRED -> counters.errors.increment();
            }
            super.replied(reply);
        }

        @Override
        public void answered(ByteBuf bytes) {
            counters.errors.increment();
            super.answered(bytes);
        }

        @Override
        public void replyEnds() {
            counters.hits.increment();
            super.replyEnds();
        }

        @Override
        public void replyBreaks() {
            counters.errors.increment();
            super.replyBreaks();
        }

        @Override
        protected void recycle() {
            parent = null;
            free.give(this);
        }
    }
}
