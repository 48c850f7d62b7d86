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
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.builtin.NearCache;
import io.memroute.proxy.route.builtin.NearCacheRoute;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code route_nearcache}: answers gets of what was asked for shortly before from this process's memory. */
public final class NearCacheHandler implements Handler {

    private static final String NAME = "nearcache";

    /** The longest of the endings of its counters. */
    private static final String MISSES = "_near_misses";

    private static final int DEFAULT_TTL_SECONDS = 1;

    private static final int DEFAULT_MAX_BYTES = 16 << 20;

    /** The near cache stores whole small values; a larger one costs more to copy than it saves. */
    private static final int DEFAULT_MAX_VALUE = 4096;

    /** A near cache bridges a burst; for longer than five minutes hardly anybody wants to see old values. */
    private static final int LONGEST_TTL_SECONDS = 300;

    /** Larger ones are passed through while they arrive. */
    private static final int LARGEST_VALUE = 16 << 10;

    private static final Argument<Optional<ChildSpec>> CHILD = Argument.child("child", "");

    private static final Argument<Integer> TTL = Argument.integer(
            "ttl",
            "seconds",
            1,
            Integer.MAX_VALUE,
            DEFAULT_TTL_SECONDS,
            "how long an answer is used again; a whole number");

    private static final Argument<Integer> MAX_BYTES = Argument.integer(
            "max_bytes",
            "bytes",
            1,
            Integer.MAX_VALUE,
            DEFAULT_MAX_BYTES,
            "of memory, for all workers together; the least used items go first");

    private static final Argument<Integer> MAX_VALUE = Argument.integer(
            "max_value", "bytes", 0, LARGEST_VALUE, DEFAULT_MAX_VALUE, "longer values are not kept; at most 16384");

    private static final Argument<Optional<String>> COUNTER =
            Argument.counters(MISSES, "`X_near_hits`, `X_near_misses`");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILD, TTL, MAX_BYTES, MAX_VALUE, COUNTER);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        Section arguments = reading.arguments();
        int ttl = TTL.in(reading);
        int maxBytes = MAX_BYTES.in(reading);
        int maxValue = MAX_VALUE.in(reading);
        if (ttl > LONGEST_TTL_SECONDS) {
            arguments.warn(
                    Warning.Kind.DOUBTFUL_VALUE,
                    TTL.name(),
                    ttl + " means seconds, and values may be out of date for that long; for milliseconds write 1,"
                            + " the least");
        }
        if (maxBytes < Math.max(maxValue, 1 << 10)) {
            arguments.warn(
                    Warning.Kind.DOUBTFUL_VALUE,
                    MAX_BYTES.name(),
                    maxBytes + " means bytes, which is no room for a value of " + maxValue + "; for MiB write "
                            + ((long) maxBytes << 20));
        }
        if (maxValue == 0) {
            arguments.warn(Warning.Kind.NO_EFFECT, MAX_VALUE.name(), "0 lets only empty values be kept");
        }
        Optional<String> counter = COUNTER.in(reading);
        return CHILD.in(reading)
                .map(child -> new Spec(child, Duration.ofSeconds(ttl), maxBytes, maxValue, counter, reading.where()));
    }

    /**
     * @param ttl how long an answer is used again; whole seconds
     * @param maxBytes of memory, for all workers together
     * @param maxValueBytes longer values are not kept
     * @param counter what the counters of hits and misses are named after; empty if not counted
     */
    public record Spec(
            ChildSpec child,
            Duration ttl,
            long maxBytes,
            int maxValueBytes,
            Optional<String> counter,
            SourceLocation where)
            implements HandlerSpec {

        public Spec {
            if (ttl.toSeconds() < 1 || maxBytes < 1 || maxValueBytes < 0) {
                throw new IllegalArgumentException("a TTL of at least a second, and memory");
            }
        }

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public List<ZonedChild> children() {
            return List.of(new ZonedChild(CHILD.name(), child));
        }

        @Override
        public void show(Shown to) {
            to.put(TTL, ttl.toSeconds())
                    .put(MAX_BYTES, maxBytes)
                    .put(MAX_VALUE, maxValueBytes)
                    .put(COUNTER, counter);
        }

        @Override
        public String words(Request request) {
            return "answers gets from the proxy's memory for " + ttl.toSeconds()
                    + " s after the child has answered them; passes on everything else";
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
            NearCache cache = parts.shared(this, () -> new NearCache(maxBytes, ttl.toSeconds(), maxValueBytes));
            return new NearCacheRoute(
                    sendTo,
                    cache,
                    parts.requests(),
                    parts.counter(counter.map(name -> name + "_near_hits")),
                    parts.counter(counter.map(name -> name + MISSES)));
        }
    }
}
