package io.memroute.lua.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.lua.Calls;
import io.memroute.lua.Coroutine;
import io.memroute.lua.Function0;
import io.memroute.lua.Function1;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.Results;
import io.memroute.lua.standard.StandardLibraries;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumableCallTest {
    private final LuaState L = StandardLibraries.newState();

    /** How often the coroutine itself was suspended. */
    private int suspensions;

    /** What the function has waited for. */
    private final List<Object> waits = new ArrayList<>();

    private final Calls.WaitFunction wait = new Calls.WaitFunction("wait") {
        @Override
        public Object call(LuaState state, Object what) {
            return state.yield(what);
        }
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local a = wait(x) return a",
                "wait(x) return x",
                "local a a = wait(x) a = wait(a) return a, x",
                "local a, b, c = wait(x) return c, b, a",
                "if x then local a = wait(1) return a end return 0",
                "if not x then return 0 else wait(1) end",
                "local s = 0 for i = 1, 4 do local v = wait(i) s = s + v end return s",
                "local s = 0 for i = 10, 1, -3 do wait(i) s = s + i end return s",
                "local s = 0.5 for i = 1.0, 2.0, 0.25 do wait(i) s = s + i end return s",
                "local s, step = 1, x // 1 for i = x, x + 3, step do wait(i) s = s * i end return s",
                "local s = 0 for i, v in ipairs{ 3, 4, 5 } do local w = wait(v) s = s * 10 + v + w end return s",
                "local s = 0 for k, v in pairs{ a = 1, b = 2 } do wait(k) s = s + v end return s",
                "local s = 0 for k, v in next, { 7, 8 } do wait(k) s = s + v end return s",
                "for w in ('a b c'):gmatch('%a') do wait(w) end return x",
                "local n = 0 while n < 3 do n = n + 1 wait(n) if n == 2 then break end end return n",
                "local n = 0 repeat local m = wait(n) n = n + 1 until n > 2 return n",
                "for i = 1, 3 do if i == 2 then goto continue end wait(i) ::continue:: end return x",
                "local n = 0 local function add(d) n = n + d end add(1) wait(n) add(2) wait(n) return n",
                "local f = 1.5 local i = 3 wait(f) f = f * 2 i = i // 2 wait(i) return f, i, f / i",
                "local fs = {} for i = 1, 3 do wait(i) fs[i] = function() return i end end return fs[1]() + fs[3]()",
                "local t = { wait = wait, x = 3 } t.wait(x) local a = t.wait(t.x) return a",
                "local function ask(v) return wait(v) end local a = ask(x) return a + 1",
                "wait(1) return wait(x)",
                "local a = wait(x) return wait(a)",
                "local a <const> = 5 wait(a) return a",
                "x = wait(x) x = wait(x) return x",
                // A goto over a variable that is closed, entered before its declaration.
                "local a = wait(x) if a then goto done end local c <close> = setmetatable({}, { __close = print })"
                        + " do return 1 end ::done::",
                "for i = 1, 3 do wait(i) if i < 3 then goto continue end local c <close> = nil x = i ::continue:: end"
                        + " return x",
                "local t = {} for i = 1, 2 do for j = 1, 2 do t[#t + 1] = i * j wait(#t) end end return #t"
            })
    void goesOnWhereItWasLeftWithoutSuspendingTheCoroutine(String body) {
        check(body);
        assertThat(suspensions).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local a = 1 + wait(x) wait(a) return a",
                "local a, b = 1, wait(x) wait(a) return a, b",
                "local a <const> = 5 local b <close> = nil wait(a) return a, b",
                "local t = { wait(x) } local a = wait(t[1]) return a",
                "local ok, v = pcall(wait, x) wait(v) return v",
                "local c <close> = setmetatable({}, { __close = function() x = x + 1 end }) wait(x) return x",
                "local function ask(v) local r = wait(v) return r end local a = ask(x) return a",
                "local t = setmetatable({}, { __index = function(_, k) return wait(k) end }) local a = t.b wait(1)"
                        + " return a",
                "local s = 0 for v in function(_, last) if wait(x) < 12 then return 1 end end do s = s + v wait(v) end"
                        + " return s",
                "local r r = tostring(wait(x)) .. (wait(x)) wait(2) return r"
            })
    void suspendsTheCoroutineInOtherWaits(String body) {
        check(body);
        assertThat(suspensions).isPositive();
    }

    @Test
    void isThereOnlyForCompiledFunctionsThatCanBeLeft() {
        assertThat(ResumableCall.of(wait)).isNull();
        assertThat(ResumableCall.of(function("return x + 1"))).isNull();
        assertThat(ResumableCall.of(load("return function(...) wait(1) end"))).isNull();
        assertThat(ResumableCall.of(function("debug.getlocal(1, 1) wait(1)"))).isNull();
        assertThat(ResumableCall.of(function("wait(1)"))).isNotNull();
    }

    @Test
    void namesThePlaceOfAnErrorAfterAWait() {
        LuaFunction f = function("\n  local a = wait(x)\n  local b\n  return b.c");
        assertThatThrownBy(() -> run(Objects.requireNonNull(ResumableCall.of(f)), 1L))
                .isInstanceOf(LuaError.class)
                .hasMessageContaining("test:4: attempt to index a nil value (local 'b')");
    }

    @Test
    void aWaitIsNoTailCallInATraceback() {
        String body = "local f = load [[ local debug = debug local function g() return (debug.traceback()) end"
                + " local r = g() return r ]] local a = f() local b = 1 + wait(x) return a == f()";
        assertThat(inCoroutine(function(body), 1L)).containsExactly("true");
        assertThat(run(Objects.requireNonNull(ResumableCall.of(function(body + ", wait(x)"))), 1L))
                .startsWith("true");
    }

    @Test
    void sharesVariablesWithItsFunction() {
        Object results =
                results("local n = 0 return function(x) n = n + x wait(n) return n end, function() return n end");
        ResumableCall call = Objects.requireNonNull(ResumableCall.of((LuaFunction) Results.get(results, 0)));
        assertThat(run(call, 3L)).containsExactly("3");
        assertThat(run(call, 4L)).containsExactly("7");
        assertThat(L.call(Results.get(results, 1))).isEqualTo(7L);
    }

    @Test
    void countsNoDepthWhileItIsLeft() {
        ResumableCall call = Objects.requireNonNull(ResumableCall.of(function("for i = 1, 1000 do wait(i) end")));
        LuaFunction deep = load("local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end"
                + " return function(x) return f(150) end");
        LuaFunction host = new Function0("host") {
            @Override
            public Object call(LuaState state) {
                Object result = call.begin(state, 1L);
                while (call.isSuspended()) {
                    result = call.resume(state, 1L);
                }
                return Calls.resolve(state, Calls.call(state, deep, result));
            }
        };
        assertThat(L.call(host)).isEqualTo(150L);
    }

    /** Has the function run as a coroutine and as a resumable call: both must wait and return alike. */
    private void check(String body) {
        ResumableCall call = Objects.requireNonNull(ResumableCall.of(function(body)));
        for (int i = 0; i < 2; i++) {
            waits.clear();
            List<Object> expected = inCoroutine(function(body), 10L);
            List<Object> expectedWaits = List.copyOf(waits);
            waits.clear();
            suspensions = 0;
            assertThat(run(call, 10L)).isEqualTo(expected);
            assertThat(waits).isEqualTo(expectedWaits);
            assertThat(call.isSuspended()).isFalse();
            call.clear();
        }
    }

    /** What the n-th wait gives: two values now and then. */
    private Object answer() {
        long n = waits.size();
        return n % 2 == 0 ? Results.of(10 + n, LuaString.of("second")) : (Object) (10 + n);
    }

    private List<Object> inCoroutine(LuaFunction f, Object argument) {
        Coroutine c = L.newCoroutine(f);
        Object out = c.resume(argument);
        while (c.status() == Coroutine.Status.SUSPENDED) {
            waits.add(out);
            out = c.resume(answer());
        }
        return list(out);
    }

    /** As a host does: each step in a coroutine that comes to its end where the call is left. */
    private List<Object> run(ResumableCall call, Object argument) {
        Object[] in = {argument};
        while (true) {
            Object[] out = new Object[1];
            Coroutine c = L.newCoroutine(new Function0("host") {
                @Override
                public Object call(LuaState state) {
                    Object result = call.isSuspended() ? call.resume(state, in[0]) : call.begin(state, in[0]);
                    out[0] = Calls.resolveUpTo(state, result, wait);
                    return Results.NONE;
                }
            });
            Object yielded = c.resume(Results.NONE);
            while (c.status() == Coroutine.Status.SUSPENDED) {
                suspensions++;
                waits.add(yielded);
                yielded = c.resume(answer());
            }
            if (!Calls.isPending(out[0], wait)) {
                return list(out[0]);
            }
            waits.add(Calls.pendingArgument(out[0]));
            if (!call.isSuspended()) {
                return list(answer());
            }
            in[0] = answer();
        }
    }

    private static List<Object> list(Object results) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < Results.count(results); i++) {
            values.add(String.valueOf(Results.get(results, i)));
        }
        return values;
    }

    private LuaFunction function(String body) {
        return load("return function(x) " + body + " end");
    }

    private LuaFunction load(String text) {
        return (LuaFunction) Results.first(results(text));
    }

    private Object results(String text) {
        L.setGlobal("wait", new Function1("wait") {
            @Override
            public Object call(LuaState state, Object what) {
                return Calls.pending(wait, what);
            }
        });
        return L.run(Chunk.load(L, text.getBytes(StandardCharsets.UTF_8), "=test"));
    }
}
