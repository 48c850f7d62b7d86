package io.memroute.lua;

/**
 * A Java object that scripts can hold. Host types extend it, so that a method gets at its object with one cast, and
 * share one metatable per state (its {@code __index} a table of {@link LuaFunction}s: the look-up then costs one probe
 * of that table, no reflection).
 */
public class LuaUserdata {
    private LuaTable metatable;
    private Object[] userValues;

    public LuaUserdata(LuaTable metatable) {
        this.metatable = metatable;
    }

    public final LuaTable metatable() {
        return metatable;
    }

    public final void setMetatable(LuaTable metatable) {
        this.metatable = metatable;
    }

    /** The {@code n}-th user value (1-based) as {@code debug.getuservalue} sees it, nil if never set. */
    public final Object userValue(int n) {
        return userValues != null && n >= 1 && n <= userValues.length ? userValues[n - 1] : null;
    }

    public final int userValueCount() {
        return userValues == null ? 0 : userValues.length;
    }

    public final void setUserValue(int n, Object value) {
        userValues[n - 1] = value;
    }

    /** Gives it room for user values. */
    public final void setUserValues(Object[] values) {
        userValues = values;
    }

    /**
     * The text that {@code tostring} shows where the metatable gives none: as in C Lua, a type name and an identity.
     */
    @Override
    public String toString() {
        return "userdata: " + Metatables.identity(this);
    }
}
