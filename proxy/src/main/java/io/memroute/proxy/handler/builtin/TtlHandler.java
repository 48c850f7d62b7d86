package io.memroute.proxy.handler.builtin;

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
import io.memroute.proxy.route.builtin.TtlRoute;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * {@code route_ttl}: the child gets commands that store with another time to live; siblings of the route get the
 * request as it came.
 */
public final class TtlHandler implements Handler {

    private static final String NAME = "ttl";

    /** Memcached takes longer ones for seconds since 1970. */
    private static final int MAX_RELATIVE_SECONDS = 30 * 24 * 60 * 60;

    private static final Argument<Optional<Integer>> TTL = Argument.of(
            "ttl", "seconds", "required", "as memcached takes it: 0 never expires, -1 at once", TtlHandler::seconds);

    private static final Argument<Boolean> SHORTEN =
            Argument.flag("shorten", false, "only shorten: what expires sooner keeps its own time");

    private static final Argument<Optional<ChildSpec>> CHILD = Argument.child("child", "");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(TTL, SHORTEN, CHILD);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        Section arguments = reading.arguments();
        reading.position()
                .command()
                .filter(command -> !command.takesTtl())
                .ifPresent(command -> arguments.fail("is the route of " + command.word()
                        + " here, but only ms, set, add and cas have a time to live to replace"));
        Optional<Integer> ttl = TTL.in(reading);
        ttl.filter(seconds -> seconds > MAX_RELATIVE_SECONDS)
                .ifPresent(seconds -> arguments.warn(
                        Warning.Kind.DOUBTFUL_VALUE,
                        TTL.name(),
                        seconds + " is more than 30 days, so memcached takes it for a point in time: "
                                + Instant.ofEpochSecond(seconds)
                                        .atZone(ZoneOffset.UTC)
                                        .toLocalDate()));
        arguments.warnOfRoundMillis(
                TTL.name(),
                ttl.filter(seconds -> seconds <= MAX_RELATIVE_SECONDS).map(Duration::ofSeconds));
        boolean shorten = SHORTEN.in(reading);
        if (shorten && ttl.filter(seconds -> seconds <= 0).isPresent()) {
            arguments.fail("shorten = true needs a ttl of at least a second");
        }
        Optional<ChildSpec> child = CHILD.in(reading);
        return ttl.isPresent() && child.isPresent()
                ? Optional.of(new Spec(ttl.get(), shorten, child.get(), reading.where()))
                : Optional.empty();
    }

    private static Optional<Integer> seconds(Reading reading) {
        Optional<Integer> given = reading.arguments().integer("ttl", -1, Integer.MAX_VALUE);
        if (!reading.arguments().has("ttl")) {
            reading.arguments().fail("needs ttl (seconds)");
        }
        return given;
    }

    /**
     * @param ttlSeconds as memcached takes it: 0 never expires, -1 is expired at once
     * @param shorten whether what expires sooner keeps its own time
     */
    public record Spec(int ttlSeconds, boolean shorten, ChildSpec child, SourceLocation where) implements HandlerSpec {

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
            to.put(TTL, ttlSeconds).put(SHORTEN, shorten ? Optional.of(true) : Optional.empty());
        }

        @Override
        public String words(Request request) {
            Command command = request.command();
            return command.takesTtl()
                    ? (shorten ? "limits the time to live to " : "sets the time to live to ") + ttlSeconds + " s"
                    : "refuses " + command.word() + ": only ms, set, add and cas have a time to live to replace";
        }

        @Override
        public Spread spread() {
            return Spread.FIRST;
        }

        @Override
        public Changes changes() {
            return Changes.TTL;
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
            if (!review.commands().stream().allMatch(Command::takesTtl)) {
                review.warn(
                        Warning.Kind.REFUSED_COMMANDS,
                        "gets commands other than ms, set, add and cas here, and answers them with"
                                + " SERVER_ERROR invalid command for route_ttl; put it under cmap or cmdmap");
            }
        }

        @Override
        public Route compile(Parts parts) {
            return new TtlRoute(ttlSeconds, shorten, InstantSource.system(), parts.child(child), parts.requests());
        }
    }
}
