package io.memroute.proxy.script.load;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.proxy.route.Turns;
import io.memroute.proxy.script.object.RateLimiter;
import io.memroute.proxy.script.object.ScriptLog;

/**
 * The functions of {@code mcp} that concern the server, for one load of a configuration of either kind: crons, reloads,
 * statistics, rate limiters for all workers. Owned by the configuration thread.
 *
 * @see "docs/reference/proxy-api.md sections 1.6, 1.7 and 2.3"
 */
public final class ServerCalls {

    private final ScriptHost host;
    private final Crons crons;
    private final Runnable afterCrons;
    private final LuaTable limiterMeta = RateLimiter.meta();
    private boolean inForce;
    private boolean reloadWanted;

    /**
     * @param lua the state of the crons' functions
     * @param afterCrons called when the crons of one moment have run, before a reload that they asked for
     */
    public ServerCalls(ScriptHost host, LuaState lua, ScriptLog log, Runnable afterCrons) {
        this.host = host;
        this.afterCrons = afterCrons;
        this.crons = new Crons(host, lua, log, this::cronsRan);
    }

    public void addTo(LuaTable mcp) {
        mcp.put("register_cron", LuaFunction.of("register_cron", crons::register));
        mcp.put("schedule_config_reload", LuaFunction.of("schedule_config_reload", L -> {
            // While a configuration is loaded it would do nothing, or load again and again.
            reloadWanted = inForce;
            return Results.NONE;
        }));
        mcp.put("server_stats", LuaFunction.of("server_stats", (L, section) -> StatsTable.read(L, section, host)));
        mcp.put(
                "ratelim_global_tbf",
                LuaFunction.of("ratelim_global_tbf", (L, arguments) -> RateLimiter.read(L, limiterMeta, arguments)));
    }

    /** @param before the turns that the crons of the previous configuration have left */
    public void begin(Turns before) {
        inForce = true;
        crons.begin(before);
    }

    /** Ends the crons, and returns their turns. */
    public Turns end() {
        inForce = false;
        return crons.end();
    }

    private void cronsRan() {
        afterCrons.run();
        if (reloadWanted) {
            reloadWanted = false;
            host.requestReload();
        }
    }
}
