package io.memroute.proxy.handler.builtin;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.ChildSpec;
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
import io.memroute.proxy.route.builtin.SplitRoute;
import java.util.List;
import java.util.Optional;

/** {@code route_split}: both children at once; the reply is the first one's, whatever becomes of the second. */
public final class SplitHandler implements Handler {

    private static final String NAME = "split";

    private static final Argument<Optional<ChildSpec>> A = Argument.child("child_a", "whose reply it is");

    private static final Argument<Optional<ChildSpec>> B = Argument.child("child_b", "");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(A, B);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        Optional<ChildSpec> a = A.in(reading);
        Optional<ChildSpec> b = B.in(reading);
        return a.isPresent() && b.isPresent()
                ? Optional.of(new Spec(a.get(), b.get(), reading.where()))
                : Optional.empty();
    }

    public record Spec(ChildSpec a, ChildSpec b, SourceLocation where) implements HandlerSpec {

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public List<ZonedChild> children() {
            return List.of(new ZonedChild(A.name(), a), new ZonedChild(B.name(), b));
        }

        @Override
        public void show(Shown to) {}

        @Override
        public String words(Request request) {
            return "both at once: the reply is child_a's, whatever becomes of child_b";
        }

        @Override
        public Spread spread() {
            return Spread.FIRST_ANSWERS;
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
            return new SplitRoute(parts.child(a), parts.child(b), parts.ignored());
        }
    }
}
