package io.memroute.proxy.config;

import java.util.List;
import java.util.Objects;

/**
 * {@code route_weighted}: one child for each key, always the same, each child for its weight's share of the keys.
 *
 * @param children at least one
 * @param weights as many as children, none negative, not all 0
 */
public record WeightedSpec(List<ZonedChild> children, List<Double> weights, SourceLocation where) implements RouteSpec {

    public WeightedSpec {
        children = List.copyOf(children);
        weights = List.copyOf(weights);
        Objects.requireNonNull(where, "where");
        if (weights.size() != children.size()) {
            throw new IllegalArgumentException("a weight for each child");
        }
    }

    @Override
    public String handler() {
        return "weighted";
    }
}
