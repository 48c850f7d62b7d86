package io.memroute.proxy.handler.builtin;

import io.memroute.lua.LuaString;
import io.memroute.protocol.Command;
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
import io.memroute.proxy.route.builtin.MigrateRoute;
import io.memroute.proxy.route.builtin.WarmCommands;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * {@code route_migrate}: each key moves from one child to another at its own moment within a window of time; deletes go
 * to both.
 *
 * @see "mcrouter wiki, List of Route Handles, MigrateRoute"
 */
public final class MigrateHandler implements Handler {

    private static final String NAME = "migrate";

    /** Later than any year that is meant; milliseconds since 1970 are. */
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    /** A server is warm sooner; an hour in milliseconds is more. */
    private static final Duration LONGEST_WINDOW = Duration.ofDays(30);

    private static final Argument<Optional<ChildSpec>> FROM =
            Argument.child("from", "where keys are before their moment");

    private static final Argument<Optional<ChildSpec>> TO = Argument.child("to", "where they are from then on");

    private static final Argument<Optional<Instant>> START = Argument.of(
            "start",
            "text or seconds",
            "required",
            "when the first keys move: a time such as `\"2026-03-01T10:00:00Z\"`, or seconds since 1970",
            MigrateHandler::start);

    private static final Argument<Optional<Duration>> WINDOW = Argument.of(
            "window",
            "seconds",
            "required",
            "how long it takes until the last keys have moved",
            MigrateHandler::window);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(FROM, TO, START, WINDOW);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        Optional<Instant> start = START.in(reading);
        Optional<Duration> window = WINDOW.in(reading);
        Optional<ChildSpec> from = FROM.in(reading);
        Optional<ChildSpec> to = TO.in(reading);
        return start.isPresent() && window.isPresent() && from.isPresent() && to.isPresent()
                ? Optional.of(new Spec(from.get(), to.get(), start.get(), window.get(), reading.where()))
                : Optional.empty();
    }

    private static Optional<Instant> start(Reading reading) {
        Section arguments = reading.arguments();
        Object value = arguments.value("start");
        if (value == null) {
            arguments.fail("needs start (when the first keys move)");
            return Optional.empty();
        }
        Optional<Instant> start = value instanceof LuaString text
                ? parsed(text.toString())
                : value instanceof Number seconds ? ofSeconds(seconds.doubleValue()) : Optional.empty();
        if (start.isEmpty()) {
            arguments.expected(
                    "start",
                    "a time such as \"2026-03-01T10:00:00Z\", or seconds since 1970 up to the year 2200",
                    value);
        }
        return start;
    }

    private static Optional<Instant> parsed(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> ofSeconds(double seconds) {
        return seconds >= 0 && seconds < LATEST.getEpochSecond()
                ? Optional.of(Instant.ofEpochMilli((long) (seconds * 1000)))
                : Optional.empty();
    }

    private static Optional<Duration> window(Reading reading) {
        if (!reading.arguments().has("window")) {
            reading.arguments().fail("needs window (seconds)");
        }
        Section arguments = reading.arguments();
        Optional<Duration> window = arguments.positiveSeconds("window");
        if (window.isPresent() && window.get().compareTo(LONGEST_WINDOW) > 0) {
            arguments.warnOfMillis("window", window, LONGEST_WINDOW);
        } else {
            arguments.warnOfRoundMillis("window", window);
        }
        return window;
    }

    /**
     * @param start when the first keys move
     * @param window how long it takes until the last keys have moved
     */
    public record Spec(ChildSpec from, ChildSpec to, Instant start, Duration window, SourceLocation where)
            implements HandlerSpec {

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public List<ZonedChild> children() {
            return List.of(new ZonedChild(FROM.name(), from), new ZonedChild(TO.name(), to));
        }

        @Override
        public void show(Shown to) {
            to.put(START, start.toString()).put(WINDOW, window);
        }

        @Override
        public String words(Request request) {
            String moves = start + " to " + start.plus(window);
            Command command = request.command();
            if (command == Command.DELETE || command == Command.MD) {
                return "both while keys move, " + moves + "; before that \"from\", after that \"to\"";
            }
            String where = "each key moves at its own moment, " + moves + "; before it \"from\", after it \"to\"; this"
                    + " key now: "
                    + children().get(side(request)).zone();
            return WarmCommands.setsUnconditionally(request)
                    ? where + "; within a minute of the moment the item is deleted on the other side first"
                    : where;
        }

        @Override
        public Spread spread() {
            return Spread.byKey(this::side);
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
        public void review(Review review) {
            review.sameBackends("moving makes no difference");
            Instant end = start.plus(window);
            if (end.isBefore(Instant.now())) {
                review.warn(
                        Warning.Kind.NO_EFFECT,
                        "all keys have moved since " + end + "; write its child \"to\" in its place");
            }
        }

        @Override
        public Route compile(Parts parts) {
            return new MigrateRoute(
                    parts.child(from),
                    parts.child(to),
                    start,
                    window,
                    InstantSource.system(),
                    parts.ignored(),
                    parts.requests(),
                    parts.worker());
        }

        /** The child that a key has now. */
        private int side(Request request) {
            long millis = Duration.between(start, Instant.now()).toMillis();
            return MigrateRoute.momentMillis(request, window.toMillis()) <= millis ? 1 : 0;
        }
    }
}
