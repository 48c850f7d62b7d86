package io.memroute.proxy.config;

import java.util.List;
import java.util.Objects;

/**
 * {@code route_allsync}: all children at once, waits for every reply; the first error in the order of the children,
 * else the last child's reply.
 *
 * @param children at least one
 */
public record AllSyncSpec(List<ZonedChild> children, SourceLocation where) implements RouteSpec {

    public AllSyncSpec {
        children = List.copyOf(children);
        Objects.requireNonNull(where, "where");
    }

    @Override
    public String handler() {
        return "allsync";
    }
}
