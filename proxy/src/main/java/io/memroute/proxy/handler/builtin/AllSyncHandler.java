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
import io.memroute.proxy.route.builtin.AllSyncRoute;
import java.util.List;
import java.util.Optional;

/**
 * {@code route_allsync}: all children at once, waits for every reply; the first error in the order of the children,
 * else the last child's reply.
 */
public final class AllSyncHandler implements Handler {

    private static final String NAME = "allsync";

    private static final Argument<Optional<List<ZonedChild>>> CHILDREN = Argument.children("their order decides");

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
            return "all at once, waits for every reply: the first error wins, else the last child's reply";
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
            return new AllSyncRoute(parts.children(children), parts.worker());
        }
    }
}
