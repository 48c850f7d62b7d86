package io.memroute.proxy.handler.builtin;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Zone;
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
import io.memroute.proxy.handler.Words;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.builtin.AllFastestRoute;
import io.memroute.proxy.route.builtin.FailoverRoute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code route_zfailover}: the local zone's child first, then all others at once. */
public final class ZoneFailoverHandler implements Handler {

    private static final String NAME = "zfailover";

    private static final Argument<Optional<List<ZonedChild>>> CHILDREN =
            Argument.of("children", "table, set", "required", "by zone", reading -> reading.children("children"));

    private static final Argument<Optional<String>> ZONE =
            LocalZone.argument("the near zone; required one way or the other");

    private static final Argument<Boolean> MISS = Argument.flag("miss", true, "ask the others after a near miss too");

    private static final Argument<Optional<Duration>> WAIT = Argument.waitForEach("for each child");

    private static final Argument<Boolean> SHUFFLE = Argument.flag(
            "shuffle", false, "accepted, without effect: all others are asked at once. `check` warns of it");

    private static final Argument<Optional<Integer>> COUNT = Argument.of(
            "failover_count",
            "number",
            "all",
            "accepted, without effect, likewise",
            reading -> reading.arguments().integer("failover_count", 1, Integer.MAX_VALUE));

    private static final Argument<Optional<String>> COUNTER =
            Argument.counter("_retries", "`X_retries`: requests that went on");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILDREN, ZONE, MISS, WAIT, SHUFFLE, COUNT, COUNTER);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        boolean onMiss = MISS.in(reading);
        // Configurations in the field carry these over from route_failover. With all far zones asked at once there is
        // no order
        // to shuffle and no number to limit: a check warns of what they seem to ask for.
        boolean shuffle = SHUFFLE.in(reading);
        int count = COUNT.in(reading).orElse(Integer.MAX_VALUE);
        Optional<Duration> wait = WAIT.in(reading);
        Optional<String> counter = COUNTER.in(reading);
        Optional<Zone> zone = LocalZone.of(reading, ZONE);
        Optional<List<ZonedChild>> children = CHILDREN.in(reading);
        if (zone.isEmpty()) {
            if (!reading.arguments().has(ZONE.name())) {
                reading.arguments()
                        .fail("needs a zone: local_zone = \"...\" here, or local_zone(\"...\") for all routes");
            }
            return Optional.empty();
        }
        if (children.isEmpty()) {
            return Optional.empty();
        }
        return LocalZone.childOf(reading, children.get(), zone.get().name()).map(near -> {
            List<ZonedChild> far = new ArrayList<>(children.get());
            far.remove(near);
            List<String> withoutEffect = new ArrayList<>();
            if (shuffle) {
                withoutEffect.add(SHUFFLE.name());
            }
            if (count <= far.size()) {
                withoutEffect.add(COUNT.name());
            }
            return new Spec(zone.get(), near, far, onMiss, wait, counter, withoutEffect, reading.where());
        });
    }

    /**
     * @param zone the local zone
     * @param near the local zone's child
     * @param far the children of the other zones, possibly none
     * @param onMiss whether a miss of the near child goes on to the others
     * @param maxWait how long to wait for each child
     * @param counter the user counter of requests that went on; empty if not counted
     * @param withoutEffect arguments of {@code route_failover} that ask for what there is none of here
     */
    public record Spec(
            Zone zone,
            ZonedChild near,
            List<ZonedChild> far,
            boolean onMiss,
            Optional<Duration> maxWait,
            Optional<String> counter,
            List<String> withoutEffect,
            SourceLocation where)
            implements HandlerSpec {

        public Spec {
            far = List.copyOf(far);
            withoutEffect = List.copyOf(withoutEffect);
        }

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public List<ZonedChild> children() {
            return Stream.concat(Stream.of(near), far.stream()).toList();
        }

        @Override
        public void show(Shown to) {
            to.put(ZONE, near.zone()).put(MISS, onMiss).put(WAIT, maxWait).put(COUNTER, counter);
        }

        @Override
        public String words(Request request) {
            return "zone " + near.zone() + " first; after " + (onMiss ? "an error or a miss" : "an error")
                    + " all other zones at once; " + zone.name() + " by " + zone.origin() + Words.waitsForEach(maxWait);
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
            return far;
        }

        @Override
        public void review(Review review) {
            review.sameBackends("if it fails, so does the other");
            if (far.isEmpty()) {
                review.warn(Warning.Kind.NEVER_ASKED, "has no zone besides the local one, so nothing to fail over to");
            }
            for (String argument : withoutEffect) {
                review.warn(
                        Warning.Kind.NO_EFFECT,
                        argument
                                + " has no effect: all other zones are asked at once;"
                                + " route_failover asks one after the other");
            }
        }

        @Override
        public Route compile(Parts parts) {
            // A failover of two, the second of which asks all far children and takes the first hit.
            Route first = parts.timed(new Route[] {parts.child(near.child())}, maxWait)[0];
            Route[] inOrder = far.isEmpty()
                    ? new Route[] {first}
                    : new Route[] {
                        first, new AllFastestRoute(parts.timed(parts.children(far), maxWait), true, parts.worker())
                    };
            return new FailoverRoute(inOrder, onMiss, parts.counter(counter), parts.worker());
        }
    }
}
