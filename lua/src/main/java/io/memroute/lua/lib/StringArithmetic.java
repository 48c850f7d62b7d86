package io.memroute.lua.lib;

import io.memroute.lua.Calls;
import io.memroute.lua.Function2;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Metatables;
import io.memroute.lua.runtime.Arithmetic;

/**
 * The arithmetic metamethods of strings: a string that spells a number counts as that number (manual section 3.4.3).
 */
final class StringArithmetic {
    private StringArithmetic() {}

    @FunctionalInterface
    private interface Operation {
        Object apply(LuaState L, Object a, Object b);
    }

    static void addTo(LuaTable meta) {
        add(meta, Metatables.ADD, Arithmetic::add);
        add(meta, Metatables.SUB, Arithmetic::sub);
        add(meta, Metatables.MUL, Arithmetic::mul);
        add(meta, Metatables.MOD, Arithmetic::mod);
        add(meta, Metatables.POW, Arithmetic::pow);
        add(meta, Metatables.DIV, Arithmetic::div);
        add(meta, Metatables.IDIV, Arithmetic::idiv);
        add(meta, Metatables.UNM, (L, a, b) -> Arithmetic.unm(L, a));
    }

    private static void add(LuaTable meta, LuaString event, Operation operation) {
        meta.put(event, new Metamethod(event, operation));
    }

    private static final class Metamethod extends Function2 {
        private final LuaString event;
        private final Operation operation;

        Metamethod(LuaString event, Operation operation) {
            super(event.toString().substring(2));
            this.event = event;
            this.operation = operation;
        }

        @Override
        public Object call(LuaState L, Object a, Object b) {
            Object x = LuaNumber.coerce(L, a);
            Object y = LuaNumber.coerce(L, b);
            if (x != null && y != null) {
                return operation.apply(L, x, y);
            }
            Object other = b instanceof LuaString ? null : Metatables.metamethod(L, b, event);
            if (other == null) {
                throw L.error("attempt to " + name() + " a '" + Metatables.typeNameForMessages(L, a) + "' with a '"
                        + Metatables.typeNameForMessages(L, b) + "'");
            }
            return other instanceof LuaFunction f ? f.call(L, a, b) : Calls.call(L, other, a, b);
        }
    }
}
