package io.memroute.proxy.handler.builtin;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.ZonedChild;
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
import io.memroute.proxy.route.builtin.OwedKeys;
import io.memroute.proxy.route.builtin.WarmCommands;
import io.memroute.proxy.route.builtin.WarmDebts;
import io.memroute.proxy.route.builtin.WarmRoute;
import java.util.List;
import java.util.Optional;

/** {@code route_warm}: fills an empty child from one that has the data, while both are in use. */
public final class WarmHandler implements Handler {

    private static final String NAME = "warm";

    private static final Argument<Optional<ChildSpec>> COLD = Argument.child("cold", "where the data is to be");

    private static final Argument<Optional<ChildSpec>> WARM = Argument.child("warm", "where it is");

    private static final Argument<Optional<String>> COUNTER = Argument.counters(
            "_warm_deleted",
            "`X_warm_hits`: gets that cold missed and warm had; `X_warm_failed`, `X_warm_deleted`, `X_warm_lost`:"
                    + " [what warm failed to take](#when-the-old-side-fails)");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(COLD, WARM, COUNTER);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        Optional<String> counter = COUNTER.in(reading);
        Optional<ChildSpec> cold = COLD.in(reading);
        Optional<ChildSpec> warm = WARM.in(reading);
        return cold.isPresent() && warm.isPresent()
                ? Optional.of(new Spec(
                        cold.get(), warm.get(), counter, reading.position().label(), reading.where()))
                : Optional.empty();
    }

    /**
     * Returns what a route counts.
     *
     * @param hits the name of the counter of items found on the warm side
     * @param misses the name of the counter of those not found there either, if it has one
     * @param warm what the names of the counters of changes that failed begin with
     */
    static WarmRoute.Counters counters(Parts parts, String hits, Optional<String> misses, String warm) {
        return new WarmRoute.Counters(
                parts.counter(hits),
                parts.counter(misses),
                new WarmDebts.Counters(
                        parts.counter(warm + "_failed"),
                        parts.counter(warm + "_deleted"),
                        parts.counter(warm + "_lost")));
    }

    /**
     * Returns what the route owes its warm side. A reload keeps it if it keeps the counters: one shows the other.
     *
     * @param handler the handler's name
     * @param counter what the counters are named after, if there are any
     * @param label names the place of a route without counters
     */
    static OwedKeys owed(Parts parts, String handler, Optional<String> counter, String label, SourceLocation where) {
        String name = counter.map(given -> handler + " with counter " + given).orElse(handler + " of " + label);
        String shown = "route_" + handler + " at " + where;
        return parts.lasting(name, () -> new OwedKeys(shown)).named(shown);
    }

    /** Returns what becomes of a request. The sides are called as the arguments of the handler. */
    static String words(Request request, String cold, String warm) {
        if (WarmCommands.deletesUnconditionally(request)) {
            return "\"%s\", then \"%s\": an error of either, else success if either had the item".formatted(warm, cold);
        }
        if (WarmCommands.setsUnconditionally(request)) {
            return "both: the reply is that of \"%s\"".formatted(cold);
        }
        if (WarmCommands.makesItem(request)) {
            return "\"%s\", after what \"%s\" has is written there".formatted(cold, warm);
        }
        return "\"%s\" first; what it does not have is read from \"%s\" and written to \"%s\""
                .formatted(cold, warm, cold);
    }

    /**
     * @param counter what its counters are named after; empty if nothing is counted
     * @param label names its place
     */
    public record Spec(ChildSpec cold, ChildSpec warm, Optional<String> counter, String label, SourceLocation where)
            implements HandlerSpec {

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public List<ZonedChild> children() {
            return List.of(new ZonedChild(COLD.name(), cold), new ZonedChild(WARM.name(), warm));
        }

        @Override
        public void show(Shown to) {
            to.put(COUNTER, counter);
        }

        @Override
        public String words(Request request) {
            return WarmHandler.words(request, "cold", "warm");
        }

        @Override
        public Spread spread() {
            return Spread.FIRST_ANSWERS;
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
            return true;
        }

        @Override
        public List<ZonedChild> gutters() {
            return List.of();
        }

        @Override
        public void review(Review review) {
            review.sameBackends("what the one misses, the other misses too");
        }

        @Override
        public Route compile(Parts parts) {
            return new WarmRoute(
                    parts.child(cold),
                    parts.child(warm),
                    parts.shared(this, () -> owed(parts, NAME, counter, label, where)),
                    parts.requests(),
                    counter.map(name -> counters(parts, name + "_warm_hits", Optional.empty(), name + "_warm"))
                            .orElse(WarmRoute.Counters.NONE),
                    null,
                    parts.worker());
        }
    }
}
