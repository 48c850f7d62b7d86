package io.memroute.proxy.config;

import java.util.Objects;

/**
 * The argument {@code name} of a handler: what statistics and explanations call the route. Its requests, hits, misses
 * and errors are counted under that name.
 */
public record NamedSpec(RouteSpec route, String name) implements RouteSpec {

    public NamedSpec {
        Objects.requireNonNull(route, "route");
        Objects.requireNonNull(name, "name");
    }

    @Override
    public String handler() {
        return route.handler();
    }

    @Override
    public SourceLocation where() {
        return route.where();
    }
}
