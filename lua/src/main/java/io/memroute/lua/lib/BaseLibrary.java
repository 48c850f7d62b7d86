package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.CallStack;
import io.memroute.lua.Calls;
import io.memroute.lua.Comparison;
import io.memroute.lua.Function1;
import io.memroute.lua.Function2;
import io.memroute.lua.Function3;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Metatables;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.lua.runtime.TableWalk;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The basic functions (manual, section 6.1), save those that load code ({@link LoadFunctions}). */
public final class BaseLibrary implements LuaLibrary {
    @Override
    public String name() {
        return "_G";
    }

    @Override
    public LuaTable open(LuaState L) {
        LuaTable g = L.globals();
        for (LuaFunction f : new LuaFunction[] {
            new Print(),
            new Tostring(),
            new Tonumber(),
            new Type(),
            new TableWalk.Next(),
            new Pairs(),
            new Ipairs(),
            new Rawget(),
            new Rawset(),
            new Rawequal(),
            new Rawlen(),
            new Getmetatable(),
            new Setmetatable(),
            new Select(),
            new Error(),
            new Assert(),
            new Pcall(),
            new Xpcall(),
            new Collectgarbage(),
            new Warn()
        }) {
            g.put(f.name(), f);
        }
        L.registry().put(NEXT, g.get(NEXT));
        LoadFunctions.open(L);
        g.put("_G", g);
        g.put("_VERSION", LuaString.of("Lua 5.4"));
        return g;
    }

    static LuaError valueExpected(LuaState L, int n) {
        return Args.bad(L, n, "value expected");
    }

    private static final class Print extends VarFunction {
        Print() {
            super("print");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            try {
                OutputStream out = L.host().stdout();
                for (int i = 0; i < args.length; i++) {
                    if (i > 0) {
                        out.write('\t');
                    }
                    out.write(L.tostring(args[i]).bytes());
                }
                out.write('\n');
                out.flush();
            } catch (IOException e) {
                throw L.error("print: " + e.getMessage());
            }
            return Results.NONE;
        }
    }

    private static final class Tostring extends Function1 {
        Tostring() {
            super("tostring");
        }

        @Override
        public Object call(LuaState L) {
            throw valueExpected(L, 1);
        }

        @Override
        public Object call(LuaState L, Object value) {
            return L.tostring(value);
        }
    }

    private static final class Tonumber extends Function2 {
        Tonumber() {
            super("tonumber");
        }

        @Override
        public Object call(LuaState L) {
            throw valueExpected(L, 1);
        }

        @Override
        public Object call(LuaState L, Object value, Object base) {
            if (base == null) {
                return LuaNumber.coerce(L, value);
            }
            long b = Args.integer(L, base, 2);
            if (!(value instanceof LuaString s)) {
                throw Args.typeError(L, value, 1, "string");
            }
            if (b < 2 || b > 36) {
                throw Args.bad(L, 2, "base out of range");
            }
            return parse(s.bytes(), (int) b);
        }

        /** An integer in the given base, wrapping around; none if the bytes spell none. */
        private static @Nullable Object parse(byte[] bytes, int base) {
            int from = 0;
            int to = bytes.length;
            while (from < to && isSpace(bytes[from])) {
                from++;
            }
            while (to > from && isSpace(bytes[to - 1])) {
                to--;
            }
            boolean negative = from < to && bytes[from] == '-';
            if (negative || from < to && bytes[from] == '+') {
                from++;
            }
            if (from == to) {
                return null;
            }
            long n = 0;
            for (int i = from; i < to; i++) {
                int digit = bytes[i] < 0 ? -1 : Character.digit(bytes[i], 36);
                if (digit < 0 || digit >= base) {
                    return null;
                }
                n = n * base + digit;
            }
            return negative ? -n : n;
        }

        private static boolean isSpace(byte b) {
            return b == ' ' || b >= 9 && b <= 13;
        }
    }

    private static final class Type extends Function1 {
        Type() {
            super("type");
        }

        @Override
        public Object call(LuaState L) {
            throw valueExpected(L, 1);
        }

        @Override
        public Object call(LuaState L, Object value) {
            return Metatables.type(value);
        }
    }

    private static final class Pairs extends Function1 {
        Pairs() {
            super("pairs");
        }

