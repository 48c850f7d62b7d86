package io.memroute.proxy;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.discovery.ServerLookup;
import io.memroute.proxy.explain.Check;
import io.memroute.proxy.route.RouteMaker;
import io.memroute.proxy.script.library.LibraryLoader;
import io.memroute.proxy.script.load.ScriptHost;
import io.memroute.proxy.script.load.ScriptLoader;
import io.memroute.proxy.script.load.ScriptPlan;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Loads the configuration that the options of a server name, and logs its warnings. Used on the configuration thread.
 */
final class NamedConfiguration implements RunningConfiguration.Loading {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** Warnings that one load writes to the log; a screen of them. */
    private static final int LOGGED_WARNINGS = 25;

    private final ConfigSource named;
    private final ServerOptions options;
    /** The content of the last good load; none before the first. */
    private @Nullable ServingHost lastGood;
    /** The files of the last good load. */
    private volatile Set<String> files = Set.of();

    NamedConfiguration(ConfigSource named, ServerOptions options) {
        this.named = named;
        this.options = options;
    }

    @Override
    public RouteMaker load(ScriptHost host, ServerLookup servers, boolean again) throws ConfigException {
        if (ScriptLoader.isFor(named)) {
            ScriptPlan program = ScriptLoader.load(named, host, options.lua());
            log(program.warnings());
            return program;
        }
        ServingHost before = lastGood;
        ServingHost world = again && before != null ? before.again() : ServingHost.now(options.lua(), servers);
        LibraryLoader.Loaded configuration = LibraryLoader.load(named, host, world);
        if (!again) {
            log(Check.warnings(configuration.loaded(), Optional.of(options.knownListeners())));
        }
        lastGood = world;
        files = world.files();
        return configuration.plan();
    }

    @Override
    public Set<String> files() {
        return files;
    }

    private void log(List<Warning> warnings) {
        warnings.stream()
                .limit(LOGGED_WARNINGS)
                .forEach(warning -> LOG.atLevel(warning.kind().isNote() ? Level.INFO : Level.WARN)
                        .log("{}: {}", warning.where().precisely(), warning.message()));
        if (warnings.size() > LOGGED_WARNINGS) {
            LOG.warn("{}: {} more warnings; memroute check shows all", named.name(), warnings.size() - LOGGED_WARNINGS);
        }
    }
}
