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
import io.memroute.proxy.handler.CounterName;
import io.memroute.proxy.handler.Handler;
import io.memroute.proxy.handler.HandlerSpec;
import io.memroute.proxy.handler.Parts;
import io.memroute.proxy.handler.Reading;
import io.memroute.proxy.handler.Review;
import io.memroute.proxy.handler.Shown;
import io.memroute.proxy.handler.Spread;
import io.memroute.proxy.handler.Words;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.builtin.ReplyComparison;
import io.memroute.proxy.route.builtin.ShadowRoute;
import java.util.List;
import java.util.Optional;

/**
 * {@code route_shadow}: everything to one child, a share of it to a second one too, whose replies are ignored or
 * compared.
 */
public final class ShadowHandler implements Handler {

    private static final String NAME = "shadow";

    /** The longest of the endings of its counters. */
    private static final String DIFFERENT = "_different";

    private static final double EVERYTHING_PERCENT = 100;

    private static final Argument<Optional<ChildSpec>> CHILD = Argument.child("child", "whose reply it is");

    private static final Argument<Optional<ChildSpec>> SHADOW = Argument.child("shadow", "whose replies are ignored");

    private static final Argument<Double> PERCENT =
            Argument.of("percent", "number", "100", "the share, 0 to 100", ShadowHandler::percent);

    private static final Argument<Boolean> KEY_SAMPLE = Argument.flag(
            "key_sample",
            true,
            "a share of the keys, always the same ones; a larger share has all keys of a smaller"
                    + " one. `false`: a share of the requests");

    private static final Argument<Boolean> COMPARE =
            Argument.flag("compare", false, "compare both replies: `X_same`, `X_different`");

    private static final Argument<Optional<String>> STATS_NAME = Argument.of(
            "stats_name",
            "text",
            "the place",
            "X",
            reading -> reading.arguments().text("stats_name"));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILD, SHADOW, PERCENT, KEY_SAMPLE, COMPARE, STATS_NAME);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        Section arguments = reading.arguments();
        double percent = PERCENT.in(reading);
        boolean byKey = KEY_SAMPLE.in(reading);
        boolean compare = COMPARE.in(reading);
        String counters = STATS_NAME.in(reading).orElse(reading.position().label());
        if (!compare && arguments.has(STATS_NAME.name())) {
            arguments.fail(STATS_NAME.name(), "has no effect without compare = true");
        }
        Optional<String> counter = compare
                ? CounterName.checked(arguments, COMPARE.name(), counters + DIFFERENT)
                        .map(ignored -> counters)
                : Optional.empty();
        Optional<ChildSpec> child = CHILD.in(reading);
        Optional<ChildSpec> shadow = SHADOW.in(reading);
        return child.isPresent() && shadow.isPresent()
                ? Optional.of(new Spec(child.get(), shadow.get(), percent, byKey, counter, reading.where()))
                : Optional.empty();
    }

    private static double percent(Reading reading) {
        Section arguments = reading.arguments();
        double percent = arguments.number("percent").orElse(EVERYTHING_PERCENT);
        if (percent < 0 || percent > EVERYTHING_PERCENT) {
            arguments.expected("percent", "a number from 0 to 100", arguments.value("percent"));
            return EVERYTHING_PERCENT;
        }
        if (percent > 0 && percent < 1) {
            String share = Words.exactly(percent);
            arguments.warn(
                    Warning.Kind.DOUBTFUL_VALUE,
                    "percent",
                    share + " means " + share + " %; for a share of " + share + " write "
                            + Words.exactly(percent * 100));
        }
        return percent;
    }

    /**
     * @param percent the share that the second child gets, 0 to 100
     * @param byKey whether it is a share of the keys, always the same ones, instead of one of the requests
     * @param counter what the counters of equal and different replies are named after; empty if not compared
     */
    public record Spec(
            ChildSpec child,
            ChildSpec shadow,
            double percent,
            boolean byKey,
            Optional<String> counter,
            SourceLocation where)
            implements HandlerSpec {

        public Spec {
            if (!(percent >= 0 && percent <= EVERYTHING_PERCENT)) {
                throw new IllegalArgumentException("percent is 0 to 100");
            }
        }

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public List<ZonedChild> children() {
            return List.of(new ZonedChild(CHILD.name(), child), new ZonedChild(SHADOW.name(), shadow));
        }

        @Override
        public void show(Shown to) {
            to.put(PERCENT, percent)
                    .put(KEY_SAMPLE, byKey)
                    .put(COMPARE, counter.isPresent())
                    .put(STATS_NAME, counter);
        }

        @Override
        public String words(Request request) {
            return "child decides; " + Words.number(percent) + " % of the " + (byKey ? "keys" : "requests")
                    + " go to shadow too" + (counter.isPresent() ? ", to compare" : ", whose replies are ignored")
                    + (byKey && percent > 0 && percent < EVERYTHING_PERCENT
                            ? "; this key " + (isSampled(request) ? "does" : "does not")
                            : "");
        }

        private boolean isSampled(Request request) {
            return ShadowRoute.isSampled(request, percent / 100);
        }

        @Override
        public Spread spread() {
            return percent == EVERYTHING_PERCENT ? Spread.FIRST_ANSWERS : Spread.FIRST;
        }

        @Override
        public Changes changes() {
            return Changes.NONE;
        }

        @Override
        public boolean chance() {
            return !byKey && percent > 0 && percent < EVERYTHING_PERCENT;
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
        public void review(Review review) {
            review.sameBackends("it is sent requests twice");
            if (percent == 0) {
                review.warn(Warning.Kind.NEVER_ASKED, "percent = 0 sends nothing to shadow");
            }
            review.casOnSeveral(true);
        }

        @Override
        public Route compile(Parts parts) {
            ReplyComparison comparison = counter.map(
                            name -> new ReplyComparison(parts.counter(name + "_same"), parts.counter(name + DIFFERENT)))
                    .orElse(null);
            return new ShadowRoute(
                    parts.child(child), parts.child(shadow), percent / 100, byKey, parts.ignored(), comparison);
        }
    }
}
