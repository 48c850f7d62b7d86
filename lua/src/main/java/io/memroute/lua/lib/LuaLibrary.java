package io.memroute.lua.lib;

import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;

/**
 * A library that can be opened in a state. It keeps nothing of its own: what it needs to remember belongs to the state
 * ({@link LuaState#registry}).
 */
public interface LuaLibrary {

    /** The name of the global table, also the key in {@code package.loaded}; {@code _G} for the base library. */
    String name();

    /** Makes the library's table for this state; the caller stores it under {@link #name}. */
    LuaTable open(LuaState L);
}
