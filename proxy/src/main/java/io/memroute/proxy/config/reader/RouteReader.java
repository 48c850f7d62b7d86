package io.memroute.proxy.config.reader;

import io.memroute.proxy.config.DirectSpec;
import io.memroute.proxy.config.RouteSpec;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the arguments of route handlers. A route that was put at several positions is read at each, since what it becomes may
 * depend on the position.
 */
final class RouteReader {

    /** Reads one handler's arguments. */
    private interface Handler {
        Optional<RouteSpec> read(Section arguments, ChildReader children, RoutePosition position);
    }

    private record HandlerOf(Set<String> arguments, Handler handler) {}

    private static final Map<String, HandlerOf> HANDLERS = Map.of("direct", new HandlerOf(Set.of("child"), RouteReader::direct));

    /** Handlers of memcached's route library that memroute does not have yet. */
    private static final Set<String> FUTURE_HANDLERS = Set.of(
            "allsync", "allfastest", "allasync", "failover", "zfailover", "split", "ttl", "null", "ratelim", "random");

    /** Bounds nesting, and finds a route that was made its own child; real trees have three or four levels. */
    private static final int MAX_DEPTH = 64;

    private final ErrorList errors;
    private final ChildReader children;

    RouteReader(PoolNames names, boolean allNamesKnown, ErrorList errors) {
        this.errors = errors;
        this.children = new ChildReader(names, allNamesKnown, this);
    }

    /** Every NAME for which there is a {@code route_NAME}, available or not. */
    static Collection<String> handlerNames() {
        Set<String> names = new TreeSet<>(HANDLERS.keySet());
        names.addAll(FUTURE_HANDLERS);
        return names;
    }

    static boolean isAvailable(String handler) {
        return HANDLERS.containsKey(handler);
    }

    /** The checked route; empty if it has errors, which have been noted. */
    Optional<RouteSpec> read(RouteCall call, RoutePosition position) {
        if (position.depth() > MAX_DEPTH) {
            errors.add(call.place().where(), call.function() + ": is nested more than " + MAX_DEPTH
                    + " routes deep; is it its own child?");
            return Optional.empty();
        }
        HandlerOf handler = HANDLERS.get(call.handler());
        if (handler == null) {
            return Optional.empty();
        }
        Section arguments = new Section(call.arguments(), call.function(), "argument", call.place(), errors);
        arguments.allowOnly(handler.arguments());
        return handler.handler().read(arguments, children, position);
    }

    private static Optional<RouteSpec> direct(Section arguments, ChildReader children, RoutePosition position) {
        return children.child(arguments, "child", position)
                .map(child -> new DirectSpec(child, arguments.place().where()));
    }
}
