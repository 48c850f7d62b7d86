package io.memroute.proxy.script.slot;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.script.object.ReplyMethods;
import io.memroute.proxy.script.object.RequestMethods;
import io.memroute.proxy.script.object.ScriptLog;
import io.memroute.proxy.stats.FunctionCounters;
import io.memroute.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/**
 * The Lua state of one load on one worker, with all that its functions use. It lives as long as requests run on it.
 * Owned by the thread that loads it, and by the worker's once requests are served.
 */
public final class WorkerState {

    private final LuaState lua;
    private final WorkerContext worker;
    private final ScriptLog log;
    private final FunctionCounters.Tally functions;
    private final RequestParser parser = new RequestParser();
    private final LuaTable requestMeta = RequestMethods.meta(parser);
    private final LuaTable replyMeta = ReplyMethods.meta();
    private final LuaTable contextMeta = ContextMethods.meta();
    private final LuaTable generatorMeta = GeneratorMethods.meta();

    /** @param functions counts the functions that the load makes; its giver closes it */
    public WorkerState(LuaState lua, WorkerContext worker, FunctionCounters.Tally functions) {
        this.lua = lua;
        this.worker = worker;
        this.functions = functions;
        this.log = new ScriptLog(worker.streams());
    }

    public LuaState lua() {
        return lua;
    }

    public WorkerContext worker() {
        return worker;
    }

    public ScriptLog log() {
        return log;
    }

    public FunctionCounters.Tally functions() {
        return functions;
    }

    public RequestParser parser() {
        return parser;
    }

    public LuaTable requestMeta() {
        return requestMeta;
    }

    public LuaTable replyMeta() {
        return replyMeta;
    }

    LuaTable contextMeta() {
        return contextMeta;
    }

    LuaTable generatorMeta() {
        return generatorMeta;
    }

    /**
     * Calls a function of the script, on no coroutine.
     *
     * @throws LuaError if it raised one; with a traceback
     */
    public Object call(LuaFunction function, @Nullable Object... arguments) {
        return lua.run(function, arguments);
    }
}
