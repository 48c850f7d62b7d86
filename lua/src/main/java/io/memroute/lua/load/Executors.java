package io.memroute.lua.load;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.code.Closures;
import io.memroute.lua.code.Prototyped;
import io.memroute.lua.compile.Compiler;
import io.memroute.lua.interpret.InterpretedFunction;
import io.memroute.lua.syntax.FunctionBody;
import org.jspecify.annotations.Nullable;

/** Gives each function to the compiler or to the interpreter. */
final class Executors implements Closures {

    static final Executors INSTANCE = new Executors();

    private Executors() {}

    @Override
    public LuaFunction of(FunctionBody body, @Nullable Object[] upvalues) {
        // A main chunk without a loop runs through once: compiling it would take longer than that.
        if (body.debug || body.isMain() && !body.hasLoop) {
            return new InterpretedFunction(body, upvalues, this);
        }
        return Compiler.prototype(body, this::interpreted).instantiate(upvalues);
    }

    private Prototyped interpreted(FunctionBody body) {
        return new InterpretedFunction(body, new Object[body.upvalues.size()], this);
    }
}
