package io.memroute.proxy.config;

import java.util.Objects;

/**
 * One of several children of a route.
 *
 * @param zone the key it stands under in {@code children} or in a set; for a list the position as a decimal number
 */
public record ZonedChild(String zone, ChildSpec child) {

    public ZonedChild {
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(child, "child");
    }
}
