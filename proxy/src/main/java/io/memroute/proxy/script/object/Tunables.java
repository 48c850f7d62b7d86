package io.memroute.proxy.script.object;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.proxy.access.ClientRules;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.config.TlsOptions;
import io.memroute.proxy.config.reader.TlsReader;
import io.memroute.proxy.discovery.DiscoverySettings;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The values set by the tunable functions of one load: defaults for the backends described after them, and the limits
 * of the whole proxy. Each load begins with memcached's defaults.
 *
 * @see "docs/reference/proxy-api.md section 2.4"
 */
public final class Tunables {

    private static final long DEFAULT_STAT_LIMIT = 1024;

    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration readTimeout = Duration.ofSeconds(3);
    private Duration retryWait = Duration.ofSeconds(3);
    private int failureLimit = 3;
    private int depthLimit;
    private Duration flapTime = BackendSpec.DEFAULT_FLAP_TIME;
    private double flapBackoffRamp = BackendSpec.DEFAULT_FLAP_BACKOFF_RAMP;
    private Duration flapBackoffMax = BackendSpec.DEFAULT_FLAP_BACKOFF_MAX;
    private TlsOptions tls = TlsOptions.OFF;
    private boolean tcpKeepalive;
    private boolean tlsInitialized;
    private boolean ioThread;
    private long statLimit = DEFAULT_STAT_LIMIT;
    private int activeRequestLimit;
    private ClientRules clientRules = ClientRules.NONE;
    private OptionalLong bufferMemoryLimitBytes = Settings.DEFAULTS.bufferMemoryLimitBytes();

    /** Sets one tunable; {@code n} is the number of the argument. */
    private interface Setter {
        void set(LuaState lua, Object value, int n);
    }

    /** Adds the functions to the table {@code mcp}. */
    public void addTo(LuaTable mcp) {
        add(mcp, "backend_connect_timeout", (L, v, n) -> connectTimeout = seconds(Args.number(L, v, n)));
        add(mcp, "backend_read_timeout", (L, v, n) -> readTimeout = seconds(Args.number(L, v, n)));
        add(mcp, "backend_retry_waittime", (L, v, n) -> retryWait = wholeSeconds(Args.number(L, v, n)));
        add(mcp, "backend_retry_timeout", (L, v, n) -> retryWait = wholeSeconds(Args.number(L, v, n)));
        add(
                mcp,
                "backend_failure_limit",
                (L, v, n) -> failureLimit = limit(Args.integer(L, v, n), "backend_failure_limit must be >= 0"));
        add(
                mcp,
                "backend_depth_limit",
                (L, v, n) -> depthLimit = limit(Args.integer(L, v, n), "backend_depth_limit must be >= 0"));
        add(mcp, "backend_flap_time", (L, v, n) -> flapTime = seconds(Args.number(L, v, n)));
        add(mcp, "backend_flap_backoff_ramp", (L, v, n) -> flapBackoffRamp = ramp(Args.number(L, v, n)));
        add(mcp, "backend_flap_backoff_max", (L, v, n) -> flapBackoffMax = integralSeconds(Args.number(L, v, n)));
        add(mcp, "backend_use_iothread", (L, v, n) -> ioThread = flag(L, v, n));
        add(mcp, "backend_use_tls", (L, v, n) -> tls = tls.enabled(flag(L, v, n)));
        add(mcp, "tcp_keepalive", (L, v, n) -> tcpKeepalive = flag(L, v, n));
        add(
                mcp,
                "active_req_limit",
                (L, v, n) -> activeRequestLimit = limit(Args.integer(L, v, n), "active_req_limit must be >= 0"));
        add(
                mcp,
                "buffer_memory_limit",
                (L, v, n) -> bufferMemoryLimitBytes =
                        OptionalLong.of(1024L * limit(Args.integer(L, v, n), "buffer_memory_limit must be >= 0")));
        add(mcp, "stat_limit", (L, v, n) -> {
            long limit = Args.integer(L, v, n);
            statLimit = limit <= 0 ? DEFAULT_STAT_LIMIT : limit;
        });
        // Lua's collector is the JVM's here.
        add(mcp, "luagc_ratio", Args::number);
        mcp.put("init_tls", LuaFunction.of("init_tls", (L, options) -> {
            tlsInitialized = true;
            if (options != null) {
                tls = tlsOptions(Args.table(L, options, 1), "mcp.init_tls").enabled(tls.enabled());
            }
            return Results.NONE;
        }));
    }

    private static void add(LuaTable mcp, String name, Setter setter) {
        mcp.put(name, new Function1(name) {
            @Override
            public Object call(LuaState L, Object value) {
                setter.set(L, value, 1);
                return Results.NONE;
            }
        });
    }

    private static boolean flag(LuaState L, Object value, int n) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw Args.typeError(L, value, n, "boolean");
    }

    // ---- the meaning of numbers, in backend tables too ----

    static Duration seconds(double seconds) {
        return seconds > 0 ? Duration.ofNanos((long) (Math.min(seconds, Integer.MAX_VALUE) * 1e9)) : Duration.ZERO;
    }

    /** A number of seconds, rounded, at least one. */
    static Duration wholeSeconds(double seconds) {
        return Duration.ofSeconds(Math.max(1, (long) Math.min(Math.floor(seconds + 0.5), Integer.MAX_VALUE)));
    }

    /** A number of seconds; 0 for one that is not integral. */
    static Duration integralSeconds(double seconds) {
        return seconds == Math.rint(seconds) ? seconds(seconds) : Duration.ZERO;
    }

    static double ramp(double ramp) {
        return ramp > BackendSpec.MIN_FLAP_BACKOFF_RAMP ? ramp : BackendSpec.MIN_FLAP_BACKOFF_RAMP;
    }

    static int limit(long value, String error) {
        if (value < 0) {
            throw new LuaError(error);
        }
        return (int) Math.min(value, Integer.MAX_VALUE);
    }

    /** @throws LuaError that begins with {@code what} */
    static TlsOptions tlsOptions(LuaTable table, String what) {
        try {
            return TlsReader.read(table);
        } catch (IllegalArgumentException e) {
            throw new LuaError(what + ": " + e.getMessage());
        }
    }

    // ---- the values in force ----

    /** A backend with the defaults in force. */
    BackendSpec.Builder backend(String host, int port) {
        return BackendSpec.builder(host, port)
                .connectTimeout(connectTimeout)
                .readTimeout(readTimeout)
                .retryWait(retryWait)
                .failureLimit(failureLimit)
                .depthLimit(depthLimit)
                .flapTime(flapTime)
                .flapBackoffRamp(flapBackoffRamp)
                .flapBackoffMax(flapBackoffMax)
                .tls(tls)
                .tcpKeepalive(tcpKeepalive);
    }

    boolean tlsInitialized() {
        return tlsInitialized;
    }

    boolean ioThread() {
        return ioThread;
    }

    /** The highest index of a user counter. */
    public long statLimit() {
        return statLimit;
    }

    /** Has the settings hold the rules about clients that the files give. */
    public void setClientRules(ClientRules rules) {
        clientRules = rules;
    }

    public Settings settings() {
        return new Settings(
                activeRequestLimit,
                bufferMemoryLimitBytes,
                false,
                true,
                false,
                DiscoverySettings.DEFAULTS,
                clientRules);
    }
}
