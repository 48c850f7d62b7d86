package io.memroute.lua.interpret;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.code.Prototyped;
import io.memroute.lua.compile.Compiler;
import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.LocalVariable;

/** Makes functions of their bodies, and chooses which are compiled and which interpreted. */
public final class Closures {

    private Closures() {}

    /** A closure of a body: {@code upvalues} as {@link Prototyped#rawUpvalue} gives them. */
    public static LuaFunction of(FunctionBody body, Object[] upvalues) {
        // A main chunk without a loop runs through once: compiling it would take longer than that.
        if (body.debug || body.isMain() && !body.hasLoop) {
            return new InterpretedFunction(body, upvalues);
        }
        return Compiler.prototype(body, Closures::interpreted).instantiate(upvalues);
    }

    private static Prototyped interpreted(FunctionBody body) {
        return new InterpretedFunction(body, new Object[body.upvalues.size()]);
    }

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
