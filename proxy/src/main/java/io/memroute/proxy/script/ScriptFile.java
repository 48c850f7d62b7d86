package io.memroute.proxy.script;

import io.memroute.lua.Chunk;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaString;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.SourceLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file of a script, read and compiled once for a load; any number of states run its chunk. */
record ScriptFile(String name, Chunk chunk) {

    /** @throws ConfigException if it cannot be read or compiled */
    static ScriptFile read(String name, Chunk.Options options) throws ConfigException {
        try {
            return new ScriptFile(name, Chunk.compile(Files.readAllBytes(Path.of(name)), LuaString.of("@" + name), options));
        } catch (IOException | InvalidPathException e) {
            throw ScriptErrors.at(new SourceLocation(name, 0), "cannot be read: " + ScriptErrors.reason(e));
        } catch (LuaError e) {
            throw ScriptErrors.of(e, "", name);
        }
    }
}
