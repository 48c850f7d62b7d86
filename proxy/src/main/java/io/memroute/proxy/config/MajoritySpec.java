package io.memroute.proxy.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code route_majority}: all children at once; the reply that more than half of them give.
 *
 * @param children at least one
 * @param maxWait how long to wait for each child; empty: as long as the backends' timeouts let it
 */
public record MajoritySpec(List<ZonedChild> children, Optional<Duration> maxWait, SourceLocation where)
        implements RouteSpec {

    public MajoritySpec {
        children = List.copyOf(children);
        Objects.requireNonNull(maxWait, "maxWait");
        Objects.requireNonNull(where, "where");
    }

    @Override
    public String handler() {
        return "majority";
    }
}
