package io.memroute.lua.standard;

import io.memroute.lua.LuaHost;
import io.memroute.lua.LuaLimits;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;
import io.memroute.lua.lib.BaseLibrary;
import io.memroute.lua.lib.CoroutineLibrary;
import io.memroute.lua.lib.LuaLibrary;
import io.memroute.lua.lib.MathLibrary;
import io.memroute.lua.lib.PackageLibrary;
import io.memroute.lua.lib.StringLibrary;
import io.memroute.lua.lib.TableLibrary;
import io.memroute.lua.lib.Utf8Library;
import io.memroute.lua.lib.debug.DebugLibrary;
import io.memroute.lua.lib.file.IoLibrary;
import io.memroute.lua.lib.file.OsLibrary;
import io.memroute.lua.load.JavaStack;
import java.util.List;

/** The libraries every new state opens. */
public final class StandardLibraries {
    private static final List<LuaLibrary> ALL = List.of(
            new BaseLibrary(),
            new PackageLibrary(),
            new CoroutineLibrary(),
            new StringLibrary(),
            new TableLibrary(),
            new MathLibrary(),
            new Utf8Library(),
            new IoLibrary(),
            new OsLibrary(),
            new DebugLibrary());

    private StandardLibraries() {}

    /** A state with all libraries, the default host and no limits but that on recursion. */
    public static LuaState newState() {
        return newState(new LuaHost(), LuaLimits.NONE);
    }

    /** A state with all libraries. */
    public static LuaState newState(LuaHost host, LuaLimits limits) {
        LuaState L = new LuaState(host, limits, new JavaStack());
        open(L);
        return L;
    }

    private static void open(LuaState L) {
        L.registry().put(LuaState.LOADED, new LuaTable());
        for (LuaLibrary library : ALL) {
            open(L, library);
        }
    }

    /** Opens one library: a global of its name, and an entry in {@code package.loaded}. */
    public static void open(LuaState L, LuaLibrary library) {
        LuaTable table = library.open(L);
        L.globals().put(library.name(), table);
        ((LuaTable) L.registry().get(LuaState.LOADED)).put(library.name(), table);
    }
}
