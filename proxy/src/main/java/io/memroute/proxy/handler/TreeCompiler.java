package io.memroute.proxy.handler;

import io.memroute.protocol.Command;
import io.memroute.proxy.backend.Backend;
import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.backend.Pool;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.CommandMap;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.route.InternalRoute;
import io.memroute.proxy.route.MissOnErrorRoute;
import io.memroute.proxy.route.NoRoute;
import io.memroute.proxy.route.NullRoute;
import io.memroute.proxy.route.PoolRoute;
import io.memroute.proxy.route.PrefixTable;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.route.Router;
import io.memroute.proxy.route.SteppedRoute;
import io.memroute.proxy.route.TimedRoute;
import io.memroute.proxy.route.builtin.IgnoredCalls;
import io.memroute.proxy.stats.UserCounter;
import io.memroute.proxy.worker.WorkerContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds one worker's routes from a configuration. Used once, by one thread. */
final class TreeCompiler implements Parts {

    private final RoutePlan plan;
    private final ProxyConfig config;
    private final BackendSource.Lease lease;
    private final WorkerContext worker;

    private final Map<PoolSpec, Pool> pools = new HashMap<>();
    /** One route for each specification in a tree, however often it is referred to. */
    private final Map<RouteSpec, Route> routes = new IdentityHashMap<>();
    /** Routes with a part that may send a request on in several steps. */
    private final Set<Route> stepped = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Whether the route being made has such a part, as far as it has been made. */
    private boolean steps;

    private final SortedSet<String> counterNames = new TreeSet<>();
    private Set<Backend> reachable = new LinkedHashSet<>();
    /** Made for the first handler in Lua: without one, a worker has no state. */
    private LuaRoutes.@Nullable OfWorker inLua;

    // What all routes of the worker share.
    private final InternalRoute internal;
    private final NullRoute nothing = new NullRoute();
    private final IgnoredCalls ignored = new IgnoredCalls();
    private final OwnRequest.Source requests = new OwnRequest.Source();

    TreeCompiler(RoutePlan plan, BackendSource.Lease lease, WorkerContext worker) {
        this.plan = plan;
        this.config = plan.config();
        this.lease = lease;
        this.worker = worker;
        this.internal = new InternalRoute(worker.store(), worker.allocator());
    }

    /** A handler in Lua failed; carried out of the functions that cannot declare it. */
    private static final class HandlerFailure extends RuntimeException {
        private final transient ConfigException failure;

