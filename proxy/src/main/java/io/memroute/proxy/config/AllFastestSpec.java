package io.memroute.proxy.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code route_allfastest}: all children at once; the first good reply wins.
 *
 * @param children at least one
 * @param onMiss whether a miss does not end the wait for a hit ({@code miss})
 * @param maxWait how long to wait at most ({@code wait}); empty: as long as the backends' timeouts let it
 */
public record AllFastestSpec(
        List<ZonedChild> children, boolean onMiss, Optional<Duration> maxWait, SourceLocation where)
        implements RouteSpec {

    public AllFastestSpec {
        children = List.copyOf(children);
        Objects.requireNonNull(maxWait, "maxWait");
        Objects.requireNonNull(where, "where");
    }

    @Override
    public String handler() {
        return "allfastest";
    }
}
