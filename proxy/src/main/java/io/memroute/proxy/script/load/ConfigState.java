package io.memroute.proxy.script.load;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.lua.standard.StandardLibraries;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.library.McpConstants;
import io.memroute.proxy.config.library.UserCounterNames;
import io.memroute.proxy.config.placement.HashObjects;
import io.memroute.proxy.config.reader.ProgramReview;
import io.memroute.proxy.route.Turns;
import io.memroute.proxy.script.object.BackendObject;
import io.memroute.proxy.script.object.PoolObject;
import io.memroute.proxy.script.object.ScriptLog;
import io.memroute.proxy.script.object.Tunables;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration state of one load, with its table {@code mcp}. It stays as long as the configuration is in force,
 * for its crons. Owned by the configuration thread.
 *
 * @see "docs/reference/proxy-api.md sections 1.6, 1.7, 2.3 and 2.4"
 */
final class ConfigState {

    final LuaState lua;
    final ConfigHost world;
    final Tunables tunables = new Tunables();
    final ScriptHost host;
    final ScriptLog log;
    final ProgramReview review;
    private final ServerCalls server;
    private final UserCounterNames counters = new UserCounterNames(tunables::statLimit);
    private Settings settings = Settings.DEFAULTS;

    /** @param world the world of the script, with its limits here and on workers */
    ConfigState(ConfigSource source, ScriptHost host, ConfigHost world) {
        this.world = world;
        this.lua = StandardLibraries.newState(world, world.bounds().load());
        this.host = host;
        this.log = new ScriptLog(host.streams());
        this.review = new ProgramReview(source.name());
        this.server = new ServerCalls(host, lua, log, this::applyChanged);
        LuaTable mcp = new LuaTable();
        McpConstants.addTo(mcp);
        mcp.put("start_arg", StartArgument.value(source.argument()));
        mcp.put("internal_handler", new LuaUserdata(null));
        new HashObjects().addTo(mcp);
        tunables.addTo(mcp);
        BackendObject.Reader backends = new BackendObject.Reader(tunables, review);
        mcp.put("backend", LuaFunction.varargs("backend", backends::read));
        PoolObject.Reader pools = new PoolObject.Reader(tunables, source.name(), review);
        mcp.put("pool", LuaFunction.of("pool", (L, list, options) -> pools.read(L, list, options)));
        mcp.put("add_stat", counters.addStat());
        mcp.put("log", log.function());
        server.addTo(mcp);
        lua.setGlobal("mcp", mcp);
        review.openClientRules(lua);
    }

    List<@Nullable String> counters() {
        return counters.byIndex();
    }

    // ---- while the configuration is in force ----

    void begin(Turns before) {
        settings = tunables.settings();
        server.begin(before);
    }

    Turns end() {
        return server.end();
    }

    /** Applies limits that crons have set. */
    private void applyChanged() {
        if (!settings.equals(tunables.settings())) {
            settings = tunables.settings();
            host.apply(settings);
        }
    }
}
