package io.memroute.proxy.explain;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.ConfigError;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.PoolSource;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Warnings;
import io.memroute.proxy.config.Zone;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.config.reader.LoadedConfig;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.script.library.LibraryLoader;
import io.memroute.proxy.script.library.LuaRoutePlan;
import io.memroute.proxy.script.load.ScriptLoader;
import io.memroute.proxy.script.load.ScriptPlan;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Loads a configuration as a start does, without serving it, and looks for what is legal but surely not meant. */
public final class Check {

    /**
     * The findings of a check.
     *
     * @param errors what keeps a proxy from starting with it; if there are any, warnings are not looked for
     * @param warnings and notes, in the order of files and lines
     * @param pools how many pools it has, members of sets included
     * @param backends how many different backends
     * @param sources what pools list besides servers, with the servers found
     * @param trees how many route trees; of a Lua program of its own, for how many tags it attaches functions
     */
    public record Report(
            List<ConfigError> errors,
            List<Warning> warnings,
            int pools,
            int backends,
            List<PoolSource> sources,
            int trees) {

        public Report {
            errors = List.copyOf(errors);
            warnings = List.copyOf(warnings);
            sources = List.copyOf(sources);
        }

        /** Returns the number of warnings that are more than notes. */
        public long strictWarnings() {
            return warnings.stream().filter(warning -> !warning.kind().isNote()).count();
        }
    }

    private Check() {}

    /** @param host where the files print to, and what else they see of the world */
    public static Report run(ConfigSource source, ConfigHost host) {
        return run(source, host, Optional.empty());
    }

    /**
     * As {@link #run(ConfigSource, ConfigHost)}.
     *
     * @param listeners those that it is for; empty if they are not known
     */
    public static Report run(ConfigSource source, ConfigHost host, Optional<KnownListeners> listeners) {
        try {
            if (ScriptLoader.isFor(source)) {
                return program(source, host);
            }
            LoadedConfig loaded = ConfigLoader.loadAll(source, host, LibraryLoader.withoutServer());
            ProxyConfig config = loaded.config();
            // What a start does before it listens; a ring too large to build, say, or a handler in Lua that fails,
            // shows here.
            Simulation.tryOut(LuaRoutePlan.plan(config, host));
            return new Report(
                    List.of(),
                    warnings(loaded, listeners).stream()
                            .map(warning -> warning.quoting(loaded.lines()))
                            .toList(),
                    (int) config.allPools().count(),
                    config.backends().size(),
                    config.allPools()
                            .flatMap(pool -> pool.sources().stream())
                            .distinct()
                            .toList(),
                    config.trees().size());
        } catch (ConfigException e) {
            return new Report(e.errors(), List.of(), 0, 0, List.of(), 0);
        }
    }

    /** Runs a Lua program of its own as a start does: where pools are made, and once as for a worker. */
    private static Report program(ConfigSource source, ConfigHost host) throws ConfigException {
        ScriptPlan program = ScriptLoader.loadWithoutServer(source, host);
        RouteTable routes = Simulation.routesOf(program);
        Set<BackendSpec> backends = new HashSet<>();
        program.pools().forEach(pool -> backends.addAll(pool.backends()));
        return new Report(
                List.of(),
                program.warnings(),
                program.pools().size(),
                backends.size(),
                List.of(),
                routes.tags().size());
    }

    /**
     * Returns the doubts about a configuration and the text of its files, in the order of files and lines.
     *
     * @param listeners as {@link #run(ConfigSource, ConfigHost, Optional)} takes them
     */
    public static List<Warning> warnings(LoadedConfig loaded, Optional<KnownListeners> listeners) {
        Warnings warnings = new Warnings();
        warnings.addAll(loaded.warnings());
        PoolWarnings.find(loaded.config(), warnings);
        TreeWarnings.find(loaded.config(), listeners.map(KnownListeners::tags), warnings);
        listeners.ifPresent(known -> ClientWarnings.find(loaded.clients(), known, warnings));
        GutterWarnings.find(loaded.config(), warnings);
        RouteWarnings.find(loaded.config(), loaded.localZone().map(Zone::name), warnings);
        return warnings.sorted();
    }
}
