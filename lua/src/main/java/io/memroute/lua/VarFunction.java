package io.memroute.lua;

/** A Java function of any number of arguments, which it gets as an array that it must not change. */
public abstract class VarFunction extends LuaFunction {
    private final String name;

    protected VarFunction(String name) {
        this.name = name;
    }

    @Override
    public final String name() {
        return name;
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
}
