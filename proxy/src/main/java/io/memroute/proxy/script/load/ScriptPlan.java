package io.memroute.proxy.script.load;

import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.route.RouteMaker;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.route.Turns;
import io.memroute.proxy.script.object.CopiedValue;
import io.memroute.proxy.script.object.PoolObject;
import io.memroute.proxy.stats.FunctionCounters;
import io.memroute.proxy.worker.WorkerContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A script that has run in the configuration state; each worker runs it again for its routes. The parts that workers
 * use are immutable. While it is in force it keeps the configuration state for the crons.
 */
public final class ScriptPlan implements RouteMaker {

    final ConfigSource source;
    final List<ScriptFile> files;
    final CopiedValue pools;
    private final Settings settings;
    /** Names of counters by index, with a gap where none is declared. */
    final List<@Nullable String> counters;
    /** The state of the configuration thread. */
    final ConfigState state;

    ScriptPlan(ConfigSource source, List<ScriptFile> files, CopiedValue pools, ConfigState state) {
        this.source = source;
        this.files = List.copyOf(files);
        this.pools = pools;
        this.settings = state.tunables.settings();
        this.counters = Collections.unmodifiableList(new ArrayList<>(state.counters()));
        this.state = state;
    }

    /** The pools that {@code mcp_config_pools} has returned, once each. */
    public List<PoolSpec> pools() {
        return pools.shared().stream()
                .filter(PoolObject.class::isInstance)
                .map(shared -> ((PoolObject) shared).spec())
                .filter(Objects::nonNull)
                .toList();
    }

    /** Warnings about the files. */
    public List<Warning> warnings() {
        return state.review.warnings();
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public RouteTable compile(BackendSource backends, WorkerContext worker) throws ConfigException {
        RouteTable fast = compile(backends, worker, false);
        return fast != null ? fast : Objects.requireNonNull(compile(backends, worker, true));
    }

    /** The routes; none if the script set a hook, but was compiled for no hook to see it. */
    private @Nullable RouteTable compile(BackendSource backends, WorkerContext worker, boolean hooks)
            throws ConfigException {
        FunctionCounters.Tally functions = worker.functions().open();
        BackendSource.Lease lease = backends.lease(settings.mergeGets()).with(functions::close);
        RouteTable table = null;
        try {
            WorkerScript script = new WorkerScript(counters, functions, worker, state.world);
            RouteTable loaded = script.load(this, lease, hooks);
            if (hooks || !script.state().lua().isInspected()) {
                table = loaded;
            }
            return table;
        } catch (ConfigException e) {
            throw e.quoting(state.review);
        } finally {
            if (table == null) {
                lease.release();
            }
        }
    }

    @Override
    public void begin(Turns before) {
        state.begin(before);
    }

    @Override
    public Turns end() {
        return state.end();
    }
}
