package io.memroute.lua.code;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.LocalVariable;
import org.jspecify.annotations.Nullable;

/** Makes functions of their bodies, and chooses which are compiled and which interpreted. */
public interface Closures {

    /** A closure of a body: {@code upvalues} as {@link Prototyped#rawUpvalue} gives them. */
    LuaFunction of(FunctionBody body, @Nullable Object[] upvalues);

    /** Makes a local function that refers to itself see itself. */
    static void bindSelf(LuaFunction function, LocalVariable variable) {
        Prototyped f = (Prototyped) function;
        for (int i = 0; i < f.body().upvalues.size(); i++) {
            if (f.body().upvalues.get(i).variable() == variable) {
                f.setRawUpvalue(i, function);
            }
        }
    }
}
