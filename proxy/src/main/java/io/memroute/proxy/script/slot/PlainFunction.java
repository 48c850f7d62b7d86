package io.memroute.proxy.script.slot;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.Results;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.script.object.RequestObject;

/** A function attached as it is: called for each request, it answers at once. Owned by the worker's thread. */
public final class PlainFunction implements Route {

    private final WorkerState state;
    private final LuaFunction function;

    public PlainFunction(WorkerState state, LuaFunction function) {
        this.state = state;
        this.function = function;
        state.functions().add(FunctionGenerator.UNNAMED, 1, 1);
    }

    @Override
    public void start(Call call) {
        RequestHolder holder = call.holder();
        holder.retain();
        RequestObject request = new RequestObject(state.requestMeta());
        request.stand(holder);
        Object returned;
        try {
            returned = Results.first(state.call(function, request));
        } catch (LuaError e) {
            state.log().error(function.name(), e);
            returned = Answers.FAILED;
        }
        request.end();
        Answers.give(call, returned);
        holder.release();
    }
}
