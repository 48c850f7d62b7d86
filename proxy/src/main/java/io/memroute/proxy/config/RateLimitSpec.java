package io.memroute.proxy.config;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code route_ratelim}: forwards while a bucket of tokens, full at first, has one, else answers as {@code route_null}
 * does.
 *
 * @param limit the bucket's size in requests, at least 1
 * @param fillRate tokens added each tick, at least 1
 * @param tick at least a millisecond
 * @param global one bucket for all workers instead of one for each
 * @param failUntilLimit the other way round: forwards once the bucket is empty
 * @param counter the user counter of requests not forwarded; empty if not counted
 */
public record RateLimitSpec(
        ChildSpec child,
        long limit,
        long fillRate,
        Duration tick,
        boolean global,
        boolean failUntilLimit,
        Optional<String> counter,
        SourceLocation where)
        implements RouteSpec {

    public RateLimitSpec {
        Objects.requireNonNull(child, "child");
        Objects.requireNonNull(counter, "counter");
        Objects.requireNonNull(where, "where");
        if (limit < 1 || fillRate < 1 || tick.isZero() || tick.isNegative()) {
            throw new IllegalArgumentException("limit, fill rate and tick are more than 0");
        }
    }

    @Override
    public String handler() {
        return "ratelim";
    }
}
