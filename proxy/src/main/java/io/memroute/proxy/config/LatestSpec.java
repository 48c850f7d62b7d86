package io.memroute.proxy.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code route_latest}: one child for all requests, chosen by the name of this host, and further ones in an order of
 * its own if that fails.
 *
 * @param children at least one
 * @param weights as many as children; a child is chosen first on its weight's share of the hosts
 * @param attempts how many children are tried at most: 1 to the number of children ({@code failover_count})
 * @param salt routes with different salts choose differently
 * @param maxWait how long to wait for each child; empty: as long as the backends' timeouts let it
 * @param counter the user counter of further attempts; empty if not counted
 */
public record LatestSpec(
        List<ZonedChild> children,
        List<Double> weights,
        int attempts,
        String salt,
        Optional<Duration> maxWait,
        Optional<String> counter,
        SourceLocation where)
        implements RouteSpec {

    public LatestSpec {
        children = List.copyOf(children);
        weights = List.copyOf(weights);
        Objects.requireNonNull(salt, "salt");
        Objects.requireNonNull(maxWait, "maxWait");
        Objects.requireNonNull(counter, "counter");
        Objects.requireNonNull(where, "where");
        if (weights.size() != children.size() || attempts < 1 || attempts > children.size()) {
            throw new IllegalArgumentException("a weight for each child, and 1 to their number of attempts");
        }
    }

    @Override
    public String handler() {
        return "latest";
    }
}
