package io.memroute.proxy.config.library;

import io.memroute.lua.Args;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.config.source.SourceFiles;
import java.util.Set;

/**
 * The functions with which a configuration tells what it does: {@code verbosity}, {@code verbose}, {@code debug},
 * {@code say} and {@code dsay}. Both dialects of the route library work: {@code debug} stays Lua's library and can be
 * called. All output goes through Lua's {@code print}.
 */
public final class Verbosity {

    private static final Set<String> KEYS = Set.of("verbose", "debug", "trace");

    private final Recording recorded;
    private final SourceFiles sources;
    private final Findings findings;

    Verbosity(Recording recorded, SourceFiles sources, Findings findings) {
        this.recorded = recorded;
        this.sources = sources;
        this.findings = findings;
    }

    void open(LuaState lua) {
        lua.setGlobal("verbosity", LuaFunction.of("verbosity", (L, flags) -> {
            setAll(L, flags);
            return Results.NONE;
        }));
        lua.setGlobal("verbose", LuaFunction.of("verbose", (L, flag) -> {
            recorded.verbose = Args.truth(flag);
            if (recorded.verbose) {
                print(L, LuaString.of("verbosity set to:"), flag);
            }
            return Results.NONE;
        }));
        lua.setGlobal("say", LuaFunction.varargs("say", (L, args) -> {
            if (recorded.verbose) {
                print(L, args);
            }
            return Results.NONE;
        }));
        lua.setGlobal("dsay", LuaFunction.varargs("dsay", (L, args) -> {
            if (recorded.debug) {
                print(L, args);
            }
            return Results.NONE;
        }));
        makeDebugCallable(lua);
    }

    private void makeDebugCallable(LuaState lua) {
        LuaTable library = lua.global("debug") instanceof LuaTable table ? table : new LuaTable();
        library.setMetatable(new LuaTable().put("__call", LuaFunction.of("debug", (L, self, flag) -> {
            recorded.debug = Args.truth(flag);
            if (recorded.debug) {
                print(L, LuaString.of("debug set to:"), flag);
            }
            return Results.NONE;
        })));
        lua.setGlobal("debug", library);
    }

    /** Sets all three: a flag that is not given is off. */
    private void setAll(LuaState lua, Object argument) {
        Place place = sources.callOf("verbosity", lua);
        if (!(argument instanceof LuaTable table)) {
            findings.error(
                    place.where(),
                    "verbosity: expected a table such as { verbose = true }, got " + LuaValues.describe(argument));
            return;
        }
        Section flags = new Section(table, "verbosity", "flag", place, findings);
        flags.allowOnly(KEYS);
        recorded.verbose = flags.flag("verbose").orElse(false);
        recorded.debug = flags.flag("debug").orElse(false);
        boolean trace = flags.flag("trace").orElse(false);
        print(lua, LuaString.of(recorded.verbose ? "verbose logging enabled" : "verbose logging disabled"));
        if (recorded.verbose) {
            print(lua, LuaString.of(recorded.debug ? "debug logging enabled" : "debug logging disabled"));
            print(lua, LuaString.of(trace ? "logging enabled" : "trace logging disabled"));
        }
    }

    private static void print(LuaState lua, Object... values) {
        lua.invoke(lua.global("print"), values);
    }
}
