package io.memroute.lua.interpret;

import io.memroute.lua.Execution;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.Results;
import io.memroute.lua.code.Cell;
import io.memroute.lua.code.Closures;
import io.memroute.lua.code.Prototyped;
import io.memroute.lua.syntax.FunctionBody;
import java.util.Arrays;

/** A Lua function whose syntax tree is interpreted. */
public final class InterpretedFunction extends Prototyped {
    final FunctionBody body;

    /** The value of each upvalue, or the {@link Cell} it lives in. */
    final Object[] upvalues;

    /** Makes the functions inside. */
    final Closures closures;

    public InterpretedFunction(FunctionBody body, Object[] upvalues, Closures closures) {
        this.closures = closures;
        this.body = body;
        this.upvalues = upvalues;
    }

    @Override
    public FunctionBody body() {
        return body;
    }

    @Override
    public Object rawUpvalue(int index) {
        return upvalues[index];
    }

    @Override
    public void setRawUpvalue(int index, Object value) {
        upvalues[index] = value;
    }

    @Override
    public LuaFunction instantiate(Object[] newUpvalues) {
        return new InterpretedFunction(body, newUpvalues, closures);
    }

    @Override
    public Object call(LuaState L) {
        return invoke(L, Results.NONE);
    }

    @Override
    public Object call(LuaState L, Object a) {
        return invoke(L, new Object[] {a});
    }

    @Override
    public Object call(LuaState L, Object a, Object b) {
        return invoke(L, new Object[] {a, b});
    }

    @Override
    public Object call(LuaState L, Object a, Object b, Object c) {
        return invoke(L, new Object[] {a, b, c});
    }

    @Override
    public Object invoke(LuaState L, Object[] args) {
        int n = body.parameters.size();
        if (body.vararg) {
            Execution.step(L, args);
        }
        Object[] varargs = body.usesVarargs && args.length > n
                ? (n == 0 && !body.debug ? args : Arrays.copyOfRange(args, n, args.length))
                : Results.NONE;
        Frame frame = new Frame(L, this, varargs);
        for (int i = 0; i < n; i++) {
            frame.declare(body.parameters.get(i), i < args.length ? args[i] : null);
        }
        return Interpreter.run(L, frame);
    }
}
