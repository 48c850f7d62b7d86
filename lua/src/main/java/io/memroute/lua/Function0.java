package io.memroute.lua;

/** A Java function that takes no arguments; those it gets are dropped. */
public abstract class Function0 extends LuaFunction {
    private final String name;

    protected Function0(String name) {
        this.name = name;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Object call(LuaState L, Object a) {
        return call(L);
    }

    @Override
    public final Object call(LuaState L, Object a, Object b) {
        return call(L);
    }

    @Override
    public final Object call(LuaState L, Object a, Object b, Object c) {
        return call(L);
    }

    @Override
    public final Object invoke(LuaState L, Object[] args) {
        return call(L);
    }
}
