package io.memroute.proxy.config;

import java.util.List;
import java.util.Objects;

/**
 * {@code route_random}: one child, chosen anew for each request.
 *
 * @param children at least one
 */
public record RandomSpec(List<ZonedChild> children, SourceLocation where) implements RouteSpec {

    public RandomSpec {
        children = List.copyOf(children);
        Objects.requireNonNull(where, "where");
    }

    @Override
    public String handler() {
        return "random";
    }
}
