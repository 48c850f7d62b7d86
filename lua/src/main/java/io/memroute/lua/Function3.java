package io.memroute.lua;

/**
 * A Java function of three arguments: missing ones are nil, further ones are dropped.
 *
 * <p>A function that must tell a missing argument from nil overrides the shorter {@code call} too. That a
 * {@link Args.BadArgument} about a missing one says "got no value" is seen to here.
 */
public abstract class Function3 extends LuaFunction {
    private final String name;

    protected Function3(String name) {
        this.name = name;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public Object call(LuaState L) {
        try {
            return call(L, null, null, null);
        } catch (Args.BadArgument e) {
            throw e.given(0, this);
        }
    }

    @Override
    public Object call(LuaState L, Object a) {
        try {
            return call(L, a, null, null);
        } catch (Args.BadArgument e) {
            throw e.given(1, this);
        }
    }

    @Override
    public Object call(LuaState L, Object a, Object b) {
        try {
            return call(L, a, b, null);
        } catch (Args.BadArgument e) {
            throw e.given(2, this);
        }
    }

    @Override
    public Object invoke(LuaState L, Object[] args) {
        return switch (args.length) {
            case 0 -> call(L);
            case 1 -> call(L, args[0]);
            case 2 -> call(L, args[0], args[1]);
            default -> call(L, args[0], args[1], args[2]);
        };
    }
}