        @Override
        public Object call(LuaState L) {
            throw Args.bad(L, 1, "table expected, got no value");
        }

        @Override
        public Object call(LuaState L, Object value) {
            Object handler = Metatables.metamethod(L, value, Metatables.PAIRS);
            if (handler != null) {
                Object r = L.call(handler, value);
                return Results.of(Results.get(r, 0), Results.get(r, 1), Results.get(r, 2));
            }
            return Results.of(L.registry().get(NEXT), Args.table(L, value, 1), null);
        }
    }

    static final LuaString NEXT = LuaString.constant("next");

    private static final class Ipairs extends Function1 {
        private final LuaFunction step = new TableWalk.IpairsStep();

        Ipairs() {
            super("ipairs");
        }

        @Override
        public Object call(LuaState L) {
            throw Args.bad(L, 1, "table expected, got no value");
        }

        @Override
        public Object call(LuaState L, Object value) {
            return Results.of(step, value, 0L);
        }
    }

    private static final class Rawget extends Function2 {
        Rawget() {
            super("rawget");
        }

        @Override
        public Object call(LuaState L, Object table, Object key) {
            return Args.table(L, table, 1).get(key);
        }
    }

    private static final class Rawset extends Function3 {
        Rawset() {
            super("rawset");
        }

        @Override
        public Object call(LuaState L, Object table, Object key, Object value) {
            LuaTable t = Args.table(L, table, 1);
            if (key == null || key instanceof Double d && d.isNaN()) {
                throw L.error(key == null ? "table index is nil" : "table index is NaN");
            }
            t.put(key, value);
            return t;
        }
    }

    private static final class Rawequal extends Function2 {
        Rawequal() {
            super("rawequal");
        }

        @Override
        public Object call(LuaState L, Object a) {
            throw valueExpected(L, 2);
        }

        @Override
        public Object call(LuaState L, Object a, Object b) {
            return Comparison.rawEqual(a, b);
        }
    }

    private static final class Rawlen extends Function1 {
        Rawlen() {
            super("rawlen");
        }

        @Override
        public Object call(LuaState L, Object value) {
            return switch (value) {
                case LuaTable t -> t.length();
                case LuaString s -> (long) s.length();
                case null, default -> throw Args.bad(L, 1, "table or string expected");
            };
        }
    }

    private static final class Getmetatable extends Function1 {
        Getmetatable() {
            super("getmetatable");
        }

        @Override
        public Object call(LuaState L) {
            throw valueExpected(L, 1);
        }

        @Override
        public Object call(LuaState L, Object value) {
            LuaTable meta = L.metatable(value);
            if (meta == null) {
                return null;
            }
            Object shown = meta.get(Metatables.METATABLE);
            return shown != null ? shown : meta;
        }
    }

    private static final class Setmetatable extends Function2 {
        Setmetatable() {
            super("setmetatable");
        }

        @Override
        public Object call(LuaState L, Object table) {
            Args.table(L, table, 1);
            throw Args.bad(L, 2, "nil or table expected");
        }

        @Override
        public Object call(LuaState L, Object table, Object meta) {
            LuaTable t = Args.table(L, table, 1);
            if (meta != null && !(meta instanceof LuaTable)) {
                throw Args.typeError(L, meta, 2, "nil or table");
            }
            if (t.metatable() != null && t.metatable().get(Metatables.METATABLE) != null) {
                throw L.error("cannot change a protected metatable");
            }
            t.setMetatable((LuaTable) meta);
            return t;
        }
    }

    private static final class Select extends VarFunction {
        private static final LuaString COUNT = LuaString.constant("#");

        Select() {
            super("select");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            if (args.length > 0 && args[0] instanceof LuaString s && s.equals(COUNT)) {
                return (long) args.length - 1;
            }
            long n = Args.integer(L, args, 1);
            if (n < 0) {
                n += args.length;
            }
            if (n < 1) {
                throw Args.bad(L, 1, "index out of range");
            }
            L.chargeBytes(8 * (args.length - n));
            return n >= args.length ? Results.NONE : Arrays.copyOfRange(args, (int) n, args.length);
        }
    }

    private static final class Error extends Function2 {
        Error() {
            super("error");
        }

