package io.memroute.lua.lib.debug;

import io.memroute.lua.Args;
import io.memroute.lua.CallLevel;
import io.memroute.lua.CallStack;
import io.memroute.lua.Coroutine;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.lua.code.Prototyped;
import io.memroute.lua.interpret.Frame;
import io.memroute.lua.load.StackLevel;
import java.util.List;

/** {@code debug.getlocal} and {@code debug.setlocal}. */
final class DebugLocals {
    private static final LuaString VARARG = LuaString.constant("(vararg)");

    private DebugLocals() {}

    private static StackLevel level(LuaState L, Coroutine co, Object[] args, int n) {
        long level = Args.integer(L, args, n);
        if (level < 0 || level > Integer.MAX_VALUE - 2) {
            throw Args.bad(L, n, "level out of range");
        }
        List<CallLevel> levels = co == null || co == L.running()
                ? CallStack.levels(L, (int) level + 1)
                : CallStack.levels(co, (int) level + 1);
        if (level >= levels.size()) {
            throw Args.bad(L, n, "level out of range");
        }
        return (StackLevel) levels.get((int) level);
    }

    static final class Get extends VarFunction {
        Get() {
            super("getlocal");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            Coroutine co = DebugLibrary.thread(args);
            int first = co == null ? 0 : 1;
            int n = Math.clamp(Args.integer(L, args, first + 2), Integer.MIN_VALUE, Integer.MAX_VALUE);
            if (Args.at(args, first + 1) instanceof LuaFunction f) {
                return f instanceof Prototyped p
                                && n >= 1
                                && n <= p.body().parameters.size()
                        ? LuaString.of(p.body().parameters.get(n - 1).name)
                        : null;
            }
            StackLevel level = level(L, co, args, first + 1);
            Frame frame = level.frame();
            if (frame == null) {
                return null;
            }
            if (n < 0) {
                return n >= -frame.varargs.length ? Results.of(VARARG, frame.varargs[-n - 1]) : null;
            }
            String name = frame.localName(n);
            return name == null ? null : Results.of(LuaString.of(name), frame.local(n));
        }
    }

    static final class Set extends VarFunction {
        Set() {
            super("setlocal");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            Coroutine co = DebugLibrary.thread(args);
            int first = co == null ? 0 : 1;
            StackLevel level = level(L, co, args, first + 1);
            int n = Math.clamp(Args.integer(L, args, first + 2), Integer.MIN_VALUE, Integer.MAX_VALUE);
            Object value = Args.any(L, args, first + 3);
            Frame frame = level.frame();
            if (frame == null) {
                return null;
            }
            if (n < 0) {
                if (n < -frame.varargs.length) {
                    return null;
                }
                frame.setVararg(-n - 1, value);
                return VARARG;
            }
            String name = frame.localName(n);
            if (name == null) {
                return null;
            }
            frame.setLocal(n, value);
            return LuaString.of(name);
        }
    }
}
