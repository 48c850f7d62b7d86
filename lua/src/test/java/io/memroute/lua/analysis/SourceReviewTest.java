package io.memroute.lua.analysis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.lua.LuaError;
import io.memroute.lua.text.WorkMeter;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceReviewTest {

    private static SourceReview review(String text) {
        return SourceReview.of(text.getBytes(UTF_8), WorkMeter.NONE);
    }

    private static List<String> globals(String text) {
        return review(text).globals().stream()
                .map(use ->
                        use.line() + " " + use.text() + " " + use.where() + (use.inFunction() ? " in a function" : ""))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x = FOO                              | Value[]",
                "x = { FOO }                          | Item[]",
                "x = { a = FOO }                      | Field[name=a]",
                "x = { a = (FOO) }                    | Field[name=a]",
                "x = { a = y and FOO or z }           | Field[name=a]",
                "x = { a = y or FOO }                 | Field[name=a]",
                "local f f(FOO)                       | Argument[function=]",
                "local f f'' (FOO)                    | Argument[function=]",
                "FOO()                                | Base[]",
                "FOO:bar()                            | Base[]",
                "for k in pairs(FOO) do end           | Base[]",
                "x = #FOO                             | Base[]",
                "x = FOO[1]                           | Base[]",
                "FOO.bar = 1                          | Base[]",
                "x = FOO == 'prod'                    | Value[]",
                "x = 'a' .. FOO                       | Value[]",
                "return FOO                           | Value[]",
                "x = _G.FOO                           | Value[]",
                "x = _ENV.FOO                         | Value[]",
            })
    void saysWhatAGlobalIsReadFor(String text, String where) {
        assertThat(review(text).globals())
                .filteredOn(use -> use.path().getFirst().equals("FOO"))
                .extracting(use -> use.where().toString())
                .containsExactly(where);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "if FOO then x = FOO end",
                "if not FOO then end",
                "if a and FOO then end",
                "while FOO do break end",
                "repeat until FOO",
                "x = FOO or 1",
                "FOO = FOO or {}",
                "x = FOO and FOO.bar",
                "x = FOO == nil",
                "x = nil ~= FOO",
                "x = type(FOO)",
                "x = assert(FOO, 'FOO is missing')",
                "if FOO.bar then x = FOO.bar end x = { FOO.bar }",
                "if _G.FOO then x = FOO end",
                "local FOO = 1 x = FOO",
                "local function f(FOO) return FOO end",
                "local _ENV = {} x = FOO",
            })
    void isSilentAboutGlobalsThatMayBeMissing(String text) {
        assertThat(review(text).globals())
                .filteredOn(use ->
                        use.path().getFirst().equals("FOO") && !use.text().equals("FOO.bar"))
                .filteredOn(use -> !(use.where() instanceof NameUse.Where.Base))
                .isEmpty();
        assertThat(review(text).globals()).noneMatch(use -> use.text().equals("FOO.bar"));
    }

    @Test
    void givesWholePathsWithTheirLines() {
        assertThat(globals("x = {\n  a = mcp.dist_ring_hash.hash,\n}\nfunction f() return mcp\n.log end"))
                .containsExactly("2 mcp.dist_ring_hash.hash Field[name=a]", "5 mcp.log Value[] in a function");
    }

    @Test
    void knowsWhatIsAssigned() {
        assertThat(new TreeSet<>(
                        review("a = 1 function b() c = 1 end function d.e() end local f = 1 f = 2 d.g, _G.h = 1, 2")
                                .assigned()))
                .containsExactly("a", "b", "c", "d.e", "d.g", "h");
    }

    private static List<String> missing(String text) {
        return review(text).missingFields().stream()
                .map(field -> field.use().line() + " " + field.use().text() + " "
                        + field.use().where() + " of " + new TreeSet<>(field.fields())
                        + (field.global() ? " global" : ""))
                .toList();
    }

    @Test
    void findsFieldsThatATableDoesNotHave() {
        assertThat(missing("local T = { read = 1, connect = 2 }\nx = { readtimeout = T.raed }"))
                .containsExactly("2 T.raed Field[name=readtimeout] of [connect, read]");
        assertThat(missing("T = { read = 1 }\nx = T.raed")).containsExactly("2 T.raed Value[] of [read] global");
        assertThat(missing("local T = { a = { b = 1 } } x = T.a.c x = T.c.b"))
                .containsExactly("1 T.a.c Value[] of [b]", "1 T.c Base[] of [a]");
        assertThat(missing("local T = { read = 1 } local function f() return T.raed end"))
                .containsExactly("1 T.raed Value[] of [read]");
        assertThat(missing("local T = { read = 1 } for k, v in pairs(T) do end x = { a = T, b = T.raed }"))
                .containsExactly("1 T.raed Field[name=b] of [read]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "local T = { read = 1 } x = T.read",
                "local T = {} T.read = 1 x = T.read",
                "local T = {} x = { a = T.read } T.read = 1",
                "local T = {} function T.f() end T.f()",
                "local T = {} T[k] = 1 x = T.read",
                "local T = { [k] = 1 } x = T.read",
                "local T = {} fill(T) x = T.read",
                "local T = {} setmetatable(T, m) x = T.read",
                "local T = {} local U = T U.read = 1 x = T.read",
                "local T = { a = {} } local U = T.a U.read = 1 x = T.a.read",
                "local T = {} T:fill() x = T.read",
                "local T = {} T = other x = T.read",
                "local T = { a = {} } T.a = other x = T.a.read",
                "T = {} T = other x = T.read",
                "local T = other() x = T.read",
                "local T = { read = 1 } if T.raed then x = T.raed end",
                "local T = { read = 1 } x = T.raed or 1",
                "local T = { 1, 2 } x = T[3]",
                "local function f(T) return T.read end",
            })
    void isSilentAboutFieldsThatMayBeThere(String text) {
        assertThat(missing(text)).isEmpty();
    }

    @Test
    void findsKeysThatATableGivesTwice() {
        assertThat(review("x = {\n a = 1,\n ['a'] = 2,\n b = { a = 1 }, [1] = 'x',\n 'y', 'z', [k] = 1, [k] = 2 }")
                        .doubleKeys())
                .containsExactly(new DoubleKey("a", 3, 2), new DoubleKey("[1]", 5, 4));
    }

    @Test
    void readsFilesOfTheShell() {
        assertThat(globals("#!/bin/memroute\nx = FOO")).containsExactly("2 FOO Value[]");
    }

    @Test
    void givesUpOnTextsThatAreNestedTooDeep() {
        assertThatThrownBy(() -> review("x = " + "a < ".repeat(1_000_000) + "a"))
                .isInstanceOf(LuaError.class);
    }

    @Test
    void refusesWhatIsNotLua() {
        assertThatThrownBy(() -> review("x = = 1")).isInstanceOf(LuaError.class);
    }
}
