package io.memroute.lua;

/**
 * A value that is no function where compiled code calls one: calls its {@code __call}, or says that it cannot be
 * called.
 */
final class CalledValue extends LuaFunction {
    private final Object value;

    CalledValue(Object value) {
        this.value = value;
    }

    @Override
    public Object call(LuaState L) {
        return Calls.callMeta(L, value, Results.NONE);
    }

    @Override
    public Object call(LuaState L, Object a) {
        return Calls.callMeta(L, value, new Object[] {a});
    }

    @Override
    public Object call(LuaState L, Object a, Object b) {
        return Calls.callMeta(L, value, new Object[] {a, b});
    }

    @Override
    public Object call(LuaState L, Object a, Object b, Object c) {
        return Calls.callMeta(L, value, new Object[] {a, b, c});
    }

    @Override
    public Object invoke(LuaState L, Object[] args) {
        return Calls.callMeta(L, value, args);
    }

    @Override
    public String name() {
        return "?";
    }
}
