package io.memroute.proxy.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code route_failover}: one child after the other until one answers well.
 *
 * @param children at least one, in the order to try them; the local zone's, if there is one, is first already
 * @param localFirst whether the first child is that of the local zone, which {@code shuffle} leaves in its place
 * @param onMiss whether a miss goes on to the next child too ({@code miss})
 * @param attempts how many children are tried at most, the first included: 1 to the number of children
 *     ({@code failover_count})
 * @param shuffle whether each worker puts the children in an order of its own once
 * @param maxWait how long to wait for each child ({@code wait}); empty: as long as the backends' timeouts let it
 * @param counter the user counter of further attempts; empty if not counted
 */
public record FailoverSpec(
        List<ZonedChild> children,
        boolean localFirst,
        boolean onMiss,
        int attempts,
        boolean shuffle,
        Optional<Duration> maxWait,
        Optional<String> counter,
        SourceLocation where)
        implements RouteSpec {

    public FailoverSpec {
        children = List.copyOf(children);
        Objects.requireNonNull(maxWait, "maxWait");
        Objects.requireNonNull(counter, "counter");
        Objects.requireNonNull(where, "where");
        if (attempts < 1 || attempts > children.size()) {
            throw new IllegalArgumentException("attempts must be 1 to the number of children");
        }
    }

    @Override
    public String handler() {
        return "failover";
    }
}
