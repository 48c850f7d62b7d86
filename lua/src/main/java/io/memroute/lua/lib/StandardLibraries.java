package io.memroute.lua.lib;

import io.memroute.lua.LuaLibrary;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import java.util.List;

/** The libraries every new state opens. */
public final class StandardLibraries {
    /** The registry's key of the table that {@code package.loaded} shows. */
    public static final LuaString LOADED = LuaString.constant("_LOADED");

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

    public static void open(LuaState L) {
        L.registry().put(LOADED, new LuaTable());
        for (LuaLibrary library : ALL) {
            open(L, library);
        }
    }

    /** Opens one library: a global of its name, and an entry in {@code package.loaded}. */
    public static void open(LuaState L, LuaLibrary library) {
        LuaTable table = library.open(L);
        L.globals().put(library.name(), table);
        ((LuaTable) L.registry().get(LOADED)).put(library.name(), table);
    }
}
