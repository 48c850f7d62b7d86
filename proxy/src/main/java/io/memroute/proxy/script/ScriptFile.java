package io.memroute.proxy.script;

import io.memroute.lua.Chunk;
import io.memroute.lua.LuaError;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.HandlerFile;
import io.memroute.proxy.config.SourceLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A file of a script, read and compiled once for a load; any number of states run it.
 *
 * @param chunk with frames that {@code debug.sethook} can see, if the text mentions it
 * @param routes the same without, which runs several times as fast
 */
record ScriptFile(String name, Chunk chunk, Chunk routes) {

    /** @throws ConfigException if it cannot be read or compiled */
    static ScriptFile read(String name) throws ConfigException {
        try {
            return compile(name, Files.readAllBytes(Path.of(name)));
        } catch (IOException | InvalidPathException e) {
            throw ScriptErrors.at(new SourceLocation(name, 0), "cannot be read: " + ScriptErrors.reason(e));
        } catch (LuaError e) {
            throw ScriptErrors.of(e, "", name);
        }
    }

    /** A file that has been compiled before; so this cannot fail. */
    static ScriptFile of(HandlerFile file) {
        return compile(file.name(), file.text().bytes());
    }

    private static ScriptFile compile(String name, byte[] content) {
        Chunk chunk = compile(name, content, true);
        return new ScriptFile(name, chunk, chunk.inspected() ? compile(name, content, false) : chunk);
    }

    private static Chunk compile(String name, byte[] content, boolean hooks) {
        return Chunk.ofFile(content, name, new Chunk.Options(WorkerScript.LIMITS.budgeted(), false, hooks));
    }
}
