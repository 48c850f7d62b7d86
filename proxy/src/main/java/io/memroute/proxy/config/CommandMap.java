package io.memroute.proxy.config;

import io.memroute.protocol.Command;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Routes by command: what {@code cmdmap{}} makes, or, with {@code all} only, a single route for every command.
 *
 * @param routes by storage command
 * @param all the route of every command not in {@code routes}
 */
public record CommandMap(Map<Command, RouteSpec> routes, Optional<RouteSpec> all) {

    public CommandMap {
        Map<Command, RouteSpec> copy = new EnumMap<>(Command.class);
        copy.putAll(routes);
        routes = Collections.unmodifiableMap(copy);
    }

    /** One route whatever the command. */
    public static CommandMap forAll(RouteSpec route) {
        return new CommandMap(Map.of(), Optional.of(route));
    }

    /** The route of a command, if there is one. */
    public Optional<RouteSpec> route(Command command) {
        RouteSpec route = routes.get(command);
        return route != null ? Optional.of(route) : all;
    }
}
