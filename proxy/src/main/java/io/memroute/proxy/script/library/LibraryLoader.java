package io.memroute.proxy.script.library;

import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.library.ServerFunctions;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.config.reader.LoadedConfig;
import io.memroute.proxy.handler.RoutePlan;
import io.memroute.proxy.route.InForce;
import io.memroute.proxy.route.Turns;
import io.memroute.proxy.script.load.ScriptHost;
import io.memroute.proxy.script.load.ServerCalls;
import io.memroute.proxy.script.object.ScriptLog;
import java.util.Optional;

/**
 * The functions of {@code mcp} that concern the server, in one load of a configuration that is written for the built-in
 * route library. Owned by the configuration thread.
 *
 * @see "docs/reference/route-library.md section 4.7"
 */
public final class LibraryLoader implements ServerFunctions, InForce {

    private final ScriptHost host;

    @SuppressWarnings("NullAway.Init") // a load begins with addTo
    private ServerCalls calls;

    private LibraryLoader(ScriptHost host) {
        this.host = host;
    }

    /** Functions for a configuration that no server is going to use. */
    public static ServerFunctions withoutServer() {
        return new LibraryLoader(ScriptHost.NONE);
    }

    /**
     * A configuration loaded for a server.
     *
     * @param loaded the content of its files
     * @param plan the same ready for workers
     */
    public record Loaded(LoadedConfig loaded, RoutePlan plan) {}

    /**
     * Loads a configuration for a server.
     *
     * @param world what its files see of the process
     * @throws ConfigException if it has errors: all of them
     */
    public static Loaded load(ConfigSource source, ScriptHost host, ConfigHost world) throws ConfigException {
        LibraryLoader functions = new LibraryLoader(host);
        LoadedConfig loaded = ConfigLoader.loadAll(source, world, functions);
        return new Loaded(loaded, LuaRoutePlan.plan(loaded.config(), world, Optional.of(functions)));
    }

    @Override
    public void addTo(LuaState lua, LuaTable mcp) {
        calls = new ServerCalls(host, lua, new ScriptLog(host.streams()), () -> {});
        calls.addTo(mcp);
    }

    @Override
    public void begin(Turns before) {
        calls.begin(before);
    }

    @Override
    public Turns end() {
        return calls.end();
    }
}
