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
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.builtin.AllAsyncRoute;
import java.util.List;
import java.util.Optional;

/** {@code route_allasync}: all children at once, waits for none; answers as {@code route_null} does. */
public final class AllAsyncHandler implements Handler {

    private static final String NAME = "allasync";

    private static final Argument<Optional<List<ZonedChild>>> CHILDREN = Argument.children("");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.ofUnwaiting(CHILDREN);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        return CHILDREN.in(reading).map(children -> new Spec(children, reading.where()));
    }

    public record Spec(List<ZonedChild> children, SourceLocation where) implements HandlerSpec {

        public Spec {
            children = List.copyOf(children);
        }

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public void show(Shown to) {}

        @Override
        public String words(Request request) {
            return "all at once, waits for none: answers at once that there is nothing";
        }

        @Override
        public Spread spread() {
            return Spread.NONE_ANSWERS;
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
            review.casOnSeveral(true);
        }

        @Override
        public Route compile(Parts parts) {
            return new AllAsyncRoute(parts.children(children), parts.ignored(), parts.nothing());
        }
    }
}
