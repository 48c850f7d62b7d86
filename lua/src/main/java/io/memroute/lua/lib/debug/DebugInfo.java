package io.memroute.lua.lib.debug;

import io.memroute.lua.Args;
import io.memroute.lua.CallLevel;
import io.memroute.lua.CallStack;
import io.memroute.lua.Coroutine;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.VarFunction;
import io.memroute.lua.code.Prototyped;
import io.memroute.lua.load.StackLevel;
import io.memroute.lua.syntax.FunctionBody;
import java.util.List;

/**
 * {@code debug.getinfo}. The function of an active call ({@code func}) is known only for chunks open to inspection and
 * for Java functions of loaded modules.
 */
final class DebugInfo extends VarFunction {
    private static final LuaString ALL = LuaString.constant("flnSrtuL");

    DebugInfo() {
        super("getinfo");
    }

    @Override
    public Object invoke(LuaState L, Object[] args) {
        Coroutine co = DebugLibrary.thread(args);
        int first = co == null ? 0 : 1;
        Object subject = Args.at(args, first + 1);
        String what = Args.optString(L, args, first + 2, subject instanceof LuaFunction ? LuaString.of("flnSrtu") : ALL)
                .toString();
        if (what.startsWith(">")) {
            throw Args.bad(L, first + 2, "invalid option '>'");
        }
        for (int i = 0; i < what.length(); i++) {
            if ("SlnrutLf".indexOf(what.charAt(i)) < 0) {
                throw Args.bad(L, first + 2, "invalid option");
            }
        }
        if (subject instanceof LuaFunction f) {
            return describe(f, f instanceof Prototyped p ? p.body() : null, null, what);
        }
        long n = Args.integer(L, args, first + 1);
        if (n < 0 || n > Integer.MAX_VALUE - 2) {
            return null;
        }
        boolean other = co != null && co != L.running();
        List<CallLevel> levels = other ? CallStack.levels(co, (int) n + 2) : CallStack.levels(L, (int) n + 2);
        if (n >= levels.size()) {
            return null;
        }
        StackLevel level = (StackLevel) levels.get((int) n);
        LuaFunction function = level.frame() != null ? level.frame().function : CallStack.functionOf(L, level);
        return describe(function, level.body(), level, what);
    }

    private static LuaTable describe(LuaFunction function, FunctionBody body, StackLevel level, String what) {
        LuaTable t = new LuaTable();
        for (char c : what.toCharArray()) {
            switch (c) {
                case 'S' -> source(t, body);
                case 'l' -> t.put("currentline", level == null ? -1L : (long) level.line());
                case 'u' -> {
                    t.put("nups", body == null ? 0L : (long) body.upvalues.size());
                    t.put("nparams", body == null ? 0L : (long) body.parameters.size());
                    t.put("isvararg", body == null || body.vararg);
                }
                case 'n' -> {
                    CallLevel.Name name = level == null ? null : level.name();
                    t.put("namewhat", LuaString.of(name == null ? "" : name.kind()));
                    t.put("name", name == null ? null : LuaString.of(name.name()));
                }
                case 't' -> t.put("istailcall", level != null && level.isTailCalled());
                case 'r' -> {
                    t.put(
                            "ftransfer",
                            level == null || level.frame() == null
                                    ? 0L
                                    : (long) level.frame().transferFirst());
                    t.put(
                            "ntransfer",
                            level == null || level.frame() == null
                                    ? 0L
                                    : (long) level.frame().transferCount());
                }
                case 'L' -> t.put("activelines", body == null ? null : lines(body));
                case 'f' -> t.put("func", function);
                default -> throw new IllegalStateException("unchecked option " + c);
            }
        }
        return t;
    }

    private static void source(LuaTable t, FunctionBody body) {
        if (body == null) {
            t.put("source", LuaString.of("=[C]"));
            t.put("short_src", LuaString.of("[C]"));
            t.put("linedefined", -1L);
            t.put("lastlinedefined", -1L);
            t.put("what", LuaString.of("C"));
            return;
        }
        t.put("source", body.source.name());
        t.put("short_src", DebugLibrary.latin(body.source.displayName()));
        t.put("linedefined", (long) body.line);
        t.put("lastlinedefined", body.isMain() ? -1L : (long) body.lastLine);
        t.put("what", LuaString.of(body.isMain() ? "main" : "Lua"));
    }

    private static LuaTable lines(FunctionBody body) {
        LuaTable t = new LuaTable();
        if (body.source.isStripped()) {
            return t;
        }
        for (int line : ActiveLines.of(body)) {
            t.put(line, Boolean.TRUE);
        }
        return t;
    }
}
