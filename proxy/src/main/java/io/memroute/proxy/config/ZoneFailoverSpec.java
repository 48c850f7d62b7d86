package io.memroute.proxy.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code route_zfailover}: the local zone's child first, then all others at once.
 *
 * @param near the local zone's child
 * @param far the children of the other zones, possibly none
 * @param onMiss whether a miss of the near child goes on to the others; unlike elsewhere, true unless configured
 * @param maxWait how long to wait for each child ({@code wait}); empty: as long as the backends' timeouts let it
 * @param withoutEffect arguments of {@code route_failover} that ask for what there is none of here
 * @param counter the user counter of requests that went on; empty if not counted
 */
public record ZoneFailoverSpec(
        ZonedChild near,
        List<ZonedChild> far,
        boolean onMiss,
        Optional<Duration> maxWait,
        Optional<String> counter,
        List<String> withoutEffect,
        SourceLocation where)
        implements RouteSpec {

    public ZoneFailoverSpec {
        Objects.requireNonNull(near, "near");
        far = List.copyOf(far);
        Objects.requireNonNull(maxWait, "maxWait");
        Objects.requireNonNull(counter, "counter");
        withoutEffect = List.copyOf(withoutEffect);
        Objects.requireNonNull(where, "where");
    }

    @Override
    public String handler() {
        return "zfailover";
    }
}
