package io.memroute.proxy.explain;

import io.memroute.lua.LuaHost;
import io.memroute.proxy.config.ConfigError;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.config.reader.ConfigSource;
import io.memroute.proxy.config.reader.LoadedConfig;
import io.memroute.proxy.script.LibraryFunctions;
import io.memroute.proxy.script.LibraryHandlers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Loads a configuration as a start does, without serving it, and looks for what is legal but surely not meant. */
public final class Check {

    /**
     * What a check found.
     *
     * @param errors what keeps a proxy from starting with it; if there are any, warnings are not looked for
     * @param warnings in the order of files and lines
     * @param pools how many pools it has, members of sets included
     * @param backends how many different backends
     * @param trees how many route trees
     */
    public record Report(List<ConfigError> errors, List<Warning> warnings, int pools, int backends, int trees) {

        public Report {
            errors = List.copyOf(errors);
            warnings = List.copyOf(warnings);
        }
    }

    private Check() {}

    /** @param host where the files print to, and what else they see of the world */
    public static Report run(ConfigSource source, LuaHost host) {
        try {
            LoadedConfig loaded = ConfigLoader.loadAll(source, host, LibraryFunctions.withoutServer());
            ProxyConfig config = loaded.config();
            // What a start does before it listens; a ring too large to build, say, or a handler in Lua that fails, shows here.
            Simulation.tryOut(LibraryHandlers.plan(config, host));
            return new Report(List.of(), warnings(loaded), (int) config.allPools().count(), config.backends().size(),
                    config.trees().size());
        } catch (ConfigException e) {
            return new Report(e.errors(), List.of(), 0, 0, 0);
        }
    }

    private static List<Warning> warnings(LoadedConfig loaded) {
        List<Warning> warnings = new ArrayList<>();
        warnings.addAll(PoolWarnings.of(loaded.config()));
        warnings.addAll(TreeWarnings.of(loaded.config()));
        warnings.addAll(RouteWarnings.of(loaded.config(), loaded.localZone()));
        List<String> files = warnings.stream().map(warning -> warning.where().file()).distinct().toList();
        return warnings.stream()
                .distinct()
                .sorted(Comparator.<Warning>comparingInt(warning -> files.indexOf(warning.where().file()))
                        .thenComparingInt(warning -> warning.where().line())
                        .thenComparingInt(warning -> warning.where().column()))
                .toList();
    }
}
