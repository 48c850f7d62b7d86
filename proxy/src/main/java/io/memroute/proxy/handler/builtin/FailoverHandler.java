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
import io.memroute.proxy.route.builtin.FailoverRoute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** {@code route_failover}: one child after the other until one answers well. */
public final class FailoverHandler implements Handler {

    private static final String NAME = "failover";

    private static final Argument<Optional<List<ZonedChild>>> CHILDREN = Argument.children("in the order to ask them");

    private static final Argument<Boolean> MISS = Argument.flag("miss", false, "ask the next child after a miss too");

    private static final Argument<Boolean> NOT_FOUND =
            Argument.flag("not_found", false, "ask the next child after `NOT_FOUND` or `NF` too");

    private static final Argument<Optional<Integer>> COUNT = Argument.of(
            "failover_count",
            "number",
            "all",
            "children asked at most, the first included",
            reading -> reading.arguments().integer("failover_count", 1, Integer.MAX_VALUE));

    private static final Argument<Boolean> SHUFFLE = Argument.flag(
            "shuffle", false, "another order for every worker, chosen once; the local zone's child stays first");

    private static final Argument<Optional<String>> ZONE = LocalZone.argument("the child to ask first");

    private static final Argument<Optional<Duration>> WAIT = Argument.waitForEach("for each child");

    private static final Argument<Optional<String>> COUNTER =
            Argument.counter("_retries", "`X_retries`: replies of children after the first");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILDREN, MISS, NOT_FOUND, COUNT, SHUFFLE, ZONE, WAIT, COUNTER);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        boolean onMiss = MISS.in(reading);
        boolean onNotFound = NOT_FOUND.in(reading);
        boolean shuffle = SHUFFLE.in(reading);
        Optional<Integer> attempts = COUNT.in(reading);
        Optional<Duration> wait = WAIT.in(reading);
        Optional<String> counter = COUNTER.in(reading);
        boolean ownZone = ZONE.in(reading).isPresent();
        Optional<Zone> zone = LocalZone.of(reading, ZONE);
        Optional<List<ZonedChild>> children = CHILDREN.in(reading);
        if (children.isEmpty()) {
            return Optional.empty();
        }
        List<ZonedChild> ordered = new ArrayList<>(children.get());
        Optional<ZonedChild> local = zone.map(Zone::name)
                .flatMap(name -> ownZone
                        ? LocalZone.childOf(reading, children.get(), name)
                        : LocalZone.find(children.get(), name));
        local.ifPresent(first -> {
            ordered.remove(first);
            ordered.addFirst(first);
        });
        return Optional.of(new Spec(
                ordered,
                local.flatMap(first -> zone),
                onMiss,
                onNotFound,
                Math.min(attempts.orElse(ordered.size()), ordered.size()),
                shuffle,
                wait,
                counter,
                reading.where()));
    }

    /**
     * @param children in the order to ask them; the local zone's, if there is one, is first already
     * @param localFirst the local zone, if the first child is that zone's, which {@code shuffle} leaves in its place
     * @param onMiss whether a miss goes on to the next child too
     * @param onNotFound whether {@code NOT_FOUND} or {@code NF} goes on to the next child too
     * @param attempts how many children are asked at most, the first included: 1 to the number of children
     * @param shuffle whether each worker puts the children in an order of its own once
     * @param maxWait how long to wait for each child
     * @param counter the user counter of further attempts; empty if not counted
     */
    public record Spec(
            List<ZonedChild> children,
            Optional<Zone> localFirst,
            boolean onMiss,
            boolean onNotFound,
            int attempts,
            boolean shuffle,
            Optional<Duration> maxWait,
            Optional<String> counter,
            SourceLocation where)
            implements HandlerSpec {

        public Spec {
            children = List.copyOf(children);
            if (attempts < 1 || attempts > children.size()) {
                throw new IllegalArgumentException("attempts are 1 to the number of children");
            }
        }

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public void show(Shown to) {
            to.put(MISS, onMiss)
                    .put(NOT_FOUND, onNotFound ? Optional.of(true) : Optional.empty())
                    .put(COUNT, attempts)
                    .put(SHUFFLE, shuffle)
                    .put(WAIT, maxWait)
                    .put(COUNTER, counter);
        }

        @Override
        public String words(Request request) {
            StringBuilder words = new StringBuilder("one after the other: asks the next after ").append(goesOn());
            if (attempts < children.size()) {
                words.append("; asks ")
                        .append(attempts)
                        .append(" of ")
                        .append(children.size())
                        .append(" at most");
            }
            if (shuffle) {
                words.append("; each worker in an order of its own");
            }
            localFirst.ifPresent(zone -> words.append("; zone ")
                    .append(zone.name())
                    .append(" first, by ")
                    .append(zone.origin()));
            return words.append(Words.waitsForEach(maxWait)).toString();
        }

        private String goesOn() {
            if (onNotFound) {
                return onMiss ? "an error, a miss or NOT_FOUND" : "an error or NOT_FOUND";
            }
            return onMiss ? "an error or a miss" : "an error";
        }

        @Override
        public Spread spread() {
            return shuffle && localFirst.isEmpty() ? Spread.ONE : Spread.FIRST;
        }

        @Override
        public Changes changes() {
            return Changes.NONE;
        }

        @Override
        public boolean chance() {
            return shuffle;
        }

        @Override
        public boolean inSteps() {
            return false;
        }

        @Override
        public List<ZonedChild> gutters() {
            return children.subList(1, attempts);
        }

        @Override
        public void review(Review review) {
            review.sameBackends("if it fails, so does the next");
            if (children.size() == 1) {
                review.warn(Warning.Kind.NEVER_ASKED, "has one child, so nothing to fail over to");
            } else if (attempts == 1) {
                review.warn(
                        Warning.Kind.NEVER_ASKED,
                        "failover_count = 1 lets it ask its first child only: it counts the first one too");
            }
            if (localFirst.isEmpty()) {
                LocalZone.reviewNames(review, children);
            }
        }

        @Override
        public Route compile(Parts parts) {
            Route[] order = parts.children(children);
            if (shuffle) {
                List<Route> shuffled = Arrays.asList(order);
                Collections.shuffle(
                        shuffled.subList(localFirst.isPresent() ? 1 : 0, shuffled.size()), ThreadLocalRandom.current());
            }
            Route[] asked = parts.timed(Arrays.copyOf(order, attempts), maxWait);
            return new FailoverRoute(asked, onMiss, onNotFound, parts.counter(counter), parts.worker());
        }
    }
}
