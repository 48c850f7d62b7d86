package io.memroute.proxy.config;

import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;

/** An object of a script that all workers have together, such as a rate limiter. Thread safe. */
public interface SharedObject {

    /**
     * Makes the object's counterpart in a state, which shares all that changes.
     *
     * @param meta the metatable of its kind in that state
     */
    LuaUserdata in(LuaTable meta);

    /** Makes an object of the same kind in a state, which shares nothing and is as new. */
    LuaUserdata afresh(LuaTable meta);
}