        HandlerFailure(ConfigException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /** @throws ConfigException if a handler in Lua fails; nothing is held then */
    RouteTable compile() throws ConfigException {
        RouteTable table = null;
        try {
            table = compileTrees();
            return table;
        } catch (HandlerFailure e) {
            throw e.failure;
        } finally {
            if (table == null) {
                lease.release();
                if (inLua != null) {
                    inLua.release();
                }
            }
        }
    }

    private RouteTable compileTrees() {
        // Pools no route reaches are connected too: an operator sees at once whether their backends are well.
        lease.together(() -> config.allPools().forEach(this::pool));
        Map<String, Router> byTag = new HashMap<>();
        for (RouteTree tree : config.trees()) {
            byTag.put(tree.tag(), router(tree));
        }
        if (inLua == null) {
            return new RouteTable(config.settings(), byTag, List.copyOf(counterNames), lease);
        }
        inLua.loaded();
        counterNames.addAll(inLua.counterNames());
        return new RouteTable(config.settings(), byTag, List.copyOf(counterNames), lease.with(inLua::release));
    }

    private Pool pool(PoolSpec spec) {
        return pools.computeIfAbsent(spec, added -> lease.pool(added, plan.distributor(added)));
    }

    private Router router(RouteTree tree) {
        reachable = new LinkedHashSet<>();
        routes.clear();
        Route[] byCommand = new Route[Command.PREPEND.id() + 1];
        Route fallback = tree.defaultRoute().<Route>map(this::route).orElse(NoRoute.INSTANCE);
        for (int id = 0; id < byCommand.length; id++) {
            RouteSpec spec = tree.cmap().get(Command.ofId(id));
            byCommand[id] = spec == null ? fallback : route(spec);
        }
        PrefixTable<Route[]> prefixes = null;
        if (!tree.map().isEmpty()) {
            Map<String, Route[]> byPrefix = new HashMap<>();
            tree.map()
                    .forEach((prefix, commands) ->
                            byPrefix.put(prefix, missing(tree, inOrder(byCommand(commands), byCommand))));
            prefixes = new PrefixTable<>(tree.prefixRule(), byPrefix);
        }
        return new Router(prefixes, missing(tree, inOrder(byCommand, byCommand)), new ArrayList<>(reachable));
    }

    /** The roots of a tree by command, with those of gets made to miss rather than fail if the tree says so. */
    private Route[] missing(RouteTree tree, Route[] roots) {
        if (!tree.missOnError()) {
            return roots;
        }
        Map<Route, Route> made = new IdentityHashMap<>();
        Route[] missing = roots.clone();
        for (Command command : MissOnErrorRoute.COMMANDS) {
            Route root = roots[command.id()];
            if (root != null && root != NoRoute.INSTANCE) {
                missing[command.id()] = made.computeIfAbsent(
                        root, failing -> new MissOnErrorRoute(failing, nothing, worker.counters()));
            }
        }
        return missing;
    }

    @SuppressWarnings("NullAway") // gaps hold null, and the routes of the tree fill them
    private Route[] byCommand(CommandMap commands) {
        Route[] byCommand = new Route[Command.PREPEND.id() + 1];
        for (int id = 0; id < byCommand.length; id++) {
            byCommand[id] = commands.route(Command.ofId(id)).map(this::route).orElse(null);
        }
        return byCommand;
    }

    /**
     * Returns what serves the commands about a key, by command: if one of these routes does not keep the order, all are
     * marked so, since no command may overtake another one.
     *
     * @param own with gaps
     * @param otherwise what serves the commands in the gaps
     */
    private Route[] inOrder(Route[] own, Route[] otherwise) {
        Route[] marked = new Route[own.length];
        boolean anySteps = false;
        for (int id = 0; id < own.length; id++) {
            Route serving = own[id] == null ? otherwise[id] : own[id];
            anySteps |= stepped.contains(serving);
            marked[id] = serving == null || serving == NoRoute.INSTANCE ? serving : new SteppedRoute(serving);
        }
        return anySteps ? marked : own;
    }

    private Route route(RouteSpec spec) {
        return route(HandlerSpec.of(spec));
    }

    private Route made(HandlerSpec spec) {
        boolean stepsBefore = steps;
        steps = spec.inSteps();
        Route made = spec.compile(this);
        routes.put(spec, made);
        if (steps) {
            stepped.add(made);
        }
        steps |= stepsBefore;
        return made;
    }

    // ---- for handlers ----

    @Override
    public WorkerContext worker() {
        return worker;
    }

    @Override
    public Route route(HandlerSpec spec) {
        Route known = routes.get(spec);
        if (known == null) {
            return made(spec);
        }
        steps |= stepped.contains(known);
        return known;
    }

    @Override
    public Route child(ChildSpec spec) {
        return switch (spec) {
            case ChildSpec.PoolChild(PoolSpec poolSpec) -> {
                Pool pool = pool(poolSpec);
                reachable.addAll(pool.backends());
                yield new PoolRoute(pool);
            }
            case ChildSpec.InternalChild() -> internal;
            case ChildSpec.RouteChild(RouteSpec routeSpec) -> route(routeSpec);
        };
    }

    @Override
    public Route[] children(List<ZonedChild> specs) {
        Route[] children = new Route[specs.size()];
        for (int i = 0; i < children.length; i++) {
            children[i] = child(specs.get(i).child());
        }
        return children;
    }

    @Override
    public Route[] timed(Route[] routes, Optional<Duration> maxWait) {
        if (maxWait.isEmpty()) {
            return routes;
        }
        Route[] timed = new Route[routes.length];
        for (int i = 0; i < routes.length; i++) {
            timed[i] = new TimedRoute(routes[i], maxWait.get().toNanos(), worker);
        }
        return timed;
    }

    @Override
    public UserCounter counter(String name) {
        counterNames.add(name);
        return worker.userCounters().counter(name);
    }

    @Override
    public IgnoredCalls ignored() {
        return ignored;
    }

    @Override
    public NullRoute nothing() {
        return nothing;
    }

    @Override
    public OwnRequest.Source requests() {
        return requests;
    }

    @Override
    public <T> T shared(HandlerSpec spec, Supplier<T> maker) {
        return plan.shared(spec, maker);
    }

    @Override
    public <T> T lasting(Object key, Supplier<T> maker) {
        return plan.lasting(key, maker);
    }

    @Override
    public Route inLua(LuaHandlerSpec spec) {
        try {
            if (inLua == null) {
                inLua = plan.inLua().open(worker, this::child);
            }
            return inLua.route(spec);
        } catch (ConfigException e) {
            throw new HandlerFailure(e);
        }
    }
}
