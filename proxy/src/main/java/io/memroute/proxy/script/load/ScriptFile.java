package io.memroute.proxy.script.load;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaState;
import io.memroute.lua.load.Chunk;
import io.memroute.lua.text.WorkMeter;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.HandlerFile;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.reader.ProgramReview;
import io.memroute.proxy.config.source.FileBytes;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A file of a script, read and compiled once for a load; any number of states run it.
 *
 * @param chunk with frames that {@code debug.sethook} can see, if the text mentions it
 * @param routes the same without, which runs several times as fast
 */
public record ScriptFile(String name, Chunk chunk, Chunk routes) {

    /**
     * Reads and compiles a file.
     *
     * @param lua the state with the limits that compiling counts against
     * @param review is told of it
     * @throws ConfigException if it cannot be read or compiled
     */
    static ScriptFile read(String name, LuaState lua, ProgramReview review) throws ConfigException {
        try {
            byte[] content = FileBytes.read(Path.of(name));
            review.add(name, content);
            return compile(name, hooks -> Chunk.ofFile(lua, content, name, hooks));
        } catch (IOException | InvalidPathException e) {
            throw ScriptErrors.at(new SourceLocation(name, 0), "cannot be read: " + ScriptErrors.reason(e));
        } catch (LuaError e) {
            throw ScriptErrors.of(e, "", name);
        }
    }

    /** Compiles a file that has been compiled before, which cannot fail. */
    public static ScriptFile of(HandlerFile file) {
        return compile(
                file.name(),
                hooks -> Chunk.ofFile(
                        file.text().bytes(), file.name(), new Chunk.Options(true, false, hooks, WorkMeter.NONE)));
    }

    /** Compiles a file with hooks or without. */
    private interface Compiler {
        Chunk compile(boolean hooks);
    }

    private static ScriptFile compile(String name, Compiler compiler) {
        Chunk chunk = compiler.compile(true);
        return new ScriptFile(name, chunk, chunk.inspected() ? compiler.compile(false) : chunk);
    }
}
