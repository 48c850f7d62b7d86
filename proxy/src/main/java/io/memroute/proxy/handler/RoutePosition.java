package io.memroute.proxy.handler;

import io.memroute.protocol.Command;
import java.util.Optional;

/**
 * The position of a route in a tree; routes nested in it share the position.
 *
 * @param label names the position, and with it the counters of its routes: the prefix, {@code cmdmap} or
 *     {@code default}
 * @param command the only command that gets there; empty if several do
 * @param depth how many routes it is nested in
 */
public record RoutePosition(String label, Optional<Command> command, int depth) {

    /** Label of the routes in {@code cmap}. */
    public static final String CMAP = "cmdmap";

    /** Label of the route {@code default}. */
    public static final String DEFAULT = "default";

    public static RoutePosition of(String label, Optional<Command> command) {
        return new RoutePosition(label, command, 0);
    }

    public RoutePosition nested() {
        return new RoutePosition(label, command, depth + 1);
    }
}
