package io.memroute.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing a script does takes the host with it. */
class LimitsTest {

    private static Object run(LuaLimits limits, String text) {
        LuaState L = new LuaState(new LuaHost(), limits);
        return L.run(L.load(text.getBytes(StandardCharsets.UTF_8), "=script"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while true do end",
                "repeat until false",
                "for i = 1, math.huge do end",
                "for k in function() return 1 end do end",
                "::top:: goto top",
                "local function f() return f() end f()",
                "local function f() g() end function g() return f() end local ok while true do ok = pcall(f) end",
                "while true do pcall(error) end",
                "coroutine.wrap(function() while true do end end)()",
                "local t = setmetatable({}, { __index = function(t, k) return t[k + 1] end }) while true do pcall(function() return t[1] end) end",
                "string.rep('x', 1e7):find(('.-'):rep(20) .. 'y')",
            })
    void stepsAndTimeEndEndlessScripts(String script) {
        assertThatThrownBy(() -> run(LuaLimits.NONE.withSteps(200_000).withTime(Duration.ofSeconds(5)), script))
                .isInstanceOf(LuaError.class)
                .hasMessageContaining("budget of");
    }

    @Test
    void timeEndsEndlessScripts() {
        assertThatThrownBy(() -> run(LuaLimits.NONE.withTime(Duration.ofMillis(50)), "while true do end"))
                .isInstanceOf(LuaError.class)
                .hasMessage("script:1: time budget of 50 ms exceeded");
    }

    @Test
    void aBudgetIsCountedFromEachEntry() {
        LuaState L = new LuaState(new LuaHost(), LuaLimits.NONE.withSteps(50_000));
        LuaFunction f = L.load("for i = 1, 20000 do end return 1".getBytes(StandardCharsets.UTF_8), "=script");
        for (int i = 0; i < 10; i++) {
            assertThat(L.run(f)).isEqualTo(1L);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local t = {} for i = 1, math.huge do t[i] = {} end",
                "local s = 'x' while true do s = s .. s end",
                "return ('x'):rep(1 << 30)",
                "local t = {} while true do t[#t + 1] = string.rep('y', 1000) end",
                "return table.concat({('x'):rep(1e6), ('y'):rep(1e6)}, ('z'):rep(3e7))",
            })
    void memoryIsBounded(String script) {
        assertThatThrownBy(() -> run(LuaLimits.NONE.withAllocatedBytes(16 << 20), script)).isInstanceOf(LuaError.class).hasMessageContaining("not enough memory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local function f() return 1 + f() end f()",
                "local function f(...) local a, b, c = f(...) return a end f(1, 2, 3)",
                "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x",
                "local t = setmetatable({}, {}) getmetatable(t).__tostring = tostring return tostring(t)",
                "local function f(s) return (s:gsub('.', f)) end f('x')",
                "local t = setmetatable({}, { __add = function(a, b) return a + b end }) return t + t",
                "local function nest(co) return coroutine.wrap(nest)(nest) end nest()",
                "local t = {} for i = 1, 10 do t[i] = i end table.sort(t, function(a, b) local function r() return 1 + r() end return r() end)",
            })
    void deepRecursionIsALuaError(String script) {
        assertThatThrownBy(() -> run(LuaLimits.NONE, script)).isInstanceOf(LuaError.class).hasMessageContaining("stack overflow");
    }

    @Test
    void aStackOverflowCanBeCaughtAndTheStateGoesOn() {
        Object r = run(LuaLimits.NONE, "local function f() return 1 + f() end for i = 1, 20 do local ok, e = pcall(f) assert(not ok and e:find('stack overflow')) end return 'fine'");
        assertThat(r).isEqualTo(LuaString.of("fine"));
    }

    /** A thread may have a smaller stack than the call depth was chosen for. */
    @Test
    void aJavaStackThatIsTooSmallIsALuaErrorToo() throws InterruptedException {
        Throwable[] thrown = new Throwable[1];
        Thread small = new Thread(null, () -> {
            try {
                run(LuaLimits.NONE.withCallDepth(1_000_000), "local function f(a, b, c) local x, y, z = a, b, c return 1 + f(x, y, z) end f(1, 2, 3)");
            } catch (Throwable t) {
                thrown[0] = t;
            }
        }, "small", 256 << 10);
        small.start();
        small.join();
        assertThat(thrown[0]).isInstanceOf(LuaError.class).hasMessageContaining("stack overflow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "{", "function() ", "a[", "not ", "- ", "f(", "a..", "if a then ", "while a do ", "do ", "::l:: do ", "a = function() "})
    void deepNestingIsASyntaxError(String piece) {
        LuaState L = new LuaState();
        String prefix = piece.startsWith("if") || piece.startsWith("while") || piece.startsWith("do") || piece.startsWith("::") || piece.startsWith("a = ") ? "" : "return ";
        assertThatThrownBy(() -> L.load((prefix + piece.repeat(100_000)).getBytes(StandardCharsets.UTF_8), "=deep")).isInstanceOf(LuaError.class);
    }

    @Test
    void longChainsOfOperatorsAndFieldsLoadAndRun() {
        assertThat(run(LuaLimits.NONE, "return 0" + " + 1".repeat(50_000))).isEqualTo(50_000L);
        assertThat(run(LuaLimits.NONE, "local t = {} t.t = t return t" + ".t".repeat(150) + " == t")).isEqualTo(Boolean.TRUE);
    }

    @Test
    void functionsTooBigForTheJvmRunInterpreted() {
        StringBuilder text = new StringBuilder("local function big(x) local s = 0\n");
        for (int i = 0; i < 20_000; i++) {
            text.append("s = s + x * ").append(i).append(" if s < 0 then s = 0 end\n");
        }
        text.append("return s end local r for _ = 1, 2 do r = big(1) end return r");
        assertThat(run(LuaLimits.NONE, text.toString())).isEqualTo(20_000L * 19_999 / 2);
    }

    @Test
    void exitIsTheHostsChoice() {
        assertThatThrownBy(() -> run(LuaLimits.NONE, "os.exit(3)")).isInstanceOf(LuaError.class).hasMessageContaining("os.exit is not available here");
    }
}
