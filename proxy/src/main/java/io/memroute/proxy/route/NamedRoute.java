package io.memroute.proxy.route;

import io.memroute.protocol.Reply;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.PassedCall;
import io.memroute.proxy.call.ReplyClass;
import io.memroute.proxy.stats.LatencyRecorder;
import io.memroute.proxy.stats.UserCounter;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;

/** Counts what becomes of a route's requests, under the name that the configuration gives it. */
public final class NamedRoute implements Route {

    /**
     * @param requests all of them
     * @param hits good replies, {@code NOT_FOUND} and the like included
     * @param misses of gets
     * @param errors error replies, and requests without a reply
     * @param times from when the route got a request until it passed the whole reply on
     */
    public record Counters(
            UserCounter requests, UserCounter hits, UserCounter misses, UserCounter errors, LatencyRecorder times) {

        /** The names of these counters are that of the route and one of these. */
        public static final String REQUESTS = "_requests";

        public static final String HITS = "_hits";
        public static final String MISSES = "_misses";
        public static final String ERRORS = "_errors";
    }

    private final Route route;
    private final Counters counters;
    private final WorkerContext worker;
    private final FreeList<Counted> free = new FreeList<>(Counted::new);

    /** @param worker the worker whose clock measures */
    public NamedRoute(Route route, Counters counters, WorkerContext worker) {
        this.route = route;
        this.counters = counters;
        this.worker = worker;
    }

    @Override
    public void start(Call call) {
        Counted counted = free.take();
        counted.askedBy(call);
        counted.startedNanos = worker.passNanos();
        counters.requests.increment();
        route.start(counted);
    }

    private final class Counted extends PassedCall {
        private long startedNanos;

        private void count(UserCounter outcome) {
            outcome.increment();
            counters.times.record(worker.passNanos() - startedNanos, 1);
        }

        @Override
        public void replied(Reply reply) {
            count(
                    switch (ReplyClass.of(reply)) {
                        case GOOD -> counters.hits;
                        case MISS -> counters.misses;
                        case ERROR, EXPIRED -> counters.errors;
                    });
            super.replied(reply);
        }

        @Override
        public void answered(ByteBuf bytes) {
            count(counters.errors);
            super.answered(bytes);
        }

        @Override
        public void replyEnds() {
            count(counters.hits);
            super.replyEnds();
        }

        @Override
        public void replyBreaks() {
            count(counters.errors);
            super.replyBreaks();
        }

        @Override
        protected void recycle() {
            forgetParent();
            free.give(this);
        }
    }
}
