package io.memroute.proxy.script.object;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.Results;
import io.memroute.proxy.log.LogStream;
import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.text.Shown;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of scripts, and their errors while requests are served. Errors are logged once a second at most, because
 * a function that fails may fail for every request; watchers get each of them. Owned by the thread of its state.
 */
public final class ScriptLog {

    private static final Logger LOG = LoggerFactory.getLogger("memroute.script");
    private static final long QUIET_NANOS = 1_000_000_000L;

    private final LogStreams streams;
    private long quietUntilNanos = System.nanoTime();
    private long notLogged;

    public ScriptLog(LogStreams streams) {
        this.streams = streams;
    }

    /** Logs an error of a function that was called for a request. */
    public void error(String doing, Throwable error) {
        if (streams.watched(LogStream.PROXYEVENTS)) {
            streams.write(LogStream.PROXYEVENTS, streams.line("proxy_error").addText("msg", message(error)));
        }
        long now = System.nanoTime();
        if (now - quietUntilNanos < 0) {
            notLogged++;
            return;
        }
        quietUntilNanos = now + QUIET_NANOS;
        String more = notLogged == 0 ? "" : " (and " + notLogged + " errors not logged before it)";
        notLogged = 0;
        if (error instanceof LuaError lua) {
            LOG.warn(
                    "{}: {}{}{}", doing, lua.getMessage(), more, lua.traceback() == null ? "" : "\n" + lua.traceback());
        } else {
            LOG.error("{}{}", doing, more, error);
        }
    }

    private static byte[] message(Throwable error) {
        return error instanceof LuaError lua && lua.value() instanceof LuaString text
                ? text.bytes()
                : String.valueOf(error.getMessage()).getBytes(StandardCharsets.UTF_8);
    }

    /** {@code mcp.log}. */
    public LuaFunction function() {
        return new Function1("log") {
            @Override
            public Object call(LuaState L, Object message) {
                LuaString text = Args.string(L, message, 1);
                LOG.info("{}", Shown.bytes(text.bytes()));
                if (streams.watched(LogStream.PROXYUSER)) {
                    streams.write(
                            LogStream.PROXYUSER, streams.line("proxy_user").addText("msg", text.bytes()));
                }
                return Results.NONE;
            }
        };
    }
}
