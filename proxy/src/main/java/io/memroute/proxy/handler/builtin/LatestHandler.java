package io.memroute.proxy.handler.builtin;

import io.memroute.lua.LuaTable;
import io.memroute.protocol.Request;
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
import io.memroute.proxy.handler.Words;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.builtin.FailoverRoute;
import io.memroute.proxy.route.choice.HostOrder;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * {@code route_latest}: one child for all requests of this host, chosen by the host's name; others only if that fails.
 */
public final class LatestHandler implements Handler {

    private static final String NAME = "latest";

    /** The number of children that mcrouter tries. */
    private static final int DEFAULT_ATTEMPTS = 5;

    private static final Argument<Optional<List<ZonedChild>>> CHILDREN = Argument.children("");

    private static final Argument<Optional<LuaTable>> WEIGHTS =
            Weights.argument("1 each", "a number for each child, under the child's key");

    private static final Argument<Integer> COUNT = Argument.integer(
            "failover_count",
            "number",
            1,
            Integer.MAX_VALUE,
            DEFAULT_ATTEMPTS,
            "children asked at most, the first included");

    private static final Argument<String> SALT = Argument.of(
            "salt",
            "text",
            "`\"\"`",
            "routes with different salts have different orders",
            reading -> reading.arguments().text("salt").orElse(""));

    private static final Argument<Optional<Duration>> WAIT = Argument.waitForEach("for each child");

    private static final Argument<Optional<String>> COUNTER =
            Argument.counter("_retries", "`X_retries`: replies of children after the first");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILDREN, WEIGHTS, COUNT, SALT, WAIT, COUNTER);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        int attempts = COUNT.in(reading);
        String salt = SALT.in(reading);
        Optional<Duration> wait = WAIT.in(reading);
        Optional<String> counter = COUNTER.in(reading);
        Optional<List<ZonedChild>> children = CHILDREN.in(reading);
        Optional<List<Double>> weights =
                children.flatMap(list -> reading.arguments().has(WEIGHTS.name())
                        ? Weights.read(reading, WEIGHTS, list)
                        : Optional.of(Collections.nCopies(list.size(), 1.0)));
        return weights.map(list ->
                new Spec(children.get(), list, Math.min(attempts, list.size()), salt, wait, counter, reading.where()));
    }

    /**
     * @param weights as many as children, none negative, not all 0
     * @param attempts how many children are asked at most, the first included
     * @param salt makes the order differ from that of other routes
     * @param maxWait how long to wait for each child
     * @param counter the user counter of further attempts; empty if not counted
     */
    public record Spec(
            List<ZonedChild> children,
            List<Double> weights,
            int attempts,
            String salt,
            Optional<Duration> maxWait,
            Optional<String> counter,
            SourceLocation where)
            implements HandlerSpec {

        public Spec {
            children = List.copyOf(children);
            weights = List.copyOf(weights);
            if (weights.size() != children.size()) {
                throw new IllegalArgumentException("a weight for each child");
            }
        }

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public void show(Shown to) {
            to.put(WEIGHTS, Weights.byChild(children, weights))
                    .put(COUNT, attempts)
                    .put(SALT, salt)
                    .put(WAIT, maxWait)
                    .put(COUNTER, counter);
        }

        @Override
        public String words(Request request) {
            return "one child for all requests of this host; if it fails another, " + attempts + " of "
                    + children.size() + " at most" + Words.waitsForEach(maxWait);
        }

        @Override
        public Spread spread() {
            return Spread.ONE;
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
            // Which one is first differs from host to host, unless only one of them has a weight.
            boolean sameFirst = withWeight() == 1;
            return IntStream.range(0, attempts > 1 ? children.size() : 0)
                    .filter(i -> !sameFirst || weights.get(i) == 0)
                    .mapToObj(children::get)
                    .toList();
        }

        private int withWeight() {
            return (int) weights.stream().filter(weight -> weight > 0).count();
        }

        @Override
        public void review(Review review) {
            review.sameBackends("if it fails, so does the other");
            review.choice();
            // They come last on every host, in the order of the children.
            int lastResorts = attempts - withWeight();
            Weights.review(
                    review,
                    children,
                    weights,
                    lastResorts,
                    ", and failover_count is " + attempts + ": it is never asked");
        }

        @Override
        public Route compile(Parts parts) {
            Route[] all = parts.children(children);
            int[] order = HostOrder.of(HostOrder.localName(), salt, weights);
            Route[] asked = new Route[attempts];
            for (int i = 0; i < asked.length; i++) {
                asked[i] = all[order[i]];
            }
            return new FailoverRoute(parts.timed(asked, maxWait), false, parts.counter(counter), parts.worker());
        }
    }
}
