package io.memroute.proxy.config;

import java.util.Objects;

/** {@code route_direct}: the reply of its one child, as it is. */
public record DirectSpec(ChildSpec child, SourceLocation where) implements RouteSpec {

    public DirectSpec {
        Objects.requireNonNull(child, "child");
        Objects.requireNonNull(where, "where");
    }

    @Override
    public String handler() {
        return "direct";
    }
}
