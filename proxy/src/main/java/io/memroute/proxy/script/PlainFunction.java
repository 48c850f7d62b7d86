package io.memroute.proxy.script;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.Results;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.Route;

/** A function that was attached as it is: called for each request, it answers at once. Owned by the worker's thread. */
final class PlainFunction implements Route {

    private final WorkerScript script;
    private final LuaFunction function;

    PlainFunction(WorkerScript script, LuaFunction function) {
        this.script = script;
        this.function = function;
        script.functions.add(FunctionGenerator.UNNAMED, 1, 1);
    }

    @Override
    public void start(Call call) {
        RequestHolder holder = call.holder();
        holder.retain();
        RequestObject request = new RequestObject(script.requestMeta);
        request.stand(holder);
        Object returned;
        try {
            returned = Results.first(script.call(function, request));
        } catch (LuaError e) {
            script.log.error(function.name(), e);
            returned = Answers.FAILED;
        }
        request.end();
        Answers.give(call, returned);
        holder.release();
    }
}
