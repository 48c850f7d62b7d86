package io.memroute.proxy.script.load;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import io.memroute.proxy.backend.Backend;
import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.backend.Pool;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.route.InternalRoute;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.script.object.CopiedValue;
import io.memroute.proxy.script.object.PoolObject;
import io.memroute.proxy.script.object.PoolProxy;
import io.memroute.proxy.script.object.RateLimiter;
import io.memroute.proxy.script.slot.PoolTarget;
import io.memroute.proxy.script.slot.WorkerState;
import io.memroute.proxy.stats.FunctionCounters;
import io.memroute.proxy.stats.UserCounter;
import io.memroute.proxy.worker.WorkerContext;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One load of a script on one worker: its Lua state and all that its functions use. It lives as long as requests run on
 * it. Owned by the thread that loads it, and by the worker's once requests are served.
 */
public final class WorkerScript {

    private final WorkerState state;
    private final LuaTable limiterMeta = RateLimiter.meta();
    final Attachments attachments;
    final Route store;
    /** Counters by index, with gaps; empty if none is declared. */
    final UserCounter[] counters;

    private final LuaTable poolMeta = new LuaTable().put("__name", LuaString.of("mcp.pool_proxy"));
    private final Set<Backend> backends = new LinkedHashSet<>();
    private final Map<PoolObject, Route> routes = new IdentityHashMap<>();
    private final WorkerHost host;
    private final LuaBounds bounds;
    private boolean serving;

    /**
     * @param counterNames by the index that {@code mcp.stat} takes, with a gap where none is declared
     * @param host the world that it sees, and prints to
     * @param functions counts the functions made; its giver closes it
     */
    public WorkerScript(
            List<@Nullable String> counterNames,
            FunctionCounters.Tally functions,
            WorkerContext worker,
            ConfigHost host) {
        this.host = new WorkerHost(host);
        this.bounds = host.bounds();
        this.state = new WorkerState(StandardLibraries.newState(this.host, bounds.load()), worker, functions);
        this.attachments = new Attachments(state);
        this.store = new InternalRoute(worker.store(), worker.allocator());
        this.counters = counterNames.stream()
                .map(name -> name == null ? null : worker.userCounters().counter(name))
                .toArray(UserCounter[]::new);
    }

    public WorkerState state() {
        return state;
    }

    public LuaTable limiterMeta() {
        return limiterMeta;
    }

    /**
     * Runs the files and {@code mcp_config_routes}.
     *
     * @param lease where the pools come from
     * @param hooked whether hooks that the script sets see its code
     * @throws ConfigException if that fails
     */
    RouteTable load(ScriptPlan plan, BackendSource.Lease lease, boolean hooked) throws ConfigException {
        RouteTable routes;
        try (LuaState.Count whole = state.lua().count()) {
            routes = routes(plan, lease, hooked);
        }
        serve();
        return routes;
    }

    /** Ends loading: from now on the limits are those of requests, and nothing waits. */
    public void serve() {
        state.lua().setLimits(bounds.request());
        host.serve();
        serving = true;
    }

    /** Adds to a counter, which only the worker's thread writes. */
    void count(UserCounter counter, long change) {
        if (serving) {
            counter.add(change);
        } else {
            state.worker().loop().execute(() -> counter.add(change));
        }
    }

    private RouteTable routes(ScriptPlan plan, BackendSource.Lease lease, boolean hooked) throws ConfigException {
        WorkerTable.open(this, plan.source.argument());
        run(plan.files, hooked);
        Object routes = state.lua().global(ScriptLoader.ROUTES);
        if (routes == null) {
            throw ScriptErrors.at(
                    new SourceLocation(plan.source.name(), 0), "no function " + ScriptLoader.ROUTES + " is defined");
        }
        try {
            connect(plan.pools, lease);
            ScriptCalls.first(state.lua(), routes, plan.pools.in(this::counterpart));
        } catch (LuaError e) {
            throw ScriptErrors.of(e, ScriptLoader.ROUTES, plan.source.name());
        }
        List<String> names =
                plan.counters.stream().filter(Objects::nonNull).distinct().toList();
        return new RouteTable(plan.settings(), attachments.routers(store, List.copyOf(backends)), names, lease);
    }

    /**
     * Runs files.
     *
     * @param hooked as for {@link #load}
     * @throws ConfigException if a file fails: the error of the first one
     */
    public void run(List<ScriptFile> files, boolean hooked) throws ConfigException {
        for (ScriptFile file : files) {
            try {
                Chunk chunk = hooked ? file.chunk() : file.routes();
                state.lua().run(chunk.function(state.lua().globals()));
            } catch (LuaError e) {
                throw ScriptErrors.of(e, "in a worker", file.name());
            }
        }
    }

    private void connect(CopiedValue pools, BackendSource.Lease lease) {
        lease.together(() -> pools.shared().forEach(shared -> {
            if (shared instanceof PoolObject pool) {
                routes.put(pool, route(pool, lease));
            }
        }));
    }

    /** The counterpart in this state of a value that all states know. */
    private Object counterpart(CopiedValue.Shared shared) {
        return switch (shared) {
            case PoolObject pool -> new PoolProxy(poolMeta, Objects.requireNonNull(routes.get(pool)));
            case RateLimiter limiter -> limiter.in(limiterMeta);
            default -> throw new IllegalStateException("no counterpart of " + shared);
        };
    }

    private Route route(PoolObject described, BackendSource.Lease lease) {
        PoolSpec spec = described.spec();
        KeyDistributor distributor = described.distributor();
        if (spec == null || distributor == null) {
            return call -> call.replied(FixedReply.BACKEND_FAILURE);
        }
        Pool pool = lease.pool(spec, distributor);
        backends.addAll(pool.backends());
        return new PoolTarget(pool);
    }

    /** A target of handles that is not in the value of {@code mcp_config_pools}. */
    PoolProxy storeProxy() {
        return new PoolProxy(new LuaTable().put("__name", LuaString.of("mcp.internal_handler")), store);
    }
}
