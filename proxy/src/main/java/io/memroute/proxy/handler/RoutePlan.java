package io.memroute.proxy.handler;

import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.route.InForce;
import io.memroute.proxy.route.RouteMaker;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.route.Turns;
import io.memroute.proxy.worker.WorkerContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A configuration made ready for workers. What costs time, such as the points of a ring, is computed once, on the
 * thread that loads the configuration; {@link #compile} then builds one worker's routes quickly. Only handlers in Lua
 * can fail then, or take long.
 */
public final class RoutePlan implements RouteMaker {

    private final ProxyConfig config;
    private final Optional<? extends LuaRoutes> inLua;
    private final Optional<InForce> inForce;
    private final Map<PoolSpec, KeyDistributor> distributors;
    /** Shared objects by the route that they belong to, whose specification is the same object on all workers. */
    private final Map<HandlerSpec, Object> shared = new IdentityHashMap<>();
    /** Shared objects that outlive a configuration, by key; several in the order of their routes. */
    private final Map<Object, List<Object>> lasting = new HashMap<>();
    /** Those of the configuration before. */
    private Map<Object, List<Object>> inherited = Map.of();

    /**
     * Prepares a checked configuration. Any thread.
     *
     * @param inLua what makes the routes that are written in Lua; there if the configuration has any
     * @param inForce what it does by itself while it is in force
     */
    public RoutePlan(ProxyConfig config, Optional<? extends LuaRoutes> inLua, Optional<InForce> inForce) {
        if (config.handlers().isPresent() && inLua.isEmpty()) {
            throw new IllegalArgumentException("the configuration has handlers in Lua, and nothing to run them");
        }
        this.config = config;
        this.inLua = inLua;
        this.inForce = inForce;
        this.distributors = new HashMap<>();
        config.allPools().forEach(pool -> distributors.computeIfAbsent(pool, PoolSpec::distributor));
    }

    private RoutePlan(RoutePlan prepared) {
        this.config = prepared.config;
        this.inLua = prepared.inLua.map(LuaRoutes::afresh);
        this.inForce = Optional.empty();
        this.distributors = prepared.distributors;
    }

    /** The same plan without what routes keep from request to request: empty caches, full buckets. */
    public RoutePlan afresh() {
        return new RoutePlan(this);
    }

    public ProxyConfig config() {
        return config;
    }

    @Override
    public Settings settings() {
        return config.settings();
    }

    @Override
    public void follow(RouteMaker before) {
        if (before instanceof RoutePlan plan) {
            inherited = plan.lasting;
        }
    }

    @Override
    public RouteTable compile(BackendSource backends, WorkerContext worker) throws ConfigException {
        return new TreeCompiler(this, backends.lease(config.settings().mergeGets()), worker).compile();
    }

    @Override
    public void begin(Turns before) {
        inherited = Map.of();
        inForce.ifPresent(own -> own.begin(before));
    }

    @Override
    public Turns end() {
        return inForce.map(InForce::end).orElse(Turns.NONE);
    }

    /** Picks a key's backend in a pool of the configuration. Any thread. */
    public KeyDistributor distributor(PoolSpec pool) {
        return Objects.requireNonNull(distributors.get(pool), "a pool of the configuration");
    }

    /** Makes the routes that are written in Lua. */
    LuaRoutes inLua() {
        return inLua.orElseThrow();
    }

    /** The one object that the routes of a specification share on all workers. */
    @SuppressWarnings("unchecked")
    <T> T shared(HandlerSpec spec, Supplier<T> maker) {
        synchronized (shared) {
            return (T) shared.computeIfAbsent(spec, added -> maker.get());
        }
    }

    /** A part of a shared object that the next configuration takes over by its key. */
    @SuppressWarnings("unchecked")
    <T> T lasting(Object key, Supplier<T> maker) {
        synchronized (shared) {
            List<Object> ours = lasting.computeIfAbsent(key, added -> new ArrayList<>());
            List<Object> before = inherited.getOrDefault(key, List.of());
            T object = ours.size() < before.size() ? (T) before.get(ours.size()) : maker.get();
            ours.add(object);
            return object;
        }
    }
}
