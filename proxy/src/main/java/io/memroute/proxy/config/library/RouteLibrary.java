package io.memroute.proxy.config.library;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.library.Recording.Definition;
import io.memroute.proxy.config.library.Recording.Statement;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.config.source.SourceFiles;
import io.memroute.proxy.handler.builtin.Handlers;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The global functions that a configuration is written in. They only record: tables may be changed after they were
 * passed, and are looked at when all files have run.
 */
public final class RouteLibrary {

    /** The text that may follow {@code route_} in the name of a function. */
    private static final Pattern NAME = Pattern.compile("\\w+");

    private static final List<String> FUNCTIONS = Stream.concat(
                    Stream.of(
                            "settings",
                            "pools",
                            "routes",
                            "access",
                            "quotas",
                            "test",
                            "cmdmap",
                            "local_zone",
                            "local_zone_from_env",
                            "local_zone_from_file",
                            "verbosity",
                            "verbose",
                            "say",
                            "dsay",
                            "debug",
                            "register_route_handlers"),
                    Handlers.names().stream().map(handler -> "route_" + handler))
            .toList();

    private final Recording recorded;
    private final SourceFiles sources;
    private final Findings findings;

    public RouteLibrary(Recording recorded, SourceFiles sources, Findings findings) {
        this.recorded = recorded;
        this.sources = sources;
        this.findings = findings;
    }

    /** The names of all functions, for suggestions. */
    public static List<String> functions() {
        return FUNCTIONS;
    }

    public void open(LuaState lua) {
        lua.setGlobal("settings", LuaFunction.of("settings", (L, table) -> {
            argument("settings", L, table).ifPresent(recorded.settings::add);
            return Results.NONE;
        }));
        lua.setGlobal("pools", LuaFunction.of("pools", (L, table) -> {
            argument("pools", L, table).ifPresent(this::define);
            return Results.NONE;
        }));
        lua.setGlobal("routes", LuaFunction.of("routes", (L, table) -> {
            recorded.routesCalled = true;
            argument("routes", L, table).ifPresent(recorded.routes::add);
            return Results.NONE;
        }));
        new ClientRuleFunctions(recorded, sources, findings).open(lua);
        lua.setGlobal("test", LuaFunction.of("test", (L, table) -> {
            argument("test", L, table).ifPresent(recorded.tests::add);
            return Results.NONE;
        }));
        LuaTable commandMaps = typeNamed("cmdmap");
        lua.setGlobal("cmdmap", LuaFunction.of("cmdmap", (L, table) -> {
            Optional<Statement> call = argument("cmdmap", L, table);
            LuaTable entries = call.map(Statement::argument).orElseGet(LuaTable::new);
            return new CommandMapTerm(commandMaps, entries, place(call, "cmdmap", L));
        }));
        LuaTable routes = typeNamed("route");
        for (String handler : Handlers.names()) {
            define(lua, handler, routes);
        }
        lua.setGlobal("register_route_handlers", LuaFunction.of("register_route_handlers", (L, names) -> {
            register(L, names, routes);
            return Results.NONE;
        }));
        new LocalZone(recorded, sources, findings).open(lua);
        new Verbosity(recorded, sources, findings).open(lua);
    }

    /** Makes {@code route_NAME} what describes a route of the handler. */
    private void define(LuaState lua, String handler, LuaTable routes) {
        String function = "route_" + handler;
        lua.setGlobal(function, LuaFunction.of(function, (L, table) -> {
            Optional<Statement> call = argument(function, L, table);
            RouteTerm made = new RouteTerm(routes, handler, call.map(Statement::argument), place(call, function, L));
            recorded.madeRoutes.add(made);
            return made;
        }));
    }

    private void register(LuaState lua, Object names, LuaTable routes) {
        String function = "register_route_handlers";
        Place place = sources.callOf(function, lua);
        if (!(names instanceof LuaTable list)) {
            findings.error(
                    place.where(),
                    function + ": expected a list of names, as in " + function + "{ \"mine\" }, got "
                            + LuaValues.describe(names));
            return;
        }
        for (LuaValues.Entry entry : LuaValues.inOrder(list)) {
            if (entry.value() instanceof LuaString name
                    && NAME.matcher(name.toString()).matches()) {
                define(lua, name.toString(), routes);
            } else {
                findings.error(
                        place.field(entry.plainKey()).where(),
                        function + ": expected names that can follow route_, got " + LuaValues.describe(entry.value()));
            }
        }
    }

    private static LuaTable typeNamed(String name) {
        return new LuaTable().put("__name", LuaString.of(name));
    }

    private Optional<Statement> argument(String function, LuaState lua, Object argument) {
        return argument(function, lua, argument, sources, findings);
    }

    /** The table a function was called with; if it was something else, that is noted. */
    static Optional<Statement> argument(
            String function, LuaState lua, Object argument, SourceFiles sources, Findings findings) {
        Place place = sources.callOf(function, lua);
        if (argument instanceof LuaTable table) {
            return Optional.of(new Statement(table, place));
        }
        findings.error(
                place.where(),
                function + ": expected a table, as in " + function + "{ ... }, got " + LuaValues.describe(argument));
        return Optional.empty();
    }

    private Place place(Optional<Statement> call, String function, LuaState lua) {
        return call.map(Statement::place).orElseGet(() -> sources.callOf(function, lua));
    }

    private void define(Statement pools) {
        for (LuaValues.Entry entry : LuaValues.inOrder(pools.argument())) {
            Place place = pools.place().field(entry.plainKey());
            if (entry.key() instanceof LuaString name && LuaValues.utf8(name).isPresent()) {
                Definition before = recorded.pools.put(name.toString(), new Definition(entry.value(), place));
                if (before != null) {
                    findings.warn(
                            Warning.Kind.REPLACED,
                            place.where(),
                            "pools: " + LuaValues.describe(name) + " replaces the one of "
                                    + before.place().where());
                }
            } else {
                findings.error(
                        place.where(),
                        "pools: expected pools by name, as in { main = { ... } }, found the key "
                                + LuaValues.describe(entry.key()));
            }
        }
    }
}
