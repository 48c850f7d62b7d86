package io.memroute.proxy.handler.builtin;

import io.memroute.protocol.Request;
import io.memroute.proxy.call.ErrorKind;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Zone;
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
import io.memroute.proxy.route.builtin.FailoverRoute;
import io.memroute.proxy.route.builtin.FailoverRoute.Limit;
import io.memroute.proxy.route.builtin.FailoverRoute.Rules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** {@code route_failover}: one child after the other until one answers well. */
public final class FailoverHandler implements Handler {

    private static final String NAME = "failover";

    /** mcrouter's default: enough that a restart of one server of many is not limited. */
    private static final double DEFAULT_BURST = 1000;

    private static final Argument<Optional<List<ZonedChild>>> CHILDREN = Argument.children("in the order to ask them");

    private static final Argument<Boolean> MISS = Argument.flag("miss", false, "ask the next child after a miss too");

    private static final Argument<Boolean> NOT_FOUND =
            Argument.flag("not_found", false, "ask the next child after `NOT_FOUND` or `NF` too");

    private static final Argument<Set<ErrorKind>> ERRORS =
            ErrorKinds.argument("the kinds of errors after which to ask the next child, see below");

    private static final Argument<Optional<Integer>> COUNT = Argument.of(
            "failover_count",
            "number",
            "all",
            "children asked at most, the first included",
            reading -> reading.arguments().integer("failover_count", 1, Integer.MAX_VALUE));

    private static final Argument<Boolean> SHUFFLE = Argument.flag(
            "shuffle", false, "another order for every worker, chosen once; the local zone's child stays first");

    private static final Argument<Boolean> FEWEST_ERRORS = Argument.flag(
            "fewest_errors", false, "after the first child, ask those first that have the fewest errors in a row");

    private static final Argument<Optional<Limit>> LIMIT = new Argument<>(
            List.of("failover_rate", "failover_burst"),
            "numbers",
            "none",
            "the part of the requests of a worker that may go on to another child, 0 to 1; and how many may at once"
                    + " (1000)",
            FailoverHandler::limit);

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
        return Arguments.of(
                CHILDREN, MISS, NOT_FOUND, ERRORS, COUNT, LIMIT, FEWEST_ERRORS, SHUFFLE, ZONE, WAIT, COUNTER);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        boolean onMiss = MISS.in(reading);
        boolean onNotFound = NOT_FOUND.in(reading);
        Set<ErrorKind> onErrors = ERRORS.in(reading);
        Optional<Limit> limit = LIMIT.in(reading);
        boolean fewestErrorsFirst = FEWEST_ERRORS.in(reading);
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
        if (fewestErrorsFirst && children.get().size() > FailoverRoute.MOST_IN_ORDER_OF_ERRORS) {
            reading.arguments()
                    .fail(
                            FEWEST_ERRORS.name(),
                            "has an order for at most " + FailoverRoute.MOST_IN_ORDER_OF_ERRORS + " children, got "
                                    + children.get().size());
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
                new Rules(
                        onMiss,
                        onNotFound,
                        onErrors,
                        Math.min(attempts.orElse(ordered.size()), ordered.size()),
                        fewestErrorsFirst,
                        limit),
                shuffle,
                wait,
                counter,
                reading.where()));
    }

    private static Optional<Limit> limit(Reading reading) {
        Section arguments = reading.arguments();
        Optional<Double> rate = arguments.number("failover_rate");
        Optional<Double> burst = arguments.number("failover_burst");
        if (rate.filter(part -> part < 0 || part > 1).isPresent()) {
            arguments.expected(
                    "failover_rate", "a part of the requests, from 0 to 1", arguments.value("failover_rate"));
            return Optional.empty();
        }
        if (burst.filter(requests -> requests < 1).isPresent()) {
            arguments.expected("failover_burst", "a number, 1 or more", arguments.value("failover_burst"));
            return Optional.empty();
        }
        if (burst.isPresent() && !arguments.has("failover_rate")) {
            arguments.fail("failover_burst", "has no effect without failover_rate");
        }
        return rate.map(part -> new Limit(part, burst.orElse(DEFAULT_BURST)));
    }

    /**
     * @param children in the order to ask them; the local zone's, if there is one, is first already
     * @param localFirst the local zone, if the first child is that zone's, which {@code shuffle} leaves in its place
     * @param rules what goes on to the next child, and how far
     * @param shuffle whether each worker puts the children in an order of its own once
     * @param maxWait how long to wait for each child
     * @param counter the user counter of further attempts; empty if not counted
     */
    public record Spec(
            List<ZonedChild> children,
            Optional<Zone> localFirst,
            Rules rules,
            boolean shuffle,
            Optional<Duration> maxWait,
            Optional<String> counter,
            SourceLocation where)
            implements HandlerSpec {

        public Spec {
            children = List.copyOf(children);
            if (rules.attempts() < 1 || rules.attempts() > children.size()) {
                throw new IllegalArgumentException("attempts are 1 to the number of children");
            }
        }

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public void show(Shown to) {
            to.put(MISS, rules.onMiss())
                    .put(NOT_FOUND, rules.onNotFound() ? Optional.of(true) : Optional.empty())
                    .put(ERRORS, ErrorKinds.shown(rules.onErrors()))
                    .put(COUNT, rules.attempts())
                    .put("failover_rate", rules.limit().map(Limit::rate))
                    .put("failover_burst", rules.limit().map(Limit::burst))
                    .put(FEWEST_ERRORS, rules.fewestErrorsFirst() ? Optional.of(true) : Optional.empty())
                    .put(SHUFFLE, shuffle)
                    .put(WAIT, maxWait)
                    .put(COUNTER, counter);
        }

        @Override
        public String words(Request request) {
            StringBuilder words = new StringBuilder("one after the other: asks the next after ").append(goesOn());
            if (rules.attempts() < children.size()) {
                words.append("; asks ")
                        .append(rules.attempts())
                        .append(" of ")
                        .append(children.size())
                        .append(" at most");
            }
            rules.limit()
                    .ifPresent(limit -> words.append("; at most ")
                            .append(Words.number(100 * limit.rate()))
                            .append(" % of the requests, ")
                            .append(Words.number(limit.burst()))
                            .append(" at once"));
            if (rules.fewestErrorsFirst()) {
                words.append("; after the first, those with the fewest errors in a row");
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
            String error = ErrorKinds.inWords(rules.onErrors());
            if (rules.onNotFound()) {
                return error + (rules.onMiss() ? ", a miss or NOT_FOUND" : " or NOT_FOUND");
            }
            return rules.onMiss() ? error + " or a miss" : error;
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
            return children.subList(
                    1, rules.fewestErrorsFirst() && rules.attempts() > 1 ? children.size() : rules.attempts());
        }

        @Override
        public void review(Review review) {
            review.sameBackends("if it fails, so does the next");
            if (children.size() == 1) {
                review.warn(Warning.Kind.NEVER_ASKED, "has one child, so nothing to fail over to");
            } else if (rules.attempts() == 1) {
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
            int asked = rules.fewestErrorsFirst() ? order.length : rules.attempts();
            return new FailoverRoute(
                    parts.timed(Arrays.copyOf(order, asked), maxWait), rules, parts.counter(counter), parts.worker());
        }
    }
}
