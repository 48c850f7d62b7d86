package io.memroute.proxy.script.library;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.lua.Results;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.HandlerProgram;
import io.memroute.proxy.config.HandlerValue;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.SharedObject;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.McpTable;
import io.memroute.proxy.config.library.RouteLibrary;
import io.memroute.proxy.handler.LuaHandlerSpec;
import io.memroute.proxy.handler.LuaRoutes;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.script.load.ScriptErrors;
import io.memroute.proxy.script.load.ScriptFile;
import io.memroute.proxy.script.load.WorkerScript;
import io.memroute.proxy.script.load.WorkerTable;
import io.memroute.proxy.script.object.PoolProxy;
import io.memroute.proxy.script.slot.FunctionGenerator;
import io.memroute.proxy.worker.WorkerContext;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The state in which one worker runs the handlers in Lua of one configuration. Files that a state for configurations
 * has run too run here again; their pools and routes were read there and mean nothing here. Owned by the thread that
 * loads it, and by the worker's once requests are served.
 */
final class HandlerState implements LuaRoutes.OfWorker {

    private final HandlerProgram program;
    private final Function<ChildSpec, Route> children;
    /** Whether objects that all workers share are copied instead of used. */
    private final boolean trial;

    private final WorkerScript script;
    private final StartContext.Maker places;
    /** Stays open until all routes are made: running the files and making their routes is one load. */
    private final LuaState.Count load;

    private final LuaTable routeMeta = new LuaTable().put("__name", LuaString.of("routelib.route"));

    HandlerState(
            ProxyConfig config,
            HandlerProgram program,
            WorkerContext worker,
            Function<ChildSpec, Route> children,
            ConfigHost host,
            boolean trial) {
        this.trial = trial;
        this.program = program;
        this.children = children;
        this.script = new WorkerScript(program.counters(), worker.functions().open(), worker, host);
        this.places = new StartContext.Maker(config, program, this::target);
        this.load = script.state().lua().count();
    }

    /**
     * Runs the files.
     *
     * @param hooked whether hooks that they set see their code
     * @return whether it can be used: false if a hook was set that would see nothing
     * @throws ConfigException if a file fails here, though it did not where configurations are read
     */
    boolean run(List<ScriptFile> files, boolean hooked) throws ConfigException {
        WorkerTable.open(script, program.startArgument());
        LuaTable mcp = (LuaTable) script.state().lua().global("mcp");
        for (String name : McpTable.functions()) {
            if (mcp.get(LuaString.of(name)) == null) {
                mcp.put(name, silent(name));
            }
        }
        mcp.put("attach", LuaFunction.varargs("attach", (L, args) -> {
            throw L.error("mcp.attach is not available to handlers of the route library: routes{} attaches them");
        }));
        for (String name : RouteLibrary.functions()) {
            if (!name.equals("debug")) {
                script.state().lua().setGlobal(name, silent(name));
            }
        }
        script.state()
                .lua()
                .setGlobal(
                        "local_zone",
                        LuaFunction.varargs(
                                "local_zone",
                                (L, args) -> program.localZone()
                                        .<Object>map(LuaString::of)
                                        .orElse(null)));
        script.state()
                .lua()
                .setGlobal("register_route_handlers", LuaFunction.of("register_route_handlers", (L, names) -> {
                    register(names);
                    return Results.NONE;
                }));
        openSay("say", program.verbose());
        openSay("dsay", program.debug());
        ((LuaTable) script.state().lua().global("debug")).setMetatable(new LuaTable().put("__call", silent("debug")));
        try {
            script.run(files, hooked);
        } catch (ConfigException e) {
            throw e.quoting(program.lines());
        }
        return hooked || !script.state().lua().isInspected();
    }

    /**
     * A function that has its effect where configurations are read. It returns a value of its own for {@code route_x{}}
     * in arguments.
     */
    private static LuaFunction silent(String name) {
        LuaUserdata nothing = new LuaUserdata(null);
        return LuaFunction.varargs(name, (L, args) -> nothing);
    }

    private void register(Object names) {
        if (names instanceof LuaTable list) {
            for (int at = list.next(-1); at >= 0; at = list.next(at)) {
                if (list.valueAt(at) instanceof LuaString name) {
                    script.state().lua().setGlobal("route_" + name, silent("route_" + name));
                }
            }
        }
    }

    private void openSay(String name, boolean prints) {
        script.state().lua().setGlobal(name, LuaFunction.varargs(name, (L, args) -> {
            if (prints) {
                L.invoke(L.global("print"), args);
            }
            return Results.NONE;
        }));
    }

    @Override
    public Route route(LuaHandlerSpec spec) throws ConfigException {
        try {
            return start(spec);
        } catch (ConfigException e) {
            throw e.quoting(program.lines());
        }
    }

    private Route start(LuaHandlerSpec spec) throws ConfigException {
        String function = "route_" + spec.handler() + "_start";
        Object start = script.state().lua().global(function);
        if (!(start instanceof LuaFunction called)) {
            throw ScriptErrors.at(
                    spec.where(), "route_" + spec.handler() + ": no function " + function + " is defined on workers");
        }
        FunctionGenerator generator = new FunctionGenerator(script.state());
        LuaUserdata place = places.at(spec);
        try {
            script.state().call(called, value(spec.arguments()), place, generator);
        } catch (LuaError e) {
            throw ScriptErrors.of(
                    e, function + " (for " + "route_" + spec.handler() + " at " + spec.where() + ")", spec.where());
        }
        if (!generator.isReady()) {
            throw ScriptErrors.at(
                    spec.where(), "route_" + spec.handler() + ": " + function + " did not call fgen:ready");
        }
        return generator;
    }

    @Override
    public Set<String> counterNames() {
        return program.counters().stream().filter(Objects::nonNull).collect(Collectors.toSet());
    }

    @Override
    public void loaded() {
        load.close();
        script.serve();
    }

    @Override
    public void release() {
        script.state().functions().close();
    }

    private Object value(HandlerValue copied) {
        return switch (copied) {
            case HandlerValue.Plain plain -> plain.value();
            case HandlerValue.Child(ChildSpec child) -> target(child);
            case HandlerValue.Shared(SharedObject shared) ->
                trial ? shared.afresh(script.limiterMeta()) : shared.in(script.limiterMeta());
            case HandlerValue.Table(List<HandlerValue.Entry> entries) -> {
                LuaTable table = new LuaTable();
                for (HandlerValue.Entry entry : entries) {
                    table.put(entry.key().value(), value(entry.value()));
                }
                yield table;
            }
        };
    }

    /** The argument of {@code fgen:new_handle} for a child. */
    private LuaUserdata target(ChildSpec child) {
        return switch (children.apply(child)) {
            case FunctionGenerator generator when generator.isOf(script.state()) -> generator;
            case Route route -> new PoolProxy(routeMeta, route);
        };
    }
}
