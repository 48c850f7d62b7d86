package io.memroute.proxy.config;

import java.util.List;
import java.util.Objects;

/**
 * {@code route_allasync}: all children at once, waits for none; answers as {@code route_null} does.
 *
 * @param children at least one
 */
public record AllAsyncSpec(List<ZonedChild> children, SourceLocation where) implements RouteSpec {

    public AllAsyncSpec {
        children = List.copyOf(children);
        Objects.requireNonNull(where, "where");
    }

    @Override
    public String handler() {
        return "allasync";
    }
}
