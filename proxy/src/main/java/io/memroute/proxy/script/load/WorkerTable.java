package io.memroute.proxy.script.load;

import io.memroute.lua.Args;
import io.memroute.lua.Function2;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.lua.Results;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.config.library.ClientRuleFunctions;
import io.memroute.proxy.config.library.McpConstants;
import io.memroute.proxy.config.placement.HashObjects;
import io.memroute.proxy.script.object.LineRequest;
import io.memroute.proxy.script.object.RateLimiter;
import io.memroute.proxy.script.object.ReplyObject;
import io.memroute.proxy.script.object.RequestLogging;
import io.memroute.proxy.script.object.RequestObject;
import io.memroute.proxy.script.slot.FunctionGenerator;
import io.memroute.proxy.script.slot.RouterObject;
import io.memroute.proxy.script.slot.RouterReader;
import io.memroute.proxy.script.tool.Tools;
import io.memroute.proxy.stats.UserCounter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code mcp} of a worker's state.
 *
 * @see "docs/reference/proxy-api.md section 2.5"
 */
public final class WorkerTable {

    private WorkerTable() {}

    public static void open(WorkerScript script, Optional<String> argument) {
        LuaTable mcp = new LuaTable();
        McpConstants.addTo(mcp);
        new HashObjects().addTo(mcp);
        mcp.put("start_arg", StartArgument.value(argument));
        mcp.put("internal_handler", script.storeProxy());
        mcp.put("attach", script.attachments.attach());
        mcp.put("funcgen_new", LuaFunction.of("funcgen_new", L -> new FunctionGenerator(script.state())));
        RouterReader routers = new RouterReader();
        mcp.put("router_new", LuaFunction.of("router_new", (L, arguments) -> {
            RouterObject made = routers.read(L, arguments);
            script.state().functions().add("mcp_router", 1, 0);
            return made;
        }));
        mcp.put("request", LuaFunction.of("request", (L, line, value) -> request(script, L, line, value)));
        mcp.put("internal", LuaFunction.of("internal", (L, request) -> {
            RequestObject asked = RequestObject.of(L, request, 1);
            asked.requireSendable();
            return StoreCall.ask(script.store, script.state(), asked.holder());
        }));
        mcp.put(
                "ratelim_tbf",
                LuaFunction.of("ratelim_tbf", (L, arguments) -> RateLimiter.read(L, script.limiterMeta(), arguments)));
        mcp.put("stat", new Stat(script));
        mcp.put("log", script.state().log().function());
        RequestLogging.addTo(mcp, script.state().worker().streams());
        mcp.put("time_real_millis", LuaFunction.of("time_real_millis", L -> System.currentTimeMillis()));
        mcp.put(
                "time_mono_millis",
                LuaFunction.of("time_mono_millis", L -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime())));
        Tools.addTo(mcp, script.state().parser());
        script.state().lua().setGlobal("mcp", mcp);
        ClientRuleFunctions.openSilently(script.state().lua());
    }

    private static Object request(WorkerScript script, LuaState L, Object lineText, Object valueOf) {
        LuaString line = Args.string(L, lineText, 1);
        byte[] value = switch (valueOf) {
            case LuaString text -> {
                if (!endsLine(text)) {
                    throw new LuaError("value passed to mcp.request must end with \\r\\n");
                }
                yield text.bytes();
            }
            case ReplyObject reply -> orEmpty(reply.value());
            case RequestObject request -> orEmpty(request.value());
            case LuaUserdata other ->
                throw new LuaError("value passed to mcp.request must be a string, a request or a response");
            case null, default -> new byte[0];
        };
        if (line.length() > RequestParser.DEFAULT_MAX_LINE) {
            throw new LuaError("request length too long");
        }
        if (!endsLine(line)) {
            throw new LuaError("request must end with \r\n");
        }
        LineRequest written =
                LineRequest.written(line.bytes(), value, script.state().parser());
        if (written == null) {
            throw new LuaError("failed to parse request");
        }
        int declared = written.request().valueLength();
        if (value.length > 0 && value.length != declared + 2) {
            throw new LuaError("value passed to mcp.request is " + (value.length - 2)
                    + " bytes long, but the line says " + (declared < 0 ? "that there is none" : declared));
        }
        RequestObject request = new RequestObject(script.state().requestMeta());
        request.stand(written);
        return request;
    }

    private static boolean endsLine(LuaString text) {
        int length = text.length();
        return length >= 2 && text.byteAt(length - 2) == '\r' && text.byteAt(length - 1) == '\n';
    }

    private static byte[] orEmpty(byte @Nullable [] value) {
        return value == null ? new byte[0] : value;
    }

    /** {@code mcp.stat}: adds to a user counter of this worker. */
    private static final class Stat extends Function2 {
        private final WorkerScript script;

        Stat(WorkerScript script) {
            super("stat");
            this.script = script;
        }

        @Override
        public Object call(LuaState L, Object index, Object change) {
            long at = Args.integer(L, index, 1);
            long by = Args.integer(L, change, 2);
            UserCounter[] counters = script.counters;
            if (counters.length == 0) {
                throw new LuaError("no stats counters initialized");
            }
            if (at < 1 || at >= counters.length) {
                throw new LuaError("stat index out of range");
            }
            // An index without a name has no counter that could be shown.
            if (counters[(int) at] != null) {
                script.count(counters[(int) at], by);
            }
            return Results.NONE;
        }
    }
}
