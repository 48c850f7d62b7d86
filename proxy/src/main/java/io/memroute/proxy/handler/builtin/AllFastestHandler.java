package io.memroute.proxy.handler.builtin;

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
import io.memroute.proxy.route.builtin.AllFastestRoute;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code route_allfastest}: all children at once; the first good reply wins. */
public final class AllFastestHandler implements Handler {

    private static final String NAME = "allfastest";

    private static final Argument<Optional<List<ZonedChild>>> CHILDREN = Argument.children("");

    private static final Argument<Boolean> MISS =
            Argument.flag("miss", false, "a miss is not good enough while a hit can come");

    private static final Argument<Optional<Duration>> WAIT = Argument.waitForEach("");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILDREN, MISS, WAIT);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        boolean onMiss = MISS.in(reading);
        Optional<Duration> wait = WAIT.in(reading);
        return CHILDREN.in(reading).map(children -> new Spec(children, onMiss, wait, reading.where()));
    }

    /**
     * @param onMiss whether a miss does not end the wait for a hit
     * @param maxWait how long to wait for each child
     */
    public record Spec(List<ZonedChild> children, boolean onMiss, Optional<Duration> maxWait, SourceLocation where)
            implements HandlerSpec {

        public Spec {
            children = List.copyOf(children);
        }

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public void show(Shown to) {
            to.put(MISS, onMiss).put(WAIT, maxWait);
        }

        @Override
        public String words(Request request) {
            return "all at once: the first "
                    + (onMiss ? "hit wins, a miss only if there is none" : "hit or miss wins")
                    + Words.waitsForEach(maxWait);
        }

        @Override
        public Spread spread() {
            return Spread.ALL;
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
            review.sameBackends("it is sent every request twice");
            review.casOnSeveral(false);
        }

        @Override
        public Route compile(Parts parts) {
            return new AllFastestRoute(parts.timed(parts.children(children), maxWait), onMiss, parts.worker());
        }
    }
}
