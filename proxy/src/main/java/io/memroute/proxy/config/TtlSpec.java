package io.memroute.proxy.config;

import java.util.Objects;

/**
 * {@code route_ttl}: the child gets {@code ms}, {@code set}, {@code add} and {@code cas} with another time to live;
 * siblings of the route get the request as it came.
 *
 * @param ttlSeconds as memcached takes it: 0 never expires, -1 is expired at once
 */
public record TtlSpec(int ttlSeconds, ChildSpec child, SourceLocation where) implements RouteSpec {

    public TtlSpec {
        Objects.requireNonNull(child, "child");
        Objects.requireNonNull(where, "where");
    }

    @Override
    public String handler() {
        return "ttl";
    }
}
