package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.CallStack;
import io.memroute.lua.Coroutine;
import io.memroute.lua.Function0;
import io.memroute.lua.Function1;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import java.util.Arrays;
import java.util.Locale;

/** {@code coroutine} (manual, section 6.2). */
public final class CoroutineLibrary implements LuaLibrary {
    private static final LuaString[] STATUS_NAMES = Arrays.stream(Coroutine.Status.values())
            .map(s -> LuaString.constant(s.name().toLowerCase(Locale.ROOT)))
            .toArray(LuaString[]::new);

    @Override
    public String name() {
        return "coroutine";
    }

    @Override
    public LuaTable open(LuaState L) {
        LuaTable t = new LuaTable();
        for (LuaFunction f : new LuaFunction[] {
            new Create(),
            new Resume(),
            new Yield(),
            new Wrap(),
            new StatusOf(),
            new Running(),
            new IsYieldable(),
            new Close()
        }) {
            t.put(f.name(), f);
        }
        return t;
    }

    private static Coroutine coroutine(LuaState L, Object value, int n) {
        if (value instanceof Coroutine c) {
            return c;
        }
        throw Args.typeError(L, value, n, "coroutine");
    }

    private static final class Create extends Function1 {
        Create() {
            super("create");
        }

        @Override
        public Object call(LuaState L, Object body) {
            return L.newCoroutine(Args.function(L, body, 1));
        }
    }

    private static final class Resume extends VarFunction {
        Resume() {
            super("resume");
        }

        @Override
        public Object call(LuaState L, Object co) {
            return resume(coroutine(L, co, 1), Results.NONE);
        }

        @Override
        public Object call(LuaState L, Object co, Object value) {
            return resume(coroutine(L, co, 1), value);
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            Coroutine co = coroutine(L, Args.at(args, 1), 1);
            return resume(co, Arrays.copyOfRange(args, 1, args.length));
        }

        private static Object resume(Coroutine co, Object args) {
            Object r;
            try {
                r = co.resume(args);
            } catch (LuaError e) {
                return Results.of(Boolean.FALSE, e.value());
            }
            if (!Results.isMany(r)) {
                return Results.of(Boolean.TRUE, r);
            }
            Object[] values = (Object[]) r;
            Object[] all = new Object[values.length + 1];
            all[0] = Boolean.TRUE;
            System.arraycopy(values, 0, all, 1, values.length);
            return all;
        }
    }

    /** {@code yield}. */
    static final class Yield extends VarFunction {
        Yield() {
            super("yield");
        }

        @Override
        public Object call(LuaState L) {
            return L.yield(Results.NONE);
        }

        @Override
        public Object call(LuaState L, Object value) {
            return L.yield(value);
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            return L.yield(args);
        }
    }

    private static final class Wrap extends Function1 {
        Wrap() {
            super("wrap");
        }

        @Override
        public Object call(LuaState L, Object body) {
            return new Wrapped(L.newCoroutine(Args.function(L, body, 1)));
        }
    }

    private static final class Wrapped extends VarFunction {
        private final Coroutine coroutine;

        Wrapped(Coroutine coroutine) {
            super("wrap");
            this.coroutine = coroutine;
        }

        @Override
        public Object call(LuaState L) {
            return resume(L, Results.NONE);
        }

        @Override
        public Object call(LuaState L, Object value) {
            return resume(L, value);
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            return resume(L, args);
        }

        private Object resume(LuaState L, Object args) {
            boolean alive = coroutine.status() == Coroutine.Status.SUSPENDED;
            try {
                return coroutine.resume(args);
            } catch (LuaError e) {
                Object value = e.value();
                if (alive && coroutine.status() == Coroutine.Status.DEAD) {
                    LuaError closing = coroutine.close();
                    value = closing == null ? value : closing.value();
                }
                // A message gets the place of the caller in front, as the caller is where it goes on.
                if (value instanceof LuaString s) {
                    value = L.concat(LuaString.of(CallStack.where(L, 1)), s);
                }
                throw CallStack.raise(L, value);
            }
        }
    }

    private static final class StatusOf extends Function1 {
        StatusOf() {
            super("status");
        }

        @Override
        public Object call(LuaState L, Object co) {
            return STATUS_NAMES[coroutine(L, co, 1).status().ordinal()];
        }
    }

    private static final class Running extends Function0 {
        Running() {
            super("running");
        }

        @Override
        public Object call(LuaState L) {
            Coroutine c = L.running();
            return c == null ? Results.of(L.mainCoroutine(), Boolean.TRUE) : Results.of(c, Boolean.FALSE);
        }
    }

    private static final class IsYieldable extends Function1 {
        IsYieldable() {
            super("isyieldable");
        }

        @Override
        public Object call(LuaState L, Object co) {
            if (co == null || co == L.running()) {
                return L.isYieldable();
            }
            return coroutine(L, co, 1) != L.mainCoroutine();
        }
    }

    private static final class Close extends Function1 {
        Close() {
            super("close");
        }

        @Override
        public Object call(LuaState L, Object co) {
            LuaError e = coroutine(L, co, 1).close();
            return e == null ? Boolean.TRUE : Results.of(Boolean.FALSE, e.value());
        }
    }
}
