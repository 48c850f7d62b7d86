package io.memroute.proxy.handler.builtin;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.handler.Argument;
import io.memroute.proxy.handler.Arguments;
import io.memroute.proxy.handler.Changes;
import io.memroute.proxy.handler.Handler;
import io.memroute.proxy.handler.HandlerSpec;
import io.memroute.proxy.handler.Parts;
import io.memroute.proxy.handler.Reading;
import io.memroute.proxy.handler.Review;
import io.memroute.proxy.handler.Shown;
import io.memroute.proxy.handler.Spread;
import io.memroute.proxy.handler.Words;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.builtin.RateLimitRoute;
import io.memroute.proxy.route.choice.TokenBucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code route_ratelim}: forwards while a bucket of tokens, full at first, has one, else answers as {@code route_null}
 * does.
 */
public final class RateLimitHandler implements Handler {

    private static final String NAME = "ratelim";

    /** Memcached counts tokens in 32 bits without sign. */
    private static final long MAX_TOKENS = 0xFFFF_FFFFL;

    private static final int DEFAULT_TICK_MILLIS = 1000;

    /** Shorter ticks are finer than memcached's clock; a number of seconds is smaller. */
    private static final int SHORTEST_TICK_MILLIS = 10;

    private static final Argument<Optional<ChildSpec>> CHILD = Argument.child("child", "");

    private static final Argument<Optional<Long>> LIMIT =
            Argument.required("limit", "requests", "requests", 1, MAX_TOKENS, "what the bucket holds");

    private static final Argument<Optional<Long>> FILL_RATE =
            Argument.required("fillrate", "requests", "requests per tick", 1, MAX_TOKENS, "added each tick");

    private static final Argument<Integer> TICK =
            Argument.integer("tickrate", "milliseconds", 1, Integer.MAX_VALUE, DEFAULT_TICK_MILLIS, "a tick");

    private static final Argument<Boolean> GLOBAL = Argument.flag(
            "global", false, "one bucket for all workers instead of one for each; it is full again after a reload");

    private static final Argument<Boolean> UNTIL_LIMIT =
            Argument.flag("fail_until_limit", false, "the other way round: sends on only when the bucket is empty");

    private static final Argument<Optional<ChildSpec>> FALLBACK = Argument.of(
            "fallback",
            "child",
            "none",
            "gets the requests that are not sent on",
            reading -> reading.arguments().has("fallback") ? reading.child("fallback") : Optional.empty());

    private static final Argument<Optional<String>> COUNTER =
            Argument.counter("_limits", "`X_limits`: requests not sent on");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILD, LIMIT, FILL_RATE, TICK, GLOBAL, UNTIL_LIMIT, FALLBACK, COUNTER);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        Section arguments = reading.arguments();
        Optional<Long> limit = LIMIT.in(reading);
        Optional<Long> fillRate = FILL_RATE.in(reading);
        int tickMillis = TICK.in(reading);
        if (tickMillis < SHORTEST_TICK_MILLIS) {
            arguments.warn(
                    Warning.Kind.DOUBTFUL_VALUE,
                    TICK.name(),
                    tickMillis + " means milliseconds; for seconds write " + tickMillis * 1000);
        }
        if (limit.isPresent() && fillRate.isPresent() && fillRate.get() > limit.get()) {
            arguments.warn(
                    Warning.Kind.NO_EFFECT,
                    FILL_RATE.name(),
                    fillRate.get() + " is more than the limit, " + limit.get()
                            + ", which is all that the bucket holds");
        }
        boolean global = GLOBAL.in(reading);
        boolean failUntilLimit = UNTIL_LIMIT.in(reading);
        Optional<ChildSpec> fallback = FALLBACK.in(reading);
        Optional<String> counter = COUNTER.in(reading);
        Optional<ChildSpec> child = CHILD.in(reading);
        if (limit.isEmpty() || fillRate.isEmpty() || child.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Spec(
                child.get(),
                limit.get(),
                fillRate.get(),
                Duration.ofMillis(tickMillis),
                global,
                failUntilLimit,
                fallback,
                counter,
                reading.where()));
    }

    /**
     * @param limit the bucket's size in requests, at least 1
     * @param fillRate tokens added each tick, at least 1
     * @param tick at least a millisecond
     * @param global one bucket for all workers instead of one for each
     * @param failUntilLimit the other way round: forwards once the bucket is empty
     * @param fallback gets the requests not forwarded; empty if they are answered that there is nothing
     * @param counter the user counter of requests not forwarded; empty if not counted
     */
    public record Spec(
            ChildSpec child,
            long limit,
            long fillRate,
            Duration tick,
            boolean global,
            boolean failUntilLimit,
            Optional<ChildSpec> fallback,
            Optional<String> counter,
            SourceLocation where)
            implements HandlerSpec {

        public Spec {
            if (limit < 1 || fillRate < 1 || tick.isZero() || tick.isNegative()) {
                throw new IllegalArgumentException("limit, fill rate and tick are more than 0");
            }
        }

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public List<ZonedChild> children() {
            List<ZonedChild> all = new ArrayList<>();
            all.add(new ZonedChild(CHILD.name(), child));
            fallback.ifPresent(others -> all.add(new ZonedChild(FALLBACK.name(), others)));
            return all;
        }

        @Override
        public void show(Shown to) {
            to.put(LIMIT, limit)
                    .put(FILL_RATE, fillRate)
                    .put(TICK, tick.toMillis())
                    .put(GLOBAL, global)
                    .put(UNTIL_LIMIT, failUntilLimit)
                    .put(COUNTER, counter);
        }

        @Override
        public String words(Request request) {
            String rate = fillRate + " requests in " + Words.seconds(tick) + " s, " + limit + " in a burst"
                    + (global ? ", over all workers" : ", on each worker");
            return failUntilLimit
                    ? (fallback.isPresent() ? "passes on to fallback " : "answers that there is nothing for ") + rate
                            + "; passes on the rest"
                    : "passes on " + rate + "; "
                            + (fallback.isPresent()
                                    ? "the rest goes to fallback"
                                    : "answers the rest that there is nothing");
        }

        @Override
        public Spread spread() {
            return Spread.FIRST;
        }

        @Override
        public Changes changes() {
            return Changes.NONE;
        }

        @Override
        public boolean chance() {
            return false;
        }

        @Override
        public boolean inSteps() {
            return false;
        }

        @Override
        public List<ZonedChild> gutters() {
            return List.of();
        }

        @Override
        public void review(Review review) {}

        @Override
        public Route compile(Parts parts) {
            Route sendTo = parts.child(child);
            long now = parts.worker().nanoTime();
            TokenBucket bucket = global ? parts.shared(this, () -> bucket(now)) : bucket(now);
            return new RateLimitRoute(
                    sendTo,
                    bucket,
                    failUntilLimit,
                    fallback.map(parts::child).orElseGet(parts::nothing),
                    parts.counter(counter),
                    parts.worker());
        }

        private TokenBucket bucket(long now) {
            return new TokenBucket(limit, fillRate, tick.toNanos(), now);
        }
    }
}
