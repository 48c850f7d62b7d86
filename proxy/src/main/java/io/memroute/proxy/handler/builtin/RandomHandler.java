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
import io.memroute.proxy.route.builtin.RandomRoute;
import java.util.List;
import java.util.Optional;

/** {@code route_random}: one child, chosen evenly for each request; its reply. */
public final class RandomHandler implements Handler {

    private static final String NAME = "random";

    private static final Argument<Optional<List<ZonedChild>>> CHILDREN = Argument.children("");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILDREN);
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
            return "one child, chosen at random for each request";
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
            return true;
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
            review.sameBackends("choosing makes no difference");
            review.choice();
            review.casOnSeveral(false);
        }

        @Override
        public Route compile(Parts parts) {
            return new RandomRoute(parts.children(children));
        }
    }
}
