package io.memroute.lua;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The process around a script, as the script sees it; hosts override what they want otherwise. The default is meant for
 * configurations: the process's standard streams, files allowed, no running of programs, and {@code os.exit} an error.
 *
 * <p>Called on the thread that runs the state.
 */
public class LuaHost {

    public InputStream stdin() {
        return System.in;
    }

    public OutputStream stdout() {
        return System.out;
    }

    public OutputStream stderr() {
        return System.err;
    }

    /** {@code os.exit}. A host that allows it does not return (it throws, or ends the process). */
    public void exit(LuaState L, int status) {
        throw L.error("os.exit is not available here");
    }

    /**
     * Asked before a file is opened, run by {@code dofile} or {@code require}, renamed or removed, or a temporary one
     * is made.
     *
     * @param function what is going to use the file, as scripts call it: {@code io.open}
     * @param write whether that may change, make or remove the file
     * @throws IOException whose message becomes the reason the script sees, where the function returns one
     * @throws LuaError if the function is to fail instead
     */
    public Path file(LuaState L, String function, String name, boolean write) throws IOException {
        return Path.of(name);
    }

    /**
     * Whether {@code os.execute} and {@code io.popen} may run programs.
     *
     * @param function which of the two asks
     * @param command empty if it is only asked whether any could be run
     * @throws LuaError to refuse it in words of its own
     */
    public boolean mayExecute(LuaState L, String function, String command) {
        return false;
    }

    /** {@code collectgarbage "collect"}. A host whose heap is not only this script's does nothing. */
    public void collectGarbage() {
        System.gc();
    }

    /** {@code os.getenv}: the value of a variable, if there is one. */
    public @Nullable String environment(String name) {
        return System.getenv(name);
    }

    /** A warning from {@code warn}, complete, without line end. */
    public void warn(LuaState L, LuaString message) {
        try {
            OutputStream err = stderr();
            err.write("Lua warning: ".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            err.write(message.bytes());
            err.write('\n');
            err.flush();
        } catch (IOException e) {
            // A warning that cannot be shown is dropped, as C Lua does.
        }
    }
}
