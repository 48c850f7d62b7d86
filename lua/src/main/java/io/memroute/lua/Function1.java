package io.memroute.lua;

/**
 * A Java function of one argument: missing ones are nil, further ones are dropped.
 *
 * <p>A function that must tell a missing argument from nil overrides the shorter {@code call} too. That a
 * {@link Args.BadArgument} about a missing one says "got no value" is seen to here.
 */
public abstract class Function1 extends LuaFunction {
    private final String name;

    protected Function1(String name) {
        this.name = name;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public Object call(LuaState L) {
        try {
            return call(L, null);
        } catch (Args.BadArgument e) {
            throw e.given(0, this);
        }
    }

    @Override
    public final Object call(LuaState L, Object a, Object b) {
        return call(L, a);
    }

    @Override
    public final Object call(LuaState L, Object a, Object b, Object c) {
        return call(L, a);
    }

    @Override
    public Object invoke(LuaState L, Object[] args) {
        return switch (args.length) {
            case 0 -> call(L);
            default -> call(L, args[0]);
        };
    }
}
