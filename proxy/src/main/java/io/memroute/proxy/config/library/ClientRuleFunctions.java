package io.memroute.proxy.config.library;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.Results;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.SourceFiles;
import java.util.List;

/**
 * The global functions for rules about clients. Configurations of either kind have them: those of the route library,
 * and programs that use the table {@code mcp} themselves.
 */
public final class ClientRuleFunctions {

    private static final String ACCESS = "access";
    private static final String QUOTAS = "quotas";

    private final Recording recorded;
    private final SourceFiles sources;
    private final Findings findings;

    public ClientRuleFunctions(Recording recorded, SourceFiles sources, Findings findings) {
        this.recorded = recorded;
        this.sources = sources;
        this.findings = findings;
    }

    /** The names of the functions. */
    public static List<String> names() {
        return List.of(ACCESS, QUOTAS);
    }

    /** Defines the functions: they record what they are called with. */
    public void open(LuaState lua) {
        open(lua, ACCESS, recorded.access);
        open(lua, QUOTAS, recorded.quotas);
    }

    private void open(LuaState lua, String name, List<Recording.Statement> calls) {
        lua.setGlobal(name, LuaFunction.of(name, (L, table) -> {
            RouteLibrary.argument(name, L, table, sources, findings).ifPresent(calls::add);
            return Results.NONE;
        }));
    }

    /** Defines them without any effect, for workers, which run the files once more. */
    public static void openSilently(LuaState lua) {
        for (String name : names()) {
            lua.setGlobal(name, LuaFunction.of(name, (L, table) -> Results.NONE));
        }
    }
}
