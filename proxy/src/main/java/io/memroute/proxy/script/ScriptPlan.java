package io.memroute.proxy.script;

import io.memroute.proxy.backend.BackendSource;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.config.reader.ConfigSource;
import io.memroute.proxy.route.RouteMaker;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.route.RouteWorker;
import java.util.List;

/** A script that has run in the configuration state; each worker runs it again to have its routes. Immutable. */
public final class ScriptPlan implements RouteMaker {

    final ConfigSource source;
    final List<ScriptFile> files;
    final CopiedValue pools;
    private final Settings settings;
    /** By index; null where none is declared. */
    final List<String> counters;

    ScriptPlan(
            ConfigSource source, List<ScriptFile> files, CopiedValue pools, Settings settings, List<String> counters) {
        this.source = source;
        this.files = List.copyOf(files);
        this.pools = pools;
        this.settings = settings;
        this.counters = counters;
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public RouteTable compile(BackendSource backends, RouteWorker worker) throws ConfigException {
        BackendSource.Lease lease = backends.lease(settings.mergeGets());
        try {
            return new WorkerScript(this, lease, worker).load();
        } catch (ConfigException | RuntimeException e) {
            lease.release();
            throw e;
        }
    }
}
