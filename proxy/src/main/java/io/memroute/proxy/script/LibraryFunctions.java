package io.memroute.proxy.script;

import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.reader.ConfigHost;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.config.reader.ConfigSource;
import io.memroute.proxy.config.reader.LoadedConfig;
import io.memroute.proxy.config.reader.LuaBounds;
import io.memroute.proxy.config.reader.ServerFunctions;
import io.memroute.proxy.route.InForce;
import io.memroute.proxy.route.RoutePlan;
import java.util.Optional;

/**
 * The functions of {@code mcp} that concern the server, in one load of a configuration that is written for the built-in
 * route library. Owned by the configuration thread.
 *
 * @see "route-library.md section 4.7"
 */
public final class LibraryFunctions implements ServerFunctions, InForce {

    private final ScriptHost host;
    private ServerCalls calls;

    private LibraryFunctions(ScriptHost host) {
        this.host = host;
    }

    /** For looking at a configuration that no server is going to use. */
    public static ServerFunctions withoutServer() {
        return new LibraryFunctions(ScriptHost.NONE);
    }

    /**
     * A configuration loaded for a server.
     *
     * @param loaded what its files say
     * @param plan the same ready for workers
     */
    public record Loaded(LoadedConfig loaded, RoutePlan plan) {}

    /**
     * Loads a configuration for a server.
     *
     * @param bounds what its Lua may use up
     * @throws ConfigException everything that is wrong with it
     */
    public static Loaded load(ConfigSource source, ScriptHost host, LuaBounds bounds) throws ConfigException {
        LibraryFunctions functions = new LibraryFunctions(host);
        ConfigHost world = new ConfigHost(bounds);
        LoadedConfig loaded = ConfigLoader.loadAll(source, world, functions);
        return new Loaded(loaded, LibraryHandlers.plan(loaded.config(), world, Optional.of(functions)));
    }

    @Override
    public void addTo(LuaState lua, LuaTable mcp) {
        calls = new ServerCalls(host, lua, new ScriptLog(host.streams()), () -> {});
        calls.addTo(mcp);
    }

    @Override
    public boolean isShared(Object value) {
        return value instanceof RateLimiter;
    }

    @Override
    public void begin(Optional<InForce> before) {
        calls.begin(before.orElse(null) instanceof LibraryFunctions last ? last.calls : null);
    }

    @Override
    public void end() {
        calls.end();
    }
}
