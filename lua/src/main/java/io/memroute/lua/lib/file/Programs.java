package io.memroute.lua.lib.file;

import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.Results;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

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

    /** Has a program end when the time of the running entry is up, so that what waits for it goes on. */
    static void endInTime(LuaState L, Process process) {
        long nanos = L.nanosLeft();
        if (nanos < Long.MAX_VALUE) {
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(() -> end(process));
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /**
     * Waits for the end of a program and gives {@code true} or nil, "exit" and the status. A program killed by signal n
     * has the status 128 + n: the JVM does not tell the two apart.
     */
    static Object waitFor(LuaState L, Process process) {
        try {
            if (!process.waitFor(L.nanosLeft(), TimeUnit.NANOSECONDS)) {
                end(process);
            }
            int status = process.waitFor();
            L.checkLimits();
            return Results.of(status == 0 ? Boolean.TRUE : null, EXIT, (long) status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
            throw L.error("interrupted while waiting for a program");
        }
    }
}
