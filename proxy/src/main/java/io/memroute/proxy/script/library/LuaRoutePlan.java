package io.memroute.proxy.script.library;

import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.HandlerProgram;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.handler.LuaRoutes;
import io.memroute.proxy.handler.RoutePlan;
import io.memroute.proxy.route.InForce;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.script.load.ScriptFile;
import io.memroute.proxy.worker.WorkerContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The handlers in Lua of a configuration that is written for the built-in route library. Files are compiled once, on
 * the thread that loads the configuration; each worker runs them in a state of its own.
 *
 * @see "docs/reference/route-library.md section 4"
 */
public final class LuaRoutePlan implements LuaRoutes {
    private final ProxyConfig config;
    private final HandlerProgram program;
    private final List<ScriptFile> files;
    private final ConfigHost host;
    private final boolean trial;

    private LuaRoutePlan(
            ProxyConfig config, HandlerProgram program, List<ScriptFile> files, ConfigHost host, boolean trial) {
        this.config = config;
        this.program = program;
        this.files = files;
        this.host = host;
        this.trial = trial;
    }

    /** A configuration made ready for workers, whether it has handlers in Lua or not. Any thread. */
    public static RoutePlan plan(ProxyConfig config) {
        return plan(config, new ConfigHost());
    }

    /**
     * As {@link #plan(ProxyConfig)}.
     *
     * @param host the world of handlers in Lua
     */
    public static RoutePlan plan(ProxyConfig config, ConfigHost host) {
        return plan(config, host, Optional.empty());
    }

    /** @param inForce its activity while it is in force */
    static RoutePlan plan(ProxyConfig config, ConfigHost host, Optional<InForce> inForce) {
        return new RoutePlan(
                config,
                config.handlers()
                        .map(program -> new LuaRoutePlan(
                                config,
                                program,
                                program.files().stream().map(ScriptFile::of).toList(),
                                host,
                                false)),
                inForce);
    }

    @Override
    public LuaRoutes afresh() {
        return new LuaRoutePlan(config, program, files, host, true);
    }

    @Override
    public OfWorker open(WorkerContext worker, Function<ChildSpec, Route> children) throws ConfigException {
        HandlerState fast = open(worker, children, false);
        return fast != null ? fast : Objects.requireNonNull(open(worker, children, true));
    }

    /** The state; none if a file set a hook, but was compiled for no hook to see it. */
    private @Nullable HandlerState open(WorkerContext worker, Function<ChildSpec, Route> children, boolean hooked)
            throws ConfigException {
        HandlerState state = new HandlerState(config, program, worker, children, host, trial);
        boolean usable = false;
        try {
            usable = state.run(files, hooked);
            return usable ? state : null;
        } finally {
            if (!usable) {
                state.release();
            }
        }
    }
}
