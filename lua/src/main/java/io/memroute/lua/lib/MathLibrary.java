package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.Function2;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;

/**
 * The {@code math} library (manual section 6.7). Functions from float to float are in {@link FloatFunctions}, random
 * numbers in {@link RandomFunctions}. The functions of Lua 5.3 that stock Lua 5.4 builds keep for compatibility
 * ({@code pow}, {@code cosh}, {@code ldexp} ...) are there too.
 */
public final class MathLibrary implements LuaLibrary {
    private static final LuaString INTEGER = LuaString.constant("integer");
    private static final LuaString FLOAT = LuaString.constant("float");
    private static final double LN_2 = Math.log(2);

    @Override
    public String name() {
        return "math";
    }

    @Override
    public LuaTable open(LuaState L) {
        LuaTable library = new LuaTable();
        library.put("pi", Math.PI).put("huge", Double.POSITIVE_INFINITY);
        library.put("maxinteger", Long.MAX_VALUE).put("mininteger", Long.MIN_VALUE);
        for (LuaFunction function : new LuaFunction[] {
            new Abs(),
            new Ceil(),
            new Floor(),
            new Fmod(),
            new Modf(),
            new Log(),
            new Max(),
            new Min(),
            new ToInteger(),
            new Type(),
            new Ult(),
            new Atan(),
            new Pow(),
            new Frexp(),
            new Ldexp(),
        }) {
            library.put(function.name(), function);
        }
        FloatFunctions.addTo(library);
        RandomFunctions.addTo(library);
        return library;
    }

    /** The float as an integer if it has an integer's value and fits, else itself. */
    private static Object asInteger(double whole) {
        return whole >= -0x1p63 && whole < 0x1p63 ? (Object) (long) whole : (Object) whole;
    }

    private static final class Abs extends Function1 {
        Abs() {
            super("abs");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return x instanceof Long n ? (Object) Math.abs(n) : (Object) Math.abs(Args.number(L, x, 1));
        }
    }

    private static final class Ceil extends Function1 {
        Ceil() {
            super("ceil");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return x instanceof Long ? x : asInteger(Math.ceil(Args.number(L, x, 1)));
        }
    }

    private static final class Floor extends Function1 {
        Floor() {
            super("floor");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return x instanceof Long ? x : asInteger(Math.floor(Args.number(L, x, 1)));
        }
    }

    private static final class Fmod extends Function2 {
        Fmod() {
            super("fmod");
        }

        @Override
        public Object call(LuaState L, Object a, Object b) {
            if (a instanceof Long x && b instanceof Long y) {
                if (y == 0) {
                    throw Args.bad(L, 2, "zero");
                }
                return x % y;
            }
            double divisor = Args.number(L, b, 2);
            return Args.number(L, a, 1) % divisor;
        }
    }

    private static final class Modf extends Function1 {
        Modf() {
            super("modf");
        }

        @Override
        public Object call(LuaState L, Object x) {
            if (x instanceof Long) {
                return Results.of(x, 0.0);
            }
            double value = Args.number(L, x, 1);
            double whole = value < 0 ? Math.ceil(value) : Math.floor(value);
            return Results.of(asInteger(whole), value == whole ? 0.0 : value - whole);
        }
    }

    private static final class Log extends Function2 {
        Log() {
            super("log");
        }

        @Override
        public Object call(LuaState L, Object x, Object base) {
            double value = Args.number(L, x, 1);
            if (base == null) {
                return Math.log(value);
            }
            double b = Args.number(L, base, 2);
            if (b == 2) {
                return log2(value);
            }
            return b == 10 ? Math.log10(value) : Math.log(value) / Math.log(b);
        }

        /**
         * Exact for powers of two, as C's {@code log2} is: the exponent is split off and only the rest goes through a
         * logarithm.
         */
        private static double log2(double value) {
            if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
                return Math.log(value);
            }
            double scaled = value < Double.MIN_NORMAL ? value * 0x1p54 : value;
            int exponent = Math.getExponent(scaled);
            double mantissa = Math.scalb(scaled, -exponent);
            if (mantissa > 1.4142135623730951) {
                mantissa /= 2;
                exponent++;
            }
            return exponent - (value < Double.MIN_NORMAL ? 54 : 0) + Math.log(mantissa) / LN_2;
        }
    }

    /** {@code max} and {@code min}. */
    private abstract static class Extreme extends VarFunction {
        Extreme(String name) {
            super(name);
        }

        @Override
        public final Object call(LuaState L, Object a, Object b, Object c) {
            return call(L, call(L, a, b), c);
        }

        @Override
        public final Object invoke(LuaState L, Object[] args) {
            Object best = Args.any(L, args, 1);
            for (int i = 1; i < args.length; i++) {
                best = call(L, best, args[i]);
            }
            return best;
        }
    }

    private static final class Max extends Extreme {
        Max() {
            super("max");
        }

        @Override
        public Object call(LuaState L, Object a, Object b) {
            return L.lessThan(a, b) ? b : a;
        }
    }

    private static final class Min extends Extreme {
        Min() {
            super("min");
        }

        @Override
        public Object call(LuaState L, Object a, Object b) {
            return L.lessThan(b, a) ? b : a;
        }
    }

    private static final class ToInteger extends Function1 {
        ToInteger() {
            super("tointeger");
        }

        @Override
        public Object call(LuaState L) {
            throw Args.bad(L, 1, "value expected");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return LuaNumber.toInteger(x);
        }
    }

    private static final class Type extends Function1 {
        Type() {
            super("type");
        }

        @Override
        public Object call(LuaState L) {
            throw Args.bad(L, 1, "value expected");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return x instanceof Long ? INTEGER : x instanceof Double ? FLOAT : null;
        }
    }

    private static final class Ult extends Function2 {
        Ult() {
            super("ult");
        }

        @Override
        public Object call(LuaState L, Object a, Object b) {
            long x = Args.integer(L, a, 1);
            return Long.compareUnsigned(x, Args.integer(L, b, 2)) < 0;
        }
    }

    private static final class Atan extends Function2 {
        Atan() {
            super("atan");
        }

        @Override
        public Object call(LuaState L, Object y, Object x) {
            double ordinate = Args.number(L, y, 1);
            return Math.atan2(ordinate, Args.optNumber(L, x, 2, 1));
        }
    }

    private static final class Pow extends Function2 {
        Pow() {
            super("pow");
        }

        @Override
        public Object call(LuaState L, Object x, Object y) {
            double base = Args.number(L, x, 1);
            return Math.pow(base, Args.number(L, y, 2));
        }
    }

    private static final class Frexp extends Function1 {
        Frexp() {
            super("frexp");
        }

        @Override
        public Object call(LuaState L, Object x) {
            double value = Args.number(L, x, 1);
            if (value == 0 || !Double.isFinite(value)) {
                return Results.of(value, 0L);
            }
            int shift = Math.abs(value) < Double.MIN_NORMAL ? 54 : 0;
            double scaled = Math.scalb(value, shift);
            int exponent = Math.getExponent(scaled) + 1;
            return Results.of(Math.scalb(scaled, -exponent), (long) exponent - shift);
        }
    }

    private static final class Ldexp extends Function2 {
        Ldexp() {
            super("ldexp");
        }

        @Override
        public Object call(LuaState L, Object x, Object exponent) {
            double value = Args.number(L, x, 1);
            return Math.scalb(value, Args.clampedInt(L, exponent, 2));
        }
    }
}
