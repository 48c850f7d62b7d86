package io.memroute.proxy.config;

import java.util.Objects;

/** {@code route_split}: both children at once; the reply is {@code a}'s, whatever becomes of {@code b}. */
public record SplitSpec(ChildSpec a, ChildSpec b, SourceLocation where) implements RouteSpec {

    public SplitSpec {
        Objects.requireNonNull(a, "a");
        Objects.requireNonNull(b, "b");
        Objects.requireNonNull(where, "where");
    }

    @Override
    public String handler() {
        return "split";
    }
}
