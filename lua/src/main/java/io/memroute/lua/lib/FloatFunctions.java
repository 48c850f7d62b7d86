package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaTable;

/**
 * The functions of the {@code math} library that make a float of a float. Each is a class of its own: error messages
 * find the name of a function by its class, and the JVM inlines it where it is called.
 */
final class FloatFunctions {
    private FloatFunctions() {}

    static void addTo(LuaTable library) {
        library.put("sin", new Sin());
        library.put("cos", new Cos());
        library.put("tan", new Tan());
        library.put("asin", new Asin());
        library.put("acos", new Acos());
        library.put("exp", new Exp());
        library.put("sqrt", new Sqrt());
        library.put("deg", new Deg());
        library.put("rad", new Rad());
        library.put("cosh", new Cosh());
        library.put("sinh", new Sinh());
        library.put("tanh", new Tanh());
        library.put("log10", new Log10());
    }

    private static final class Sin extends Function1 {
        Sin() {
            super("sin");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return Math.sin(Args.number(L, x, 1));
        }
    }

    private static final class Cos extends Function1 {
        Cos() {
            super("cos");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return Math.cos(Args.number(L, x, 1));
        }
    }

    private static final class Tan extends Function1 {
        Tan() {
            super("tan");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return Math.tan(Args.number(L, x, 1));
        }
    }

    private static final class Asin extends Function1 {
        Asin() {
            super("asin");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return Math.asin(Args.number(L, x, 1));
        }
    }

    private static final class Acos extends Function1 {
        Acos() {
            super("acos");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return Math.acos(Args.number(L, x, 1));
        }
    }

    private static final class Exp extends Function1 {
        Exp() {
            super("exp");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return Math.exp(Args.number(L, x, 1));
        }
    }

    private static final class Sqrt extends Function1 {
        Sqrt() {
            super("sqrt");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return Math.sqrt(Args.number(L, x, 1));
        }
    }

    private static final class Deg extends Function1 {
        Deg() {
            super("deg");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return Args.number(L, x, 1) * (180.0 / Math.PI);
        }
    }

    private static final class Rad extends Function1 {
        Rad() {
            super("rad");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return Args.number(L, x, 1) * (Math.PI / 180.0);
        }
    }

    private static final class Cosh extends Function1 {
        Cosh() {
            super("cosh");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return Math.cosh(Args.number(L, x, 1));
        }
    }

    private static final class Sinh extends Function1 {
        Sinh() {
            super("sinh");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return Math.sinh(Args.number(L, x, 1));
        }
    }

    private static final class Tanh extends Function1 {
        Tanh() {
            super("tanh");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return Math.tanh(Args.number(L, x, 1));
        }
    }

    private static final class Log10 extends Function1 {
        Log10() {
            super("log10");
        }

        @Override
        public Object call(LuaState L, Object x) {
            return Math.log10(Args.number(L, x, 1));
        }
    }
}
