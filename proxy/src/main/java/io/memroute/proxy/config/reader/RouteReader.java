package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaString;
import io.memroute.proxy.config.NamedSpec;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.TimedSpec;
import io.memroute.proxy.config.library.RouteTerm;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.Section;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads the arguments of route handlers. A route that was put at several positions is read at each, since what it
 * becomes may depend on the position.
 */
public final class RouteReader {

    /** Reads one handler's arguments into its spec; empty if they have errors, which have been noted. */
    interface Handler {
        Optional<? extends RouteSpec> read(Context context);
    }

    /** What a handler's reader works on. */
    record Context(Section arguments, ChildReader children, RoutePosition position, Optional<String> localZone) {}

    /** @param arguments the names of all its arguments */
    record HandlerOf(Set<String> arguments, Handler handler) {}

    private static final Map<String, HandlerOf> HANDLERS = new TreeMap<>();

    static {
        HANDLERS.putAll(HandlerReaders.BY_NAME);
        HANDLERS.putAll(AddedHandlerReaders.BY_NAME);
    }

    /** Handlers that wait for nobody. */
    private static final Set<String> WITHOUT_WAIT = Set.of("null", "allasync");

    /** Bounds nesting, and finds a route that was made its own child; real trees have three or four levels. */
    private static final int MAX_DEPTH = 64;

    /**
     * Bounds what a tree can grow to when routes that hold a route twice are nested: each level doubles it. The largest
     * configurations have some thousands.
     */
    private static final int MAX_ROUTES = 100_000;

    private final Findings findings;
    private final ChildReader children;
    private final Optional<String> localZone;
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
            Optional<String> localZone,
            boolean allNamesKnown,
            Optional<LuaHandlerReader> own,
            Findings findings) {
        this.findings = findings;
        this.children = new ChildReader(names, allNamesKnown, this);
        this.localZone = localZone;
        this.own = own;
    }

    /** Every NAME for which there is a {@code route_NAME}. */
    public static Collection<String> handlerNames() {
        return HANDLERS.keySet();
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
                        call.function() + ": is the route number " + routesRead + "; a configuration may have "
                                + MAX_ROUTES);
            }
            return Optional.empty();
        }
        if (!call.hasArguments()) {
            return Optional.empty();
        }
        Section arguments = new Section(call.arguments(), call.function(), "argument", call.place(), findings);
        if (ChildWrap.isWrap(call)) {
            arguments.fail("child_wrap", "makes several routes of one; such a call can only be the whole of children");
            return Optional.empty();
        }
        HandlerOf handler = HANDLERS.get(call.handler());
        return handler == null || own.isPresent() && own.get().define(call.handler())
                ? own.flatMap(lua -> lua.read(call, position, children)).map(spec -> named(spec, ownName(arguments)))
                : read(handler, arguments, call.handler(), position);
    }

    /** A handler in Lua may have an argument of that name for a purpose of its own: then it is not a name. */
    private static Optional<String> ownName(Section arguments) {
        return arguments.value("name") instanceof LuaString
                ? arguments.text("name").filter(HandlerReaders::canNameCounter)
                : Optional.empty();
    }

    private static RouteSpec named(RouteSpec spec, Optional<String> name) {
        return name.<RouteSpec>map(text -> new NamedSpec(spec, text)).orElse(spec);
    }

    private Optional<RouteSpec> read(HandlerOf handler, Section arguments, String handlerName, RoutePosition position) {
        boolean ownWait = handler.arguments().contains("wait");
        Set<String> known = new TreeSet<>(handler.arguments());
        known.add("name");
        if (!WITHOUT_WAIT.contains(handlerName)) {
            known.add("wait");
        }
        arguments.allowOnly(known);
        Optional<Duration> wait = ownWait ? Optional.empty() : arguments.timeout("wait");
        Optional<String> name = arguments.text("name").flatMap(text -> HandlerReaders.checked(arguments, "name", text));
        return handler.handler()
                .read(new Context(arguments, children, position, localZone))
                .<RouteSpec>map(spec -> spec)
                .map(spec -> wait.<RouteSpec>map(maxWait -> new TimedSpec(spec, maxWait))
                        .orElse(spec))
                .map(spec -> named(spec, name));
    }
}
