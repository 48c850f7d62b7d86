package io.memroute.proxy.config;

import java.util.Objects;
import java.util.Optional;

/**
 * {@code route_warm}: fills an empty child from one that has the data, while both are in use.
 *
 * @param counter the user counter of gets answered from the warm child; empty if not counted
 */
public record WarmSpec(ChildSpec cold, ChildSpec warm, Optional<String> counter, SourceLocation where)
        implements RouteSpec {

    public WarmSpec {
        Objects.requireNonNull(cold, "cold");
        Objects.requireNonNull(warm, "warm");
        Objects.requireNonNull(counter, "counter");
        Objects.requireNonNull(where, "where");
    }

    @Override
    public String handler() {
        return "warm";
    }
}
