package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaString;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.Zone;
import io.memroute.proxy.config.library.RouteTerm;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.handler.CommonArguments;
import io.memroute.proxy.handler.CounterName;
import io.memroute.proxy.handler.Handler;
import io.memroute.proxy.handler.Reading;
import io.memroute.proxy.handler.RoutePosition;
import io.memroute.proxy.handler.builtin.Handlers;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads the arguments of route handlers. A route that was put at several positions is read at each, since what it
 * becomes may depend on the position.
 */
public final class RouteReader {

    private static final String NAME = "name";

    /** Bounds nesting, and finds a route that was made its own child; real trees have three or four levels. */
    private static final int MAX_DEPTH = 64;

    /**
     * Bounds what a tree can grow to when routes that hold a route twice are nested: each level doubles it. The largest
     * configurations have some thousands.
     */
    private static final int MAX_ROUTES = 100_000;

    private final Findings findings;
    private final ChildReader children;
    private final Optional<Zone> localZone;
    private final Optional<LuaHandlerReader> own;
    private int routesRead;

    /**
     * @param localZone the zone this proxy is in, if it is known
     * @param allNamesKnown whether every pool there is has been read: if a file broke off, an unknown name may have
     *     been defined further down
     * @param own the handlers that the configuration's files define; empty: routes that need one are not looked at
     */
    RouteReader(
            PoolNames names,
            Optional<Zone> localZone,
            boolean allNamesKnown,
            Optional<LuaHandlerReader> own,
            Findings findings) {
        this.findings = findings;
        this.children = new ChildReader(names, allNamesKnown, this);
        this.localZone = localZone;
        this.own = own;
    }

    /** The checked route; empty if it has errors, which have been noted. */
    Optional<RouteSpec> read(RouteTerm call, RoutePosition position) {
        call.read();
        if (position.depth() > MAX_DEPTH) {
            findings.error(
                    call.place().where(),
                    call.function() + ": is nested more than " + MAX_DEPTH + " routes deep; is it its own child?");
            return Optional.empty();
        }
        if (++routesRead > MAX_ROUTES) {
            if (routesRead == MAX_ROUTES + 1) {
                findings.error(
                        call.place().where(),
                        call.function() + ": is route number " + routesRead + "; a configuration may have " + MAX_ROUTES
                                + " at most");
            }
            return Optional.empty();
        }
        if (!call.hasArguments()) {
            return Optional.empty();
        }
        Section arguments = new Section(call.arguments(), call.function(), "argument", call.place(), findings);
        if (ChildWrap.isWrap(call)) {
            arguments.fail("child_wrap", "makes several routes, so it can only be the whole value of children");
            return Optional.empty();
        }
        Optional<Handler> builtIn = Handlers.named(call.handler());
        return builtIn.isEmpty() || own.isPresent() && own.get().define(call.handler())
                ? own.flatMap(lua -> lua.read(call, position, children))
                        .map(spec -> CommonArguments.around(spec, Optional.empty(), ownName(arguments), false))
                        .map(RouteSpec.class::cast)
                : read(builtIn.get(), arguments, position);
    }

    /** A handler in Lua may have an argument of that name for a purpose of its own: then it is not a name. */
    private static Optional<String> ownName(Section arguments) {
        return arguments.value(NAME) instanceof LuaString
                ? arguments.text(NAME).filter(CounterName::isPossible)
                : Optional.empty();
    }

    private Optional<RouteSpec> read(Handler handler, Section arguments, RoutePosition position) {
        arguments.allowOnly(handler.arguments().names());
        Optional<Duration> wait = handler.arguments().waits() ? arguments.timeout("wait") : Optional.empty();
        boolean missOnError = handler.arguments().mayFail()
                && arguments.flag(CommonArguments.MISS_ON_ERROR).orElse(false);
        Optional<String> name = arguments.text(NAME).flatMap(text -> CounterName.checked(arguments, NAME, text));
        return handler.read(new Reading(arguments, children, position, localZone))
                .map(spec -> CommonArguments.around(spec, wait, name, missOnError))
                .map(RouteSpec.class::cast);
    }
}
