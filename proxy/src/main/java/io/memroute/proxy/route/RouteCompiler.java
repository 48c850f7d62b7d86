package io.memroute.proxy.route;

import io.memroute.protocol.Command;
import io.memroute.proxy.backend.Backend;
import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.backend.Pool;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.config.AllAsyncSpec;
import io.memroute.proxy.config.AllFastestSpec;
import io.memroute.proxy.config.AllSyncSpec;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.CommandMap;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.DirectSpec;
import io.memroute.proxy.config.FailoverSpec;
import io.memroute.proxy.config.LatestSpec;
import io.memroute.proxy.config.LuaHandlerSpec;
import io.memroute.proxy.config.MajoritySpec;
import io.memroute.proxy.config.NamedSpec;
import io.memroute.proxy.config.NearCacheSpec;
import io.memroute.proxy.config.NullSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.PrefixSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RandomSpec;
import io.memroute.proxy.config.RateLimitSpec;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.ShadowSpec;
import io.memroute.proxy.config.SplitSpec;
import io.memroute.proxy.config.TimedSpec;
import io.memroute.proxy.config.TtlSpec;
import io.memroute.proxy.config.WarmSpec;
import io.memroute.proxy.config.WeightedSpec;
import io.memroute.proxy.config.ZoneFailoverSpec;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.route.builtin.AllAsyncRoute;
import io.memroute.proxy.route.builtin.AllFastestRoute;
import io.memroute.proxy.route.builtin.AllSyncRoute;
import io.memroute.proxy.route.builtin.FailoverRoute;
import io.memroute.proxy.route.builtin.HostOrder;
import io.memroute.proxy.route.builtin.IgnoredCalls;
import io.memroute.proxy.route.builtin.MajorityRoute;
import io.memroute.proxy.route.builtin.NearCacheRoute;
import io.memroute.proxy.route.builtin.PrefixRoute;
import io.memroute.proxy.route.builtin.RandomRoute;
import io.memroute.proxy.route.builtin.RateLimitRoute;
import io.memroute.proxy.route.builtin.ReplyComparison;
import io.memroute.proxy.route.builtin.ShadowRoute;
import io.memroute.proxy.route.builtin.SplitRoute;
import io.memroute.proxy.route.builtin.TokenBucket;
import io.memroute.proxy.route.builtin.TtlRoute;
import io.memroute.proxy.route.builtin.WarmRoute;
import io.memroute.proxy.route.builtin.WeightedRoute;
import io.memroute.proxy.stats.UserCounter;
import io.memroute.proxy.worker.WorkerContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
import java.util.concurrent.ThreadLocalRandom;

/** Builds one worker's routes from a configuration. Used once, by one thread. */
final class RouteCompiler {

    private final RoutePlan plan;
    private final ProxyConfig config;
    private final BackendSource.Lease lease;
    private final WorkerContext worker;

    private final Map<PoolSpec, Pool> pools = new HashMap<>();
    /** One route for each specification in a tree, however often it is referred to. */
    private final Map<RouteSpec, Route> routes = new IdentityHashMap<>();
    /** Those with a part that may send a request on in several steps. */
    private final Set<Route> stepped = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Whether the route being made has such a part, as far as it has been made. */
    private boolean steps;

    private final SortedSet<String> counterNames = new TreeSet<>();
    private Set<Backend> reachable = new LinkedHashSet<>();
    /** Null until the first handler in Lua: without one, a worker has no state. */
    private LuaRoutes.OfWorker inLua;

    // What all routes of the worker share.
    private final InternalRoute internal;
    private final NullRoute nothing = new NullRoute();
    private final IgnoredCalls ignored = new IgnoredCalls();
    private final OwnRequest.Source requests = new OwnRequest.Source();

    RouteCompiler(RoutePlan plan, BackendSource.Lease lease, WorkerContext worker) {
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
        Route known = routes.get(spec);
        if (known == null) {
            boolean stepsBefore = steps;
            steps = spec instanceof WarmSpec || spec instanceof LuaHandlerSpec;
            known = make(spec);
            routes.put(spec, known);
            if (steps) {
                stepped.add(known);
            }
            steps |= stepsBefore;
        } else {
            steps |= stepped.contains(known);
        }
        return known;
    }