        @Override
        public Object call(LuaState L, Object message, Object level) {
            long n = Args.optInteger(L, level, 2, 1);
            Object value = message;
            if (message instanceof LuaString s && n > 0) {
                String where = CallStack.where(L, (int) Math.min(n, 1 << 20));
                value = L.concat(LuaString.of(where), s);
            }
            throw CallStack.raise(L, value);
        }
    }

    private static final class Assert extends VarFunction {
        Assert() {
            super("assert");
        }

        @Override
        public Object call(LuaState L, Object value) {
            if (Args.truth(value)) {
                return value;
            }
            throw L.error("assertion failed!");
        }

        @Override
        public Object call(LuaState L, Object value, Object message) {
            if (Args.truth(value)) {
                return Results.of(value, message);
            }
            throw CallStack.raise(L, message);
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            if (Args.truth(Args.any(L, args, 1))) {
                return args.length == 1 ? args[0] : args;
            }
            throw args.length > 1 ? CallStack.raise(L, args[1]) : L.error("assertion failed!");
        }
    }

    private static final class Pcall extends VarFunction {
        Pcall() {
            super("pcall");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            Object f = Args.any(L, args, 1);
            return Calls.protect(
                    L, null, f, args.length == 1 ? Results.NONE : Arrays.copyOfRange(args, 1, args.length));
        }
    }

    private static final class Xpcall extends VarFunction {
        Xpcall() {
            super("xpcall");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            LuaFunction handler = Args.function(L, args, 2);
            return Calls.protect(
                    L, handler, args[0], args.length == 2 ? Results.NONE : Arrays.copyOfRange(args, 2, args.length));
        }
    }

    /**
     * The collector is the JVM's: the options answer plausibly, {@code collect} suggests a collection, the tuning ones
     * remember their values.
     */
    private static final class Collectgarbage extends VarFunction {
        private static final LuaString INCREMENTAL = LuaString.constant("incremental");
        private static final LuaString GENERATIONAL = LuaString.constant("generational");
        private boolean stopped;
        private LuaString mode = INCREMENTAL;
        private long pause = 200;
        private long stepMultiplier = 100;

        Collectgarbage() {
            super("collectgarbage");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            String option = Args.optString(L, args, 1, LuaString.of("collect")).toString();
            switch (option) {
                case "collect" -> {
                    L.host().collectGarbage();
                    return 0L;
                }
                case "count" -> {
                    Runtime r = Runtime.getRuntime();
                    return (r.totalMemory() - r.freeMemory()) / 1024.0;
                }
                case "step" -> {
                    Args.optInteger(L, args, 2, 0);
                    L.host().collectGarbage();
                    return Boolean.TRUE;
                }
                case "isrunning" -> {
                    return !stopped;
                }
                case "stop" -> {
                    stopped = true;
                    return 0L;
                }
                case "restart" -> {
                    stopped = false;
                    return 0L;
                }
                case "incremental", "generational" -> {
                    LuaString old = mode;
                    mode = option.equals("incremental") ? INCREMENTAL : GENERATIONAL;
                    return old;
                }
                case "setpause" -> {
                    long old = pause;
                    pause = Args.optInteger(L, args, 2, 0);
                    return old;
                }
                case "setstepmul" -> {
                    long old = stepMultiplier;
                    stepMultiplier = Args.optInteger(L, args, 2, 0);
                    return old;
                }
                default -> throw Args.bad(L, 1, "invalid option '" + option + "'");
            }
        }
    }

    /** {@code warn}: off until the control message {@code @on}, as in the stand-alone interpreter. */
    private static final class Warn extends VarFunction {
        private boolean on;

        Warn() {
            super("warn");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            Args.string(L, args, 1);
            java.io.ByteArrayOutputStream message = new java.io.ByteArrayOutputStream();
            for (int i = 1; i <= args.length; i++) {
                message.writeBytes(Args.string(L, args, i).bytes());
            }
            LuaString text = LuaString.wrap(message.toByteArray());
            if (args.length == 1 && text.length() > 0 && text.byteAt(0) == '@') {
                switch (text.toString()) {
                    case "@on" -> on = true;
                    case "@off" -> on = false;
                    default -> {}
                }
            } else if (on) {
                L.host().warn(L, text);
            }
            return Results.NONE;
        }
    }
}
