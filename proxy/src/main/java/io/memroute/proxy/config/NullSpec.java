package io.memroute.proxy.config;

import java.util.Objects;

/** {@code route_null}: answers at once that there is nothing. */
public record NullSpec(SourceLocation where) implements RouteSpec {

    public NullSpec {
        Objects.requireNonNull(where, "where");
    }

    @Override
    public String handler() {
        return "null";
    }
}
