package io.memroute.lua.lib.debug;

import io.memroute.lua.Args;
import io.memroute.lua.Coroutine;
import io.memroute.lua.Execution;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;

/** A hook set by {@code debug.sethook}. */
final class ScriptHook implements Execution.Hook {
    private final LuaFunction function;
    private final String mask;
    private final int count;
    private boolean active;

    private ScriptHook(LuaFunction function, String mask, int count) {
        this.function = function;
        this.mask = mask;
        this.count = count;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public boolean onLines() {
        return mask.indexOf('l') >= 0;
    }

    @Override
    public boolean onCalls() {
        return mask.indexOf('c') >= 0;
    }

    @Override
    public boolean onReturns() {
        return mask.indexOf('r') >= 0;
    }

    @Override
    public void event(LuaState L, LuaString event, int line) {
        if (active) {
            return; // Hooks do not see themselves.
        }
        active = true;
        try {
            Execution.setHookCalled(L, true);
            L.call(function, event, line < 0 ? null : (Object) (long) line);
        } finally {
            Execution.setHookCalled(L, false);
            active = false;
        }
    }

    static final class Set extends VarFunction {
        Set() {
            super("sethook");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            Coroutine co = DebugLibrary.thread(args);
            int first = co == null ? 0 : 1;
            ScriptHook hook = null;
            if (Args.at(args, first + 1) != null) {
                LuaFunction f = Args.function(L, args, first + 1);
                String mask = Args.string(L, args, first + 2).toString();
                int count = Math.clamp(Args.optInteger(L, args, first + 3, 0), 0, Integer.MAX_VALUE);
                if (!mask.isEmpty() || count > 0) {
                    hook = new ScriptHook(f, mask, count);
                }
            }
            if (hook != null) {
                L.inspect();
            }
            L.setHook(co, hook);
            return Results.NONE;
        }
    }

    static final class Get extends VarFunction {
        Get() {
            super("gethook");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            if (!(L.hook(DebugLibrary.thread(args)) instanceof ScriptHook h)) {
                return null;
            }
            StringBuilder mask = new StringBuilder();
            for (char c : new char[] {'c', 'r', 'l'}) {
                if (h.mask.indexOf(c) >= 0) {
                    mask.append(c);
                }
            }
            return Results.of(h.function, LuaString.of(mask.toString()), (long) h.count);
        }
    }
}
