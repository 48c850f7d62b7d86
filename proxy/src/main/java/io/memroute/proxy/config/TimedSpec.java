package io.memroute.proxy.config;

import java.time.Duration;
import java.util.Objects;

/**
 * The argument {@code wait} of a handler that has no finer use for it: the route has so long to begin its reply.
 *
 * @param maxWait more than zero
 */
public record TimedSpec(RouteSpec route, Duration maxWait) implements RouteSpec {

    public TimedSpec {
        Objects.requireNonNull(route, "route");
        Objects.requireNonNull(maxWait, "maxWait");
        if (maxWait.isZero() || maxWait.isNegative()) {
            throw new IllegalArgumentException("a wait is more than zero");
        }
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
