package io.memroute.proxy.script.load;

import io.memroute.lua.LuaHost;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.proxy.config.library.ConfigHost;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The process as the Lua of a configuration sees it on a worker: the same as where the configuration is read, but no
 * programs, and once requests are served no new files either. A function that waits there keeps all of the worker's
 * clients waiting. Owned by the worker's thread.
 */
final class WorkerHost extends LuaHost {

    private final ConfigHost configured;
    private boolean serving;

    WorkerHost(ConfigHost configured) {
        this.configured = configured;
    }

    /** Notes that requests are served from now on. */
    void serve() {
        serving = true;
    }

    @Override
    public Path file(LuaState L, String function, String name, boolean write) throws IOException {
        if (serving) {
            throw L.error(function
                    + " is not available while requests are served, as all clients of the worker would wait; use it"
                    + " while the configuration is loaded");
        }
        return configured.file(L, function, name, write);
    }

    @Override
    public InputStream stdin() {
        return configured.stdin();
    }

    @Override
    public OutputStream stdout() {
        return configured.stdout();
    }

    @Override
    public OutputStream stderr() {
        return configured.stderr();
    }

    @Override
    public @Nullable String environment(String name) {
        return configured.environment(name);
    }

    @Override
    public void collectGarbage() {
        configured.collectGarbage();
    }

    @Override
    public void warn(LuaState L, LuaString message) {
        configured.warn(L, message);
    }
}
