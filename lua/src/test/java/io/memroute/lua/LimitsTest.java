package io.memroute.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing a script does takes the host with it. */
class LimitsTest {

    private static Object run(LuaLimits limits, String text) {
        LuaState L = StandardLibraries.newState(new LuaHost(), limits);
        return L.run(Chunk.load(L, text.getBytes(StandardCharsets.UTF_8), "=script"));
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
                "local t = setmetatable({}, { __index = function(t, k) return t[k + 1] end }) while true "
                        + "do pcall(function() return t[1] end) end",
                "string.rep('x', 1e7):find(('.-'):rep(20) .. 'y')",
            })
    void stepsAndTimeEndEndlessScripts(String script) {
        assertThatThrownBy(() -> run(LuaLimits.NONE.withSteps(200_000).withTime(Duration.ofSeconds(5)), script))
                .isInstanceOf(LuaError.class)
                .hasMessageContaining("budget of");
    }

    /** Each is within every limit but one of them, and would go on for longer than anybody waits. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // patterns
                "string.gsub(string.rep('a', 1e5), '.-.-.-.-.-b', '')",
                "string.find(string.rep('a', 1e5), '.-.-.-.-.-b')",
                "string.match(string.rep('a', 1e5), '.-.-.-.-.-b')",
                "for _ in string.gmatch(string.rep('a', 1e5), '.-.-.-.-.-b') do end",
                "pcall(string.gsub, string.rep('a', 1e5), '.-.-.-.-.-b', '') pcall(string.rep, 'a', 5) return 1",
                "while true do pcall(string.gsub, string.rep('a', 1e5), '.-.-.-.-.-b', '') end",
                "local s = string.rep('(', 1e5) for i = 1, 1e9 do s:find('%b()', 1) end",
                // what catches errors
                "local function f() pcall(f) pcall(f) end f()",
                "local function f() xpcall(f, f) xpcall(f, f) end f()",
                "local function f() debug.getlocal(1, 1) pcall(f) pcall(f) end f()",
                "local function f() coroutine.wrap(f)() end while true do pcall(f) end",
                "local function f() coroutine.resume(coroutine.create(f)) "
                        + "coroutine.resume(coroutine.create(f)) end f()",
                "xpcall(error, function() while true do end end)",
                "xpcall(function() while true do end end, function() while true do end end)",
                "while true do xpcall(error, error) end",
                "while true do load('while true do end')() end",
                "load(function() while true do end end)",
                "load(function() return 'return ' end)",
                "load(coroutine.wrap(function() while true do coroutine.yield(' ') end end))",
                "while true do local ok, e = pcall(require, 'nothing') end",
                // what runs at the end of something
                "local x <close> = setmetatable({}, { __close = function() while true do end end })",
                "local x <close> = setmetatable({}, { __close = function() while true do end end }) error('x')",
                "local x <close> = setmetatable({}, { __close = function() while true do end end }) while true do end",
                "local co = coroutine.create(function() local x <close> = setmetatable({}, { __close = "
                        + "function() while true do end end }) coroutine.yield() end) "
                        + "coroutine.resume(co) coroutine.close(co)",
                "for k in next, {1}, nil, setmetatable({}, { __close = function() while true do end end }) do end",
                // metamethods
                "local t = setmetatable({}, { __index = function(t, k) return t[k] end }) while true do "
                        + "pcall(function() return t.x end) end",
                "return tostring(setmetatable({}, { __tostring = function() while true do end end }))",
                "return table.concat(setmetatable({}, { __len = function() return 1e9 end, __index = "
                        + "function() return '' end }))",
                "table.sort(setmetatable({}, { __len = function() return 1e9 end, __index = function() "
                        + "return 1 end, __newindex = function() end }))",
                "table.move({}, 1, 1 << 40, 2)",
                "table.insert(setmetatable({}, { __len = function() return 1 << 40 end }), 1, 1)",
                "table.remove(setmetatable({}, { __len = function() return 1 << 40 end }), 1)",
                // steps that take long
                "local t = {} for i = 1, 1e5 do t[i] = i end while true do table.insert(t, 1, 1) "
                        + "table.remove(t, 1) end",
                "local t = {} for i = 1, 1e5 do t[i] = i end while true do select('#', table.unpack(t)) end",
                "local t = {} for i = 1, 1e5 do t[i] = i end local function f(...) return f(...) end "
                        + "f(table.unpack(t))",
                "local a, b = ('x'):rep(5e6) .. 'a', ('x'):rep(5e6) .. 'b' while true do local _ = a < b end",
                "local s = ('x'):rep(5e6) while true do s:find('y', 1, true) end",
                "local s = ('x'):rep(5e6) while true do s:find('y') end",
                "local s = ('x'):rep(5e6) while true do utf8.len(s) end",
                "local s = ('x'):rep(1e6) while true do utf8.offset(s, -1000000) end",
                "local s = ('9'):rep(5e6) while true do tonumber(s) end",
                "local s = ('9'):rep(5e6) while true do local _ = s + 0 end",
                "local s = ('x'):rep(5e6) while true do s:byte(1, 100000) end",
                "local s = ('x = 1 '):rep(5e5) while true do load(s) end",
                "local s = ('-'):rep(5e6) while true do load(s) end",
                "while true do load('return function() end')() end",
            })
    @Timeout(60)
    void nothingKeepsAnEntryFromEnding(String script) {
        LuaLimits limits = LuaLimits.NONE
                .withSteps(1L << 40)
                .withTime(Duration.ofMillis(100))
                .withAllocatedBytes(1L << 40);
        assertThatThrownBy(() -> run(limits, script))
                .isInstanceOf(LimitError.class)
                .hasMessageContaining("time budget of 100 ms exceeded");
        LuaLimits steps = LuaLimits.NONE.withSteps(500_000);
        assertThatThrownBy(() -> run(steps, script))
                .isInstanceOf(LimitError.class)
                .hasMessageContaining("instruction budget of");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pcall(function() while true do end end) reached = true",
                "xpcall(function() while true do end end, function() reached = true end)",
                "coroutine.resume(coroutine.create(function() while true do end end)) reached = true",
                "local x <close> = setmetatable({}, { __close = function() reached = true end }) while true do end",
                "local co = coroutine.wrap(function() local x <close> = setmetatable({}, { __close = "
                        + "function() reached = true end }) while true do end end) pcall(co)",
                "load(function() while true do end end) reached = true",
                "pcall(string.gsub, string.rep('a', 1e5), '.-.-.-.-.-b', '') reached = true",
                "pcall(string.rep, 'x', 1 << 30) reached = true",
            })
    void whatIsUsedUpEndsTheEntryAndNothingOfItRunsAnyMore(String script) {
        LuaState L = StandardLibraries.newState(
                new LuaHost(), LuaLimits.NONE.withSteps(200_000).withAllocatedBytes(64 << 20));
        LuaFunction function = Chunk.load(L, script.getBytes(StandardCharsets.UTF_8), "=script");
        assertThatThrownBy(() -> L.run(function)).isInstanceOf(LimitError.class).hasMessageStartingWith("script:1: ");
        assertThat(L.global("reached")).isNull();
        assertThat(L.run(Chunk.load(L, "return 1".getBytes(StandardCharsets.UTF_8), "=next")))
                .isEqualTo(1L);
    }

    @Test
    void aCountSpansAllEntriesUntilItIsClosed() {
        LuaState L = StandardLibraries.newState(new LuaHost(), LuaLimits.NONE.withSteps(50_000));
        LuaFunction f = Chunk.load(L, "for i = 1, 20000 do end return 1".getBytes(StandardCharsets.UTF_8), "=script");
        try (LuaState.Count all = L.count()) {
            L.run(f);
            L.run(f);
            assertThatThrownBy(() -> L.run(f)).isInstanceOf(LimitError.class);
            assertThatThrownBy(() -> L.run(f)).isInstanceOf(LimitError.class);
        }
        assertThat(L.run(f)).isEqualTo(1L);
    }

    @Test
    void timeEndsEndlessScripts() {
        assertThatThrownBy(() -> run(LuaLimits.NONE.withTime(Duration.ofMillis(50)), "while true do end"))
                .isInstanceOf(LuaError.class)
                .hasMessage("script:1: time budget of 50 ms exceeded");
    }

    @Test
    void aBudgetIsCountedFromEachEntry() {
        LuaState L = StandardLibraries.newState(new LuaHost(), LuaLimits.NONE.withSteps(50_000));
        LuaFunction f = Chunk.load(L, "for i = 1, 20000 do end return 1".getBytes(StandardCharsets.UTF_8), "=script");
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
                "local s = ('x'):rep(1e6) local t = {} for i = 1, 200 do t[i] = s end return "
                        + "('%s'):rep(200):format(table.unpack(t))",
                "local s = ('x'):rep(1e6) return ('x'):rep(200):gsub('x', s)",
                "local s = ('x'):rep(1e6) local t = {} for i = 1, 200 do t[i] = s end return table.concat(t)",
                "local t = {} for i = 1, 5e5 do t[i] = i end local u = {} while true do u[#u + 1] = { "
                        + "table.unpack(t) } end",
                "local t = {} for i = 1, 5e5 do t[i] = i end local u = {} while true do u[#u + 1] = "
                        + "table.pack(table.unpack(t)) end",
                "local t = {} for i = 1, 5e5 do t[i] = i end local u = {} local function f(...) while "
                        + "true do u[#u + 1] = { ... } end end f(table.unpack(t))",
                "local t = {} for i = 1, 5e5 do t[i] = i end local u = {} local function f(...) u[#u + 1] "
                        + "= function(...) end return f(1, ...) end f(table.unpack(t))",
                "local u = {} local s = ('x'):rep(5e5) while true do u[#u + 1] = { s:byte(1, -1) } end",
                "return load(('x = {} '):rep(1e6))",
                "local u = {} while true do u[#u + 1] = load('return function() return {} end')() end",
                "local u = {} while true do u[#u + 1] = coroutine.create(function() end) coroutine.resume(u[#u]) end",
            })
    void memoryIsBounded(String script) {
        assertThatThrownBy(() -> run(LuaLimits.NONE.withAllocatedBytes(16 << 20), script))
                .isInstanceOf(LuaError.class)
                .hasMessageContaining("not enough memory");
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
                "local t = {} for i = 1, 10 do t[i] = i end table.sort(t, function(a, b) local function "
                        + "r() return 1 + r() end return r() end)",
            })
    void deepRecursionIsALuaError(String script) {
        assertThatThrownBy(() -> run(LuaLimits.NONE, script))
                .isInstanceOf(LuaError.class)
                .hasMessageContaining("stack overflow");
    }

    @Test
    void aStackOverflowCanBeCaughtAndTheStateGoesOn() {
        Object r = run(
                LuaLimits.NONE,
                "local function f() return 1 + f() end for i = 1, 20 do local ok, e = pcall(f) assert(not "
                        + "ok and e:find('stack overflow')) end return 'fine'");
        assertThat(r).isEqualTo(LuaString.of("fine"));
    }

    /** A thread may have a smaller stack than the call depth was chosen for. */
    @Test
    void aJavaStackThatIsTooSmallIsALuaErrorToo() throws InterruptedException {
        Throwable[] thrown = new Throwable[1];
        Thread small = new Thread(
                null,
                () -> {
                    try {
                        run(
                                LuaLimits.NONE.withCallDepth(1_000_000),
                                "local function f(a, b, c) local x, y, z = a, b, c return 1 + f(x, y, z) "
                                        + "end f(1, 2, 3)");
                    } catch (Throwable t) {
                        thrown[0] = t;
                    }
                },
                "small",
                256 << 10);
        small.start();
        small.join();
        assertThat(thrown[0]).isInstanceOf(LuaError.class).hasMessageContaining("stack overflow");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "{",
                "function() ",
                "a[",
                "not ",
                "- ",
                "f(",
                "a..",
                "if a then ",
                "while a do ",
                "do ",
                "::l:: do ",
                "a = function() "
            })
    void deepNestingIsASyntaxError(String piece) {
        LuaState L = StandardLibraries.newState();
        String prefix = piece.startsWith("if")
                        || piece.startsWith("while")
                        || piece.startsWith("do")
                        || piece.startsWith("::")
                        || piece.startsWith("a = ")
                ? ""
                : "return ";
        assertThatThrownBy(
                        () -> Chunk.load(L, (prefix + piece.repeat(100_000)).getBytes(StandardCharsets.UTF_8), "=deep"))
                .isInstanceOf(LuaError.class);
    }

    @Test
    void longChainsOfOperatorsAndFieldsLoadAndRun() {
        assertThat(run(LuaLimits.NONE, "return 0" + " + 1".repeat(50_000))).isEqualTo(50_000L);
        assertThat(run(LuaLimits.NONE, "local t = {} t.t = t return t" + ".t".repeat(150) + " == t"))
                .isEqualTo(Boolean.TRUE);
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
        assertThatThrownBy(() -> run(LuaLimits.NONE, "os.exit(3)"))
                .isInstanceOf(LuaError.class)
                .hasMessageContaining("os.exit is not available here");
    }
}
