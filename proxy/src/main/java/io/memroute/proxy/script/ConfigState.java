package io.memroute.proxy.script;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaHost;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.lua.Results;
import io.memroute.proxy.config.reader.ConfigSource;
import io.memroute.proxy.config.reader.HashObjects;
import java.util.ArrayList;
import java.util.List;

/**
 * The configuration state of one load, with the table {@code mcp} that it sees. Owned by the configuration thread.
 *
 * @see "proxy-api.md sections 2.3 and 2.4"
 */
final class ConfigState {

    private static final int MAX_COUNTER_NAME_BYTES = 122;

    /** They come with later versions; until then calling one is an error of the configuration. */
    private static final List<String> UNAVAILABLE =
            List.of("register_cron", "schedule_config_reload", "server_stats");

    final LuaState lua = new LuaState(new LuaHost(), WorkerScript.LIMITS);
    final Tunables tunables = new Tunables();
    /** Names by index, the first unused; null where none is declared. */
    private final List<String> counters = new ArrayList<>();

    ConfigState(ConfigSource source, ScriptLog log) {
        LuaTable mcp = new LuaTable();
        Constants.addTo(mcp);
        mcp.put("start_arg", StartArgument.value(source.argument()));
        mcp.put("internal_handler", new LuaUserdata(null));
        new HashObjects().addTo(mcp);
        tunables.addTo(mcp);
        BackendObject.Reader backends = new BackendObject.Reader(tunables);
        mcp.put("backend", LuaFunction.varargs("backend", backends::read));
        PoolObject.Reader pools = new PoolObject.Reader(tunables, source.name());
        mcp.put("pool", LuaFunction.of("pool", (L, list, options) -> pools.read(L, list, options)));
        mcp.put("add_stat", LuaFunction.of("add_stat", this::addCounter));
        LuaTable limiters = RateLimiter.meta();
        mcp.put("ratelim_global_tbf", LuaFunction.of("ratelim_global_tbf", (L, arguments) ->
                RateLimiter.read(L, limiters, arguments)));
        mcp.put("log", log.function());
        for (String name : UNAVAILABLE) {
            mcp.put(name, unavailable(name));
        }
        lua.setGlobal("mcp", mcp);
    }

    static LuaFunction unavailable(String name) {
        return LuaFunction.varargs(name, (L, args) -> {
            throw L.error("mcp." + name + " is not available yet");
        });
    }

    private Object addCounter(LuaState L, Object at, Object text) {
        long index = Args.integer(L, at, 1);
        LuaString name = Args.string(L, text, 2);
        if (index < 1) {
            throw new LuaError("stat index must be 1 or higher");
        }
        if (index > tunables.statLimit()) {
            throw new LuaError("stat index must be " + tunables.statLimit() + " or less");
        }
        if (name.length() > MAX_COUNTER_NAME_BYTES) {
            throw new LuaError("stat name too long: " + name + "\n");
        }
        for (int i = 0; i < name.length(); i++) {
            int c = name.byteAt(i);
            if (c == ' ' || c >= '\t' && c <= '\r') {
                throw new LuaError("stat cannot contain spaces or newlines");
            }
        }
        while (counters.size() <= index) {
            counters.add(null);
        }
        counters.set((int) index, name.length() == 0 ? null : name.toString());
        return Results.NONE;
    }

    List<String> counters() {
        return counters;
    }
}
