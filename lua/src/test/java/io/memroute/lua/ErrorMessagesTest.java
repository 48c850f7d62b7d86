package io.memroute.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.memroute.lua.load.Chunk;
import io.memroute.lua.standard.StandardLibraries;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors say what C Lua 5.4's say: place, operation, and the name of what was wrong. */
class ErrorMessagesTest {
    private static final String CASES = """
            return nothing.x | attempt to index a nil value (global 'nothing')
            local a; return a.b | attempt to index a nil value (local 'a')
            local a = {}; return a.b.c | attempt to index a nil value (field 'b')
            local a = {}; a.b.c = 1 | attempt to index a nil value (field 'b')
            local a; local function f() return a.x end f() | attempt to index a nil value (upvalue 'a')
            local t = {}; return t[1][2] | attempt to index a nil value (field 'integer index')
            local t, k = {}, 'k'; return t[k].x | attempt to index a nil value (field '?')
            nothing() | attempt to call a nil value (global 'nothing')
            local t = {}; t.f() | attempt to call a nil value (field 'f')
            local t = {}; t:m() | attempt to call a nil value (method 'm')
            local f = 3; f() | attempt to call a number value (local 'f')
            return (1)() | attempt to call a number value
            return 1 + nil | attempt to perform arithmetic on a nil value
            local x; return x + 1 | attempt to perform arithmetic on a nil value (local 'x')
            local x = {}; return 2 * x.y | attempt to perform arithmetic on a nil value (field 'y')
            return -{} | attempt to perform arithmetic on a table value
            return 'x' .. {} | attempt to concatenate a table value
            local a, b = 'x'; return a .. b | attempt to concatenate a nil value (local 'b')
            return 1 < 'x' | attempt to compare number with string
            return {} < {} | attempt to compare two table values
            return nil > 1 | attempt to compare number with nil
            return #5 | attempt to get length of a number value
            local n; return #n | attempt to get length of a nil value (local 'n')
            return 1 & 1.5 | number has no integer representation
            local f = 1.5; return f | 1 | number (local 'f') has no integer representation
            return 1 & {} | attempt to perform bitwise operation on a table value
            return 1 // 0 | attempt to divide by zero
            return 1 % 0 | attempt to perform 'n%0'
            local t = {}; t[nil] = 1 | index is nil
            local t = {}; t[0/0] = 1 | index is NaN
            for i = 1, {} do end | bad 'for' limit (number expected, got table)
            for i = 'x', 1 do end | bad 'for' initial value (number expected, got string)
            for i = 1, 2, 0 do end | 'for' step is zero
            for k in 5 do end | attempt to call a number value (for iterator 'for iterator')
            string.rep() | bad argument #1 to 'rep' (string expected, got no value)
            string.rep('x') | bad argument #2 to 'rep' (number expected, got no value)
            string.rep('x', {}) | bad argument #2 to 'rep' (number expected, got table)
            string.rep('x', 1.5) | bad argument #2 to 'rep' (number has no integer representation)
            ('x'):rep({}) | bad argument #1 to 'rep' (number expected, got table)
            local s = string.rep; s() | bad argument #1 to 's' (string expected, got no value)
            setmetatable(1, {}) | bad argument #1 to 'setmetatable' (table expected, got number)
            tostring() | bad argument #1 to 'tostring' (value expected)
            table.insert(nil, 1) | bad argument #1 to 'insert' (table expected, got nil)
            table.insert({}, 1, 2, 3) | wrong number of arguments to 'insert'
            math.floor('a') | bad argument #1 to 'floor' (number expected, got string)
            error('told') | told
            error('told', 0) | =told
            local x <close> = 42 | variable 'x' got a non-closable value
            """;

    @Test
    void sayWhatCLuaSays() {
        for (String line : CASES.lines().toList()) {
            int bar = line.lastIndexOf(" | ");
            String code = line.substring(0, bar);
            String expected = line.substring(bar + 3);
            String message = expected.startsWith("=") ? expected.substring(1) : "test:1: " + expected;
            for (boolean interpreted : new boolean[] {false, true}) {
                // A loop makes a main chunk worth compiling.
                assertThat(messageOf("repeat do " + code + " end until true", interpreted))
                        .as(code)
                        .isEqualTo(message);
            }
        }
    }

    private static String messageOf(String code, boolean interpreted) {
        LuaState L = StandardLibraries.newState();
        Chunk chunk = Chunk.compile(
                code.getBytes(StandardCharsets.UTF_8), LuaString.of("=test"), new Chunk.Options(false, interpreted));
        LuaError e = catchThrowableOfType(LuaError.class, () -> L.run(chunk.function(L.globals())));
        return e == null ? "no error" : e.getMessage();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            @dir/file.lua      | dir/file.lua:2: oops
            =label             | label:2: oops
            return 1           | [string "return 1"]:2: oops
            """)
    void nameTheChunk(String chunkName, String message) {
        LuaState L = StandardLibraries.newState();
        LuaFunction f = Chunk.load(L, "\nerror('oops')".getBytes(StandardCharsets.UTF_8), chunkName);
        assertThat(catchThrowableOfType(LuaError.class, () -> L.run(f))).hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void carryATraceback(boolean interpreted) {
        String text = """
                local function inner() error("deep") end
                local function middle() inner() return 1 end
                function outer() middle() return 1 end
                for _ = 1, 1 do outer() end
                """;
        LuaState L = StandardLibraries.newState();
        Chunk chunk = Chunk.compile(
                text.getBytes(StandardCharsets.UTF_8), LuaString.of("@t.lua"), new Chunk.Options(false, interpreted));
        LuaError e = catchThrowableOfType(LuaError.class, () -> L.run(chunk.function(L.globals())));
        assertThat(e).hasMessage("t.lua:1: deep");
        assertThat(e.traceback()).isEqualTo("""
                        stack traceback:
                        \t[C]: in function 'error'
                        \tt.lua:1: in upvalue 'inner'
                        \tt.lua:2: in upvalue 'middle'
                        \tt.lua:3: in function 'outer'
                        \tt.lua:4: in main chunk""");
    }

    @Test
    void showTailCallsInTracebacks() {
        LuaState L = StandardLibraries.newState();
        LuaFunction f = Chunk.load(
                L,
                "local function g() error('x') end\nfunction f() return g() end\nfor _ = 1, 1 do f() end"
                        .getBytes(StandardCharsets.UTF_8),
                "@t.lua");
        LuaError e = catchThrowableOfType(LuaError.class, () -> L.run(f));
        assertThat(e.traceback())
                .contains("t.lua:1: in function <t.lua:1>\n\t(...tail calls...)\n\tt.lua:3: in main chunk");
    }
}
