package io.memroute.proxy.script;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaHost;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.config.reader.ConfigSource;
import io.memroute.proxy.config.reader.ServerFunctions;
import io.memroute.proxy.route.InForce;
import io.memroute.proxy.route.RoutePlan;
import java.util.Optional;

/**
 * The functions of {@code mcp} that concern the server, in one load of a configuration that is written for the built-in route library: crons,
 * reloads, statistics, rate limiters for all workers. Owned by the configuration thread.
 *
 * @see "route-library.md section 4.7"
 */
public final class LibraryFunctions implements ServerFunctions, InForce {

    private final ScriptHost host;
    private final LuaTable limiterMeta = RateLimiter.meta();
    private Crons crons;
    private boolean inForce;
    private boolean reloadWanted;

    private LibraryFunctions(ScriptHost host) {
        this.host = host;
    }

    /** For looking at a configuration that no server is going to use. */
    public static ServerFunctions withoutServer() {
        return new LibraryFunctions(ScriptHost.NONE);
    }

    /**
     * Loads a configuration for a server.
     *
     * @throws ConfigException everything that is wrong with it
     */
    public static RoutePlan load(ConfigSource source, ScriptHost host) throws ConfigException {
        LibraryFunctions functions = new LibraryFunctions(host);
        return LibraryHandlers.plan(ConfigLoader.load(source, functions), new LuaHost(), Optional.of(functions));
    }

    @Override
    public void addTo(LuaState lua, LuaTable mcp) {
        crons = new Crons(host, lua, new ScriptLog(host.streams()), this::cronsRan);
        mcp.put("register_cron", LuaFunction.of("register_cron", crons::register));
        mcp.put("schedule_config_reload", LuaFunction.of("schedule_config_reload", L -> {
            // While a configuration is loaded it would come to nothing, or to a load after the other for ever.
            reloadWanted = inForce;
            return Results.NONE;
        }));
        mcp.put("server_stats", LuaFunction.of("server_stats", (L, section) -> StatsTable.read(L, section, host)));
        mcp.put("ratelim_global_tbf", LuaFunction.of("ratelim_global_tbf", (L, arguments) ->
                RateLimiter.read(L, limiterMeta, arguments)));
    }

    @Override
    public boolean isShared(Object value) {
        return value instanceof RateLimiter;
    }

    private void cronsRan() {
        if (reloadWanted) {
            reloadWanted = false;
            host.requestReload();
        }
    }

    @Override
    public void begin(Optional<InForce> before) {
        inForce = true;
        crons.begin(before.orElse(null) instanceof LibraryFunctions last ? last.crons : null);
    }

    @Override
    public void end() {
        inForce = false;
        crons.end();
    }
}
