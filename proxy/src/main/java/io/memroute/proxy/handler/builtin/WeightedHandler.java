package io.memroute.proxy.handler.builtin;

import io.memroute.lua.LuaTable;
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
import io.memroute.proxy.route.builtin.WeightedRoute;
import io.memroute.proxy.route.choice.WeightedChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code route_weighted}: one child for each key, always the same, each child for its weight's share of the keys. */
public final class WeightedHandler implements Handler {

    private static final String NAME = "weighted";

    private static final Argument<Optional<List<ZonedChild>>> CHILDREN =
            Argument.children("a key's place depends on their order: add new ones at the end");

    private static final Argument<Optional<LuaTable>> WEIGHTS =
            Weights.argument("required", "a number for each child, 0 or more, under the child's key");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILDREN, WEIGHTS);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        Optional<List<ZonedChild>> children = CHILDREN.in(reading);
        return children.flatMap(list -> Weights.read(reading, WEIGHTS, list))
                .map(weights -> new Spec(children.get(), weights, reading.where()));
    }

    /** @param weights as many as children, none negative, not all 0 */
    public record Spec(List<ZonedChild> children, List<Double> weights, SourceLocation where) implements HandlerSpec {

        public Spec {
            children = List.copyOf(children);
            weights = List.copyOf(weights);
            if (weights.size() != children.size()) {
                throw new IllegalArgumentException("a weight for each child");
            }
        }

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public void show(Shown to) {
            to.put(WEIGHTS, Weights.byChild(children, weights));
        }

        @Override
        public String words(Request request) {
            double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
            List<String> shares = new ArrayList<>();
            for (int i = 0; i < weights.size(); i++) {
                shares.add(children.get(i).zone() + " " + Words.number(100 * weights.get(i) / sum) + " %");
            }
            return "one child for each key, always the same: " + String.join(", ", shares)
                    + "; this key: "
                    + children.get(new WeightedChoice(weights).select(request)).zone();
        }

        @Override
        public Spread spread() {
            return Spread.byKey(new WeightedChoice(weights)::select);
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
            review.sameBackends("choosing makes no difference");
            review.choice();
            Weights.review(review, children, weights, 0, ": it gets no keys");
        }

        @Override
        public Route compile(Parts parts) {
            return new WeightedRoute(parts.children(children), new WeightedChoice(weights));
        }
    }
}
