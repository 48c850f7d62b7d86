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
import io.memroute.proxy.route.builtin.MajorityRoute;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code route_majority}: all children at once; the kind of reply that more than half of them give. */
public final class MajorityHandler implements Handler {

    private static final String NAME = "majority";

    private static final Argument<Optional<List<ZonedChild>>> CHILDREN = Argument.children("");

    private static final Argument<Optional<Duration>> WAIT =
            Argument.waitForEach("for each child; one without a reply votes for an error");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILDREN, WAIT);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        Optional<Duration> wait = WAIT.in(reading);
        return CHILDREN.in(reading).map(children -> new Spec(children, wait, reading.where()));
    }

    /** @param maxWait how long to wait for each child */
    public record Spec(List<ZonedChild> children, Optional<Duration> maxWait, SourceLocation where)
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
            to.put(WAIT, maxWait);
        }

        @Override
        public String words(Request request) {
            return "all at once: the reply that more than half of them give" + Words.waitsForEach(maxWait);
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
            review.sameBackends("it votes twice");
            review.casOnSeveral(false);
        }

        @Override
        public Route compile(Parts parts) {
            return new MajorityRoute(parts.timed(parts.children(children), maxWait), parts.worker());
        }
    }
}
