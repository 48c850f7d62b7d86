package io.memroute.lua.code;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.Results;
import io.memroute.lua.syntax.FunctionBody;
import org.jspecify.annotations.Nullable;

/** A function written in Lua: a body and its upvalues, however it is executed. */
public abstract class Prototyped extends LuaFunction.InLua {

    public abstract FunctionBody body();

    /** An upvalue as it is kept: a {@link Cell} if the variable needs one, else the value. */
    public abstract @Nullable Object rawUpvalue(int index);

    public abstract void setRawUpvalue(int index, @Nullable Object value);

    /** Another closure of the same body; compiled code uses the forms of fixed length. */
    public abstract LuaFunction instantiate(@Nullable Object[] upvalues);

    public LuaFunction create() {
        return instantiate(Results.NONE);
    }

    public LuaFunction create(@Nullable Object a) {
        return instantiate(new @Nullable Object[] {a});
    }

    public LuaFunction create(@Nullable Object a, @Nullable Object b) {
        return instantiate(new @Nullable Object[] {a, b});
    }

    public LuaFunction create(@Nullable Object a, @Nullable Object b, @Nullable Object c) {
        return instantiate(new @Nullable Object[] {a, b, c});
    }

    public final @Nullable Object upvalue(int index) {
        return rawUpvalue(index) instanceof Cell c ? c.value : rawUpvalue(index);
    }

    public final void setUpvalue(int index, @Nullable Object value) {
        if (rawUpvalue(index) instanceof Cell c) {
            c.value = value;
        } else {
            setRawUpvalue(index, value);
        }
    }

    @Override
    public final String name() {
        FunctionBody b = body();
        return b.source.displayName() + ":" + b.line;
    }
}
