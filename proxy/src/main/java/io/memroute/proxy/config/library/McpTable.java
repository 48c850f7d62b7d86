package io.memroute.proxy.config.library;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.lua.Results;
import io.memroute.proxy.config.placement.HashObjects;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.config.source.SourceFiles;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code mcp} as a configuration of the built-in route library may use it: constants, the objects that choose
 * hashes and distributions, and the tunables, which mean what the settings of the same name mean.
 */
public final class McpTable {

    private static final Logger LOG = LoggerFactory.getLogger("io.memroute.config");

    /** Tunables by the setting that each is. */
    private static final Map<String, String> SETTING_OF_TUNABLE = Map.ofEntries(
            Map.entry("backend_connect_timeout", "backend_connect_timeout"),
            Map.entry("backend_read_timeout", "backend_read_timeout"),
            Map.entry("backend_retry_waittime", "backend_retry_waittime"),
            Map.entry("backend_retry_timeout", "backend_retry_waittime"),
            Map.entry("backend_failure_limit", "backend_failure_limit"),
            Map.entry("backend_depth_limit", "backend_depth_limit"),
            Map.entry("backend_flap_time", "backend_flap_time"),
            Map.entry("backend_flap_backoff_ramp", "backend_flap_backoff_ramp"),
            Map.entry("backend_flap_backoff_max", "backend_flap_backoff_max"),
            Map.entry("backend_use_iothread", "backend_use_iothread"),
            Map.entry("backend_use_tls", "backend_use_tls"),
            Map.entry("tcp_keepalive", "tcp_keepalive"),
            Map.entry("active_req_limit", "active_req_limit"),
            Map.entry("buffer_memory_limit", "buffer_memory_limit"));

    /**
     * Tune what memroute does not have: Lua's collector per worker, the room for user counters, a TLS start-up step.
     */
    private static final List<String> WITHOUT_EFFECT = List.of("luagc_ratio", "stat_limit", "init_tls");

    /** The rest of memcached's table, for workers and for programs that do without the library. */
    private static final List<String> FOR_LUA_ROUTES = List.of(
            "pool",
            "backend",
            "ratelim_global_tbf",
            "internal",
            "attach",
            "funcgen_new",
            "router_new",
            "log_req",
            "log_reqsample",
            "stat",
            "request",
            "ratelim_tbf",
            "req_inspector_new",
            "res_inspector_new",
            "req_mutator_new",
            "res_mutator_new",
            "time_real_millis",
            "time_mono_millis");

    private final Recording recorded;
    private final SourceFiles sources;
    private final Findings findings;

    public McpTable(Recording recorded, SourceFiles sources, Findings findings) {
        this.recorded = recorded;
        this.sources = sources;
        this.findings = findings;
    }

    /** The names of all functions, for suggestions. */
    public static Set<String> functions() {
        Set<String> names = new HashSet<>(SETTING_OF_TUNABLE.keySet());
        names.addAll(WITHOUT_EFFECT);
        names.addAll(FOR_LUA_ROUTES);
        names.add("log");
        names.addAll(List.of("add_stat", "register_cron", "schedule_config_reload", "server_stats"));
        return names;
    }

    /** Every name that there is in the table, here or where workers run handlers. */
    public static Set<String> names() {
        LuaTable values = new LuaTable();
        McpConstants.addTo(values);
        new HashObjects().addTo(values);
        Set<String> names = functions();
        LuaValues.inOrder(values).forEach(entry -> names.add(entry.plainKey().toString()));
        names.addAll(List.of("start_arg", "internal_handler"));
        return names;
    }

    /** The names of the functions that are settings. */
    public static Set<String> tunables() {
        return SETTING_OF_TUNABLE.keySet();
    }

    /** @param startArgument {@code mcp.start_arg}: the path of the user's file */
    public void open(LuaState lua, Optional<String> startArgument, ServerFunctions server) {
        LuaTable mcp = new LuaTable();
        mcp.put(
                "start_arg",
                startArgument.map(arg -> (Object) LuaString.of(arg)).orElse(Boolean.FALSE));
        McpConstants.addTo(mcp);
        mcp.put("internal_handler", new LuaUserdata(null));
        new HashObjects().addTo(mcp);
        SETTING_OF_TUNABLE.forEach((tunable, setting) -> mcp.put(tunable, tunable(tunable, setting)));
        for (String name : WITHOUT_EFFECT) {
            mcp.put(name, LuaFunction.of(name, (L, any) -> Results.NONE));
        }
        for (String name : FOR_LUA_ROUTES) {
            mcp.put(name, unavailable(name));
        }
        mcp.put("add_stat", recorded.counters.addStat());
        mcp.put("log", LuaFunction.of("log", (L, message) -> {
            LOG.info("{}", L.tostring(message));
            return Results.NONE;
        }));
        server.addTo(lua, mcp);
        lua.setGlobal("mcp", mcp);
    }

    private LuaFunction tunable(String tunable, String setting) {
        return LuaFunction.of(tunable, (L, value) -> {
            Place place = sources.callOf(tunable, L);
            if (value == null) {
                findings.error(place.where(), "mcp." + tunable + ": expected a value, got nil");
            } else {
                recorded.tunables.put(setting, value);
                recorded.tunablePlaces.put(setting, place.where());
            }
            return Results.NONE;
        });
    }

    private LuaFunction unavailable(String name) {
        return LuaFunction.varargs(name, (L, args) -> {
            findings.error(
                    sources.callOf(name, L).where(),
                    "mcp." + name
                            + ": cannot be used in a configuration of the route library, which is written with"
                            + " settings, pools and routes; only functions of route handlers"
                            + " (route_NAME_start) have the table mcp of workers");
            return Results.NONE;
        });
    }
}
