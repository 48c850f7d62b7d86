package io.memroute.lua.lib.debug;

import io.memroute.lua.Args;
import io.memroute.lua.CallStack;
import io.memroute.lua.Coroutine;
import io.memroute.lua.Function0;
import io.memroute.lua.Function1;
import io.memroute.lua.Function2;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.LuaUserdata;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.lua.code.Cell;
import io.memroute.lua.code.Prototyped;
import io.memroute.lua.lib.LuaLibrary;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code debug} (manual, section 6.10), as far as code without run-time records of its calls allows: variables and
 * hooks are seen only in chunks that are open to inspection ({@link io.memroute.lua.load.Chunk.Options#inspected}),
 * which is decided when they are loaded.
 */
public final class DebugLibrary implements LuaLibrary {
    @Override
    public String name() {
        return "debug";
    }

    @Override
    public LuaTable open(LuaState L) {
        LuaTable t = new LuaTable();
        for (LuaFunction f : new LuaFunction[] {
            new Traceback(), new DebugInfo(), new DebugLocals.Get(), new DebugLocals.Set(), new GetUpvalue(),
                    new SetUpvalue(), new UpvalueId(), new UpvalueJoin(),
            new ScriptHook.Set(), new ScriptHook.Get(), new GetMetatable(), new SetMetatable(), new GetRegistry(),
                    new GetUserValue(), new SetUserValue(), new SetCStackLimit()
        }) {
            t.put(f.name(), f);
        }
        return t;
    }

    /** The coroutine that a function's optional first argument names; none for the running one. */
    static @Nullable Coroutine thread(Object[] args) {
        return args.length > 0 && args[0] instanceof Coroutine c ? c : null;
    }

    private static final class Traceback extends VarFunction {
        Traceback() {
            super("traceback");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            Coroutine co = thread(args);
            int first = co == null ? 0 : 1;
            Object message = Args.at(args, first + 1);
            if (message != null
                    && !(message instanceof LuaString || message instanceof Long || message instanceof Double)) {
                return message;
            }
            boolean other = co != null && co != L.running() && co != L.mainCoroutine();
            int level = (int) Args.optInteger(L, args, first + 2, other ? 0 : 1);
            String trace = other ? CallStack.traceback(L, co, level) : CallStack.traceback(L, level);
            LuaString text = latin(trace);
            return message == null ? text : L.concat(L.concat(message, LuaString.of("\n")), text);
        }
    }

    static LuaString latin(String text) {
        return LuaString.wrap(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    private static final class GetUpvalue extends Function2 {
        GetUpvalue() {
            super("getupvalue");
        }

        @Override
        public Object call(LuaState L, Object function, Object index) {
            long n = Args.integer(L, index, 2);
            LuaFunction f = Args.function(L, function, 1);
            if (f instanceof Prototyped p && n >= 1 && n <= p.body().upvalues.size()) {
                return Results.of(
                        LuaString.of(p.body().upvalues.get((int) n - 1).name()), p.upvalue((int) n - 1));
            }
            return Results.NONE;
        }
    }

    private static final class SetUpvalue extends VarFunction {
        SetUpvalue() {
            super("setupvalue");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            Object value = Args.any(L, args, 3);
            long n = Args.integer(L, args, 2);
            LuaFunction f = Args.function(L, args, 1);
            if (f instanceof Prototyped p && n >= 1 && n <= p.body().upvalues.size()) {
                p.setUpvalue((int) n - 1, value);
                return LuaString.of(p.body().upvalues.get((int) n - 1).name());
            }
            return Results.NONE;
        }
    }

    /**
     * The result of {@code debug.upvalueid}: light userdata that is the same for the same variable. A variable without
     * a cell is told by its closure and index.
     */
    private static final class UpvalueId extends Function2 {
        private final Map<Object, Object[]> identities = new WeakHashMap<>();

        UpvalueId() {
            super("upvalueid");
        }

        @Override
        public Object call(LuaState L, Object function, Object index) {
            LuaFunction f = Args.function(L, function, 1);
            long n = Args.integer(L, index, 2);
            // What a Java function keeps is one variable to scripts.
            int count = f instanceof Prototyped p ? p.body().upvalues.size() : 1;
            if (n < 1 || n > count) {
                return null;
            }
            if (f instanceof Prototyped p && p.rawUpvalue((int) n - 1) instanceof Cell c) {
                return identity(c, 0, 1);
            }
            return identity(f, (int) n - 1, count);
        }

        private Object identity(Object owner, int index, int count) {
            Object[] known = identities.computeIfAbsent(owner, k -> new Object[count]);
            if (known[index] == null) {
                known[index] = new Object();
            }
            return known[index];
        }
    }

    private static final class UpvalueJoin extends VarFunction {
        UpvalueJoin() {
            super("upvaluejoin");
        }

        private static Prototyped check(LuaState L, Object[] args, int function, int index) {
            LuaFunction f = Args.function(L, args, function);
            long n = Args.integer(L, args, index);
            if (!(f instanceof Prototyped p)) {
                throw Args.bad(L, function, "Lua function expected");
            }
            if (n < 1 || n > p.body().upvalues.size()) {
                throw Args.bad(L, index, "invalid upvalue index");
            }
            return p;
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            Prototyped f = check(L, args, 1, 2);
            Prototyped g = check(L, args, 3, 4);
            int i = (int) Args.integer(L, args, 2) - 1;
            int j = (int) Args.integer(L, args, 4) - 1;
            if (f.rawUpvalue(i) instanceof Cell != g.rawUpvalue(j) instanceof Cell) {
                throw L.error("upvalues of code that was not loaded for inspection cannot be joined");
            }
            f.setRawUpvalue(i, g.rawUpvalue(j));
            return Results.NONE;
        }
    }

    private static final class GetMetatable extends Function1 {
        GetMetatable() {
            super("getmetatable");
        }

        @Override
        public Object call(LuaState L, Object value) {
            return L.metatable(value);
        }
    }

    private static final class SetMetatable extends Function2 {
        SetMetatable() {
            super("setmetatable");
        }

        @Override
        public Object call(LuaState L, Object value, Object meta) {
            if (meta != null && !(meta instanceof LuaTable)) {
                throw Args.typeError(L, meta, 2, "nil or table");
            }
            L.setMetatable(value, (LuaTable) meta);
            return value;
        }
    }

    private static final class GetRegistry extends Function0 {
        GetRegistry() {
            super("getregistry");
        }

        @Override
        public Object call(LuaState L) {
            return L.registry();
        }
    }

    private static final class GetUserValue extends Function2 {
        GetUserValue() {
            super("getuservalue");
        }

        @Override
        public Object call(LuaState L, Object value, Object index) {
            long n = Args.optInteger(L, index, 2, 1);
            if (!(value instanceof LuaUserdata u)) {
                return null;
            }
            return n >= 1 && n <= u.userValueCount() ? Results.of(u.userValue((int) n), Boolean.TRUE) : null;
        }
    }

    private static final class SetUserValue extends VarFunction {
        SetUserValue() {
            super("setuservalue");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            LuaUserdata u = Args.userdata(L, Args.at(args, 1), 1, LuaUserdata.class, "userdata");
            Object value = Args.any(L, args, 2);
            long n = Args.optInteger(L, args, 3, 1);
            if (n < 1 || n > u.userValueCount()) {
                return null;
            }
            u.setUserValue((int) n, value);
            return u;
        }
    }

    /** Accepted for the sake of old scripts, as in C Lua 5.4.3 and later. */
    private static final class SetCStackLimit extends Function1 {
        SetCStackLimit() {
            super("setcstacklimit");
        }

        @Override
        public Object call(LuaState L, Object limit) {
            Args.integer(L, limit, 1);
            return 200L;
        }
    }
}