    private Route make(RouteSpec spec) {
        return switch (spec) {
            case DirectSpec direct -> child(direct.child());
            case AllSyncSpec allSync -> new AllSyncRoute(children(allSync.children()), worker);
            case AllFastestSpec fastest ->
                new AllFastestRoute(timed(children(fastest.children()), fastest.maxWait()), fastest.onMiss(), worker);
            case AllAsyncSpec allAsync -> new AllAsyncRoute(children(allAsync.children()), ignored, nothing);
            case FailoverSpec failover -> failover(failover);
            case ZoneFailoverSpec zones -> zoneFailover(zones);
            case SplitSpec split -> new SplitRoute(child(split.a()), child(split.b()), ignored);
            case TtlSpec ttl -> new TtlRoute(ttl.ttlSeconds(), child(ttl.child()), requests);
            case NullSpec ignoredSpec -> nothing;
            case RateLimitSpec limit ->
                new RateLimitRoute(
                        child(limit.child()),
                        bucket(limit),
                        limit.failUntilLimit(),
                        nothing,
                        counter(limit.counter()),
                        worker);
            case RandomSpec random -> new RandomRoute(children(random.children()));
            case ShadowSpec shadow -> shadow(shadow);
            case WarmSpec warm ->
                new WarmRoute(
                        child(warm.cold()), child(warm.warm()), ignored, requests, counter(warm.counter()), worker);
            case LatestSpec latest -> latest(latest);
            case MajoritySpec majority ->
                new MajorityRoute(timed(children(majority.children()), majority.maxWait()), worker);
            case WeightedSpec weighted -> new WeightedRoute(children(weighted.children()), array(weighted.weights()));
            case NearCacheSpec near ->
                new NearCacheRoute(
                        child(near.child()),
                        plan.nearCache(near),
                        requests,
                        counter(near.counter().map(name -> name + "_near_hits")),
                        counter(near.counter().map(name -> name + "_near_misses")));
            case PrefixSpec prefix -> new PrefixRoute(prefix.strip(), prefix.add(), child(prefix.child()), requests);
            case LuaHandlerSpec handler -> inLua(handler);
            case TimedSpec timed ->
                new TimedRoute(route(timed.route()), timed.maxWait().toNanos(), worker);
            case NamedSpec named -> named(named);
        };
    }

    private Route inLua(LuaHandlerSpec spec) {
        try {
            if (inLua == null) {
                inLua = plan.inLua().open(worker, this::child);
            }
            return inLua.route(spec);
        } catch (ConfigException e) {
            throw new HandlerFailure(e);
        }
    }

    private Route failover(FailoverSpec spec) {
        Route[] children = children(spec.children());
        if (spec.shuffle()) {
            List<Route> order = Arrays.asList(children);
            Collections.shuffle(order.subList(spec.localFirst() ? 1 : 0, order.size()), ThreadLocalRandom.current());
        }
        Route[] asked = Arrays.copyOf(children, spec.attempts());
        return new FailoverRoute(timed(asked, spec.maxWait()), spec.onMiss(), counter(spec.counter()), worker);
    }

    /**
     * The near child, then all far ones at once: a failover of two, the second of which asks all and takes the first
     * hit.
     */
    private Route zoneFailover(ZoneFailoverSpec spec) {
        Route near = timed(new Route[] {child(spec.near().child())}, spec.maxWait())[0];
        Route[] inOrder = spec.far().isEmpty()
                ? new Route[] {near}
                : new Route[] {near, new AllFastestRoute(timed(children(spec.far()), spec.maxWait()), true, worker)};
        return new FailoverRoute(inOrder, spec.onMiss(), counter(spec.counter()), worker);
    }

    private Route shadow(ShadowSpec spec) {
        ReplyComparison comparison = spec.counter().isEmpty()
                ? null
                : new ReplyComparison(
                        counter(spec.counter().map(name -> name + "_same")),
                        counter(spec.counter().map(name -> name + "_different")));
        return new ShadowRoute(
                child(spec.child()), child(spec.shadow()), spec.percent() / 100, spec.byKey(), ignored, comparison);
    }

    private Route latest(LatestSpec spec) {
        Route[] children = children(spec.children());
        int[] order = HostOrder.of(HostOrder.localName(), spec.salt(), spec.weights());
        Route[] asked = new Route[spec.attempts()];
        for (int i = 0; i < asked.length; i++) {
            asked[i] = children[order[i]];
        }
        return new FailoverRoute(timed(asked, spec.maxWait()), false, counter(spec.counter()), worker);
    }

    private Route named(NamedSpec spec) {
        return new NamedRoute(
                route(spec.route()),
                new NamedRoute.Counters(
                        counter(Optional.of(spec.name() + "_requests")),
                        counter(Optional.of(spec.name() + "_hits")),
                        counter(Optional.of(spec.name() + "_misses")),
                        counter(Optional.of(spec.name() + "_errors"))));
    }

    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private TokenBucket bucket(RateLimitSpec spec) {
        return spec.global() ? plan.sharedBucket(spec, () -> newBucket(spec)) : newBucket(spec);
    }

    private TokenBucket newBucket(RateLimitSpec spec) {
        return new TokenBucket(spec.limit(), spec.fillRate(), spec.tick().toNanos(), worker.nanoTime());
    }

    private Route[] timed(Route[] children, Optional<Duration> maxWait) {
        if (maxWait.isEmpty()) {
            return children;
        }
        Route[] timed = new Route[children.length];
        for (int i = 0; i < children.length; i++) {
            timed[i] = new TimedRoute(children[i], maxWait.get().toNanos(), worker);
        }
        return timed;
    }

    private UserCounter counter(Optional<String> name) {
        name.ifPresent(counterNames::add);
        return name.map(worker.userCounters()::counter).orElse(null);
    }

    private Route[] children(List<ZonedChild> specs) {
        Route[] children = new Route[specs.size()];
        for (int i = 0; i < children.length; i++) {
            children[i] = child(specs.get(i).child());
        }
        return children;
    }

    private Route child(ChildSpec spec) {
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
}
