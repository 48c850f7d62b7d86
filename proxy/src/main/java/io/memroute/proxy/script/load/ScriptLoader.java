package io.memroute.proxy.script.load;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaState;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.script.object.CopiedValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads a configuration whose files use {@code mcp} themselves. Every load reads the files anew and begins with a new
 * state; an error is one of that load and of nothing else.
 *
 * @see "docs/reference/proxy-api.md section 1.5"
 */
public final class ScriptLoader {

    /**
     * Running a program keeps nobody waiting here, and how else would a cron ask a directory of servers? It ends when
     * the time is up.
     */
    private static final class ProgramHost extends ConfigHost {
        ProgramHost(LuaBounds bounds) {
            super(bounds);
        }

        @Override
        public boolean mayExecute(LuaState L, String function, String command) {
            return true;
        }
    }

    static final String POOLS = "mcp_config_pools";
    static final String ROUTES = "mcp_config_routes";

    private ScriptLoader() {}

    /** Whether a configuration is for this loader, rather than for the built-in route library. */
    public static boolean isFor(ConfigSource source) {
        return !source.files().isEmpty() && !source.files().contains(ConfigSource.BUILT_IN);
    }

    /**
     * Runs the files in a configuration state, and {@code mcp_config_pools}. Call it on the configuration thread; it
     * takes as long as the files do.
     *
     * @param host the server of the configuration
     * @param bounds the limits of its Lua
     * @throws ConfigException if the configuration has errors
     */
    public static ScriptPlan load(ConfigSource source, ScriptHost host, LuaBounds bounds) throws ConfigException {
        return load(source, host, new ProgramHost(bounds));
    }

    /**
     * Loads a program that no server is going to use.
     *
     * @param world what it sees of the world, and what it may use up
     * @throws ConfigException what is wrong
     */
    public static ScriptPlan loadWithoutServer(ConfigSource source, ConfigHost world) throws ConfigException {
        return load(source, ScriptHost.NONE, world);
    }

    private static ScriptPlan load(ConfigSource source, ScriptHost host, ConfigHost world) throws ConfigException {
        ConfigState state = new ConfigState(source, host, world);
        try (LuaState.Count whole = state.lua.count()) {
            return load(source, state);
        } catch (ConfigException e) {
            throw e.quoting(state.review);
        }
    }

    private static ScriptPlan load(ConfigSource source, ConfigState state) throws ConfigException {
        List<ScriptFile> files = new ArrayList<>();
        for (String name : source.files()) {
            ScriptFile file = ScriptFile.read(name, state.lua, state.review);
            files.add(file);
            try {
                state.lua.run(file.chunk().function(state.lua.globals()));
            } catch (LuaError e) {
                throw ScriptErrors.of(e, "", name);
            }
        }
        CopiedValue pools = pools(source, state);
        state.tunables.setClientRules(state.review.clientRules());
        state.review.names(state.lua);
        return new ScriptPlan(source, files, pools, state);
    }

    private static CopiedValue pools(ConfigSource source, ConfigState state) throws ConfigException {
        Object function = state.lua.global(POOLS);
        if (function == null) {
            throw ScriptErrors.at(new SourceLocation(source.name(), 0), "no function " + POOLS + " is defined");
        }
        try {
            return CopiedValue.of(ScriptCalls.first(state.lua, function, null));
        } catch (LuaError e) {
            throw ScriptErrors.of(e, POOLS, source.name());
        }
    }
}
