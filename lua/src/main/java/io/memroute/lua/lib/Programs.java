package io.memroute.lua.lib;

import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.Results;
import java.io.IOException;

/** Runs programs through the shell for {@code os.execute} and {@code io.popen}. */
final class Programs {
    private static final LuaString EXIT = LuaString.constant("exit");

    private Programs() {}

    /**
     * A shell about to run {@code command}, its streams those of this process. What the host still buffers is written
     * first.
     */
    static ProcessBuilder shell(LuaState L, LuaString command) throws IOException {
        L.host().stdout().flush();
        L.host().stderr().flush();
        return new ProcessBuilder("/bin/sh", "-c", command.toString()).inheritIO();
    }

    /**
     * Waits for the end of a program and gives {@code true} or nil, "exit" and the status. A program killed by signal n
     * has the status 128 + n: the JVM does not tell the two apart.
     */
    static Object waitFor(LuaState L, Process process) {
        try {
            int status = process.waitFor();
            return Results.of(status == 0 ? Boolean.TRUE : null, EXIT, (long) status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
            throw L.error("interrupted while waiting for a program");
        }
    }
}
