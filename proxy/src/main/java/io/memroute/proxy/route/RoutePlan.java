package io.memroute.proxy.route;

import io.memroute.protocol.Command;
import io.memroute.proxy.backend.Backend;
import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.backend.Pool;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.CommandMap;
import io.memroute.proxy.config.DirectSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.store.Store;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A configuration made ready for workers. What costs time, such as the points of a ring, is computed once, on the thread that
 * loads the configuration; {@link #compile} then builds one worker's routes on that worker's thread, quickly and without failing.
 */
public final class RoutePlan {

    private final ProxyConfig config;
    private final Map<PoolSpec, KeyDistributor> distributors = new HashMap<>();

    /** Prepares a checked configuration. Any thread. */
    public RoutePlan(ProxyConfig config) {
        this.config = config;
        config.allPools().forEach(pool -> distributors.computeIfAbsent(pool, PoolSpec::distributor));
    }

    public ProxyConfig config() {
        return config;
    }

    /** Builds the routes of one worker and connects to the backends it does not know yet. The worker's thread. */
    public RouteTable compile(BackendSource backends, Store store, ByteBufAllocator allocator) {
        BackendSource.Lease lease = backends.lease(config.settings().mergeGets());
        Compilation compilation = new Compilation(lease, new InternalRoute(store, allocator));
        // Pools no route reaches are connected too: an operator sees at once whether their backends are well.
        config.allPools().forEach(compilation::pool);
        Map<String, Router> byTag = new HashMap<>();
        for (RouteTree tree : config.trees()) {
            byTag.put(tree.tag(), compilation.router(tree));
        }
        return new RouteTable(config.settings(), byTag, lease);
    }

    private final class Compilation {
        private final BackendSource.Lease lease;
        private final InternalRoute internal;
        private final Map<PoolSpec, Pool> pools = new HashMap<>();
        /** One route for each specification, however often it is referred to. */
        private final Map<RouteSpec, Route> routes = new IdentityHashMap<>();
        private Set<Backend> reachable = new LinkedHashSet<>();

        Compilation(BackendSource.Lease lease, InternalRoute internal) {
            this.lease = lease;
            this.internal = internal;
        }

        Pool pool(PoolSpec spec) {
            return pools.computeIfAbsent(spec, added -> lease.pool(added, distributors.get(added)));
        }

        Router router(RouteTree tree) {
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
                tree.map().forEach((prefix, commands) -> byPrefix.put(prefix, byCommand(commands)));
                prefixes = new PrefixTable<>(tree.prefixRule(), byPrefix);
            }
            return new Router(prefixes, byCommand, new ArrayList<>(reachable));
        }

        private Route[] byCommand(CommandMap commands) {
            Route[] byCommand = new Route[Command.PREPEND.id() + 1];
            for (int id = 0; id < byCommand.length; id++) {
                byCommand[id] = commands.route(Command.ofId(id)).map(this::route).orElse(null);
            }
            return byCommand;
        }

        private Route route(RouteSpec spec) {
            Route known = routes.get(spec);
            if (known != null) {
                return known;
            }
            Route made = switch (spec) {
                case DirectSpec direct -> child(direct.child());
                // The reader lets no other handler through yet (RouteReader.AVAILABLE).
                default -> throw new IllegalStateException("route_" + spec.handler() + " cannot run yet");
            };
            routes.put(spec, made);
            return made;
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
}
