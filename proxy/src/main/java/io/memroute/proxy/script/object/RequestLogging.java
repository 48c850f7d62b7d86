package io.memroute.proxy.script.object;

import io.memroute.lua.Args;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.lua.Results;
import io.memroute.proxy.log.LogStream;
import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.log.LoggedReply;
import io.memroute.proxy.log.RequestLine;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code mcp.log_req} and {@code mcp.log_reqsample}: lines about requests for watchers. While there are none, not even
 * the arguments are looked at.
 *
 * @see "docs/reference/proxy-api.md section 2.5"
 */
public final class RequestLogging {

    private final LogStreams streams;

    private RequestLogging(LogStreams streams) {
        this.streams = streams;
    }

    public static void addTo(LuaTable mcp, LogStreams streams) {
        RequestLogging logging = new RequestLogging(streams);
        mcp.put("log_req", LuaFunction.varargs("log_req", logging::always));
        mcp.put("log_reqsample", LuaFunction.varargs("log_reqsample", logging::sample));
    }

    /** A request, its reply, and the script's words about them: the last arguments of both functions. */
    private record Told(RequestObject request, @Nullable ReplyObject reply, byte[] detail, int clientDescriptor) {

        static Told of(LuaState L, Object[] args, int from) {
            RequestObject request = RequestObject.of(L, Args.at(args, from), from);
            ReplyObject reply =
                    Args.at(args, from + 1) instanceof LuaUserdata given ? ReplyObject.of(L, given, from + 1) : null;
            LuaString detail = Args.optString(L, args, from + 2, LuaString.EMPTY);
            return new Told(request, reply, detail.bytes(), (int) Args.optInteger(L, args, from + 3, 0));
        }

        LoggedReply logged() {
            return reply == null ? LoggedReply.NONE : reply.logged();
        }

        long elapsedMicros() {
            return reply == null ? 0 : reply.elapsedMicros();
        }

        void write(LogStreams streams) {
            RequestLine.write(
                    streams,
                    request.request(),
                    logged(),
                    elapsedMicros(),
                    reply == null ? RequestLine.NOBODY : reply.server(),
                    detail,
                    clientDescriptor);
        }
    }

    private Object always(LuaState L, Object[] args) {
        if (streams.watched(LogStream.PROXYREQS)) {
            Told.of(L, args, 1).write(streams);
        }
        return Results.NONE;
    }

    /** {@code (milliseconds, rate, allerrors, request, response, detail, cfd)}: the first rule that applies decides. */
    private Object sample(LuaState L, Object[] args) {
        if (streams.watched(LogStream.PROXYREQS)) {
            long millis = Args.integer(L, args, 1);
            int rate = Math.clamp(Args.integer(L, args, 2), 0, Integer.MAX_VALUE);
            boolean errors = Args.truth(Args.at(args, 3));
            Told told = Told.of(L, args, 4);
            if (errors && !told.logged().ok()
                    || millis > 0 && told.elapsedMicros() > TimeUnit.MILLISECONDS.toMicros(millis)
                    || rate > 0 && ThreadLocalRandom.current().nextInt(rate) == 0) {
                told.write(streams);
            }
        }
        return Results.NONE;
    }
}
