package io.memroute.proxy.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.source.ConstructorIndex.Constructor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

public class ConstructorIndexTest {

    private static Constructor argument(String function, int line, String source) {
        return ConstructorIndex.of(source).argumentOf(function, line).orElseThrow();
    }

    @Test
    void findsTheLinesOfNamedQuotedAndPositionalKeys() {
        Constructor pools = argument("pools", 2, """
                -- pools{ not = "this" }
                pools{
                  main = {
                    backends = {
                      "a:1", "b:2",
                      { host = "c",
                        port = 3 },
                    },
                  },
                  ["quoted"] = {},
                  [42] = {},
                }
                """);
        assertThat(pools.line()).isEqualTo(2);
        assertThat(pools.lineOf("main")).isEqualTo(3);
        assertThat(pools.lineOf("quoted")).isEqualTo(10);
        assertThat(pools.lineOf(42L)).isEqualTo(11);
        assertThat(pools.lineOf("absent")).isEqualTo(-1);
        Constructor backends =
                pools.valueOf("main").orElseThrow().valueOf("backends").orElseThrow();
        assertThat(backends.lineOf(1L)).isEqualTo(5);
        assertThat(backends.lineOf(2L)).isEqualTo(5);
        assertThat(backends.lineOf(3L)).isEqualTo(6);
        assertThat(backends.valueOf(3L).orElseThrow().lineOf("port")).isEqualTo(7);
    }

    @Test
    void findsCallsWithParenthesesAndOnAnotherLine() {
        assertThat(argument("settings", 1, "settings({\n a = 1 })").lineOf("a")).isEqualTo(2);
        assertThat(argument("settings", 1, "settings\n{\n a = 1 }").lineOf("a")).isEqualTo(3);
        assertThat(argument("settings", 2, "settings\n{\n a = 1 }").lineOf("a")).isEqualTo(3);
    }

    @Test
    void tellsCallsNestedInATableFromTablesNestedInIt() {
        Constructor routes = argument("routes", 1, """
                routes{
                  map = { foo = route_direct{
                      child = "main" },
                    bar = cmdmap{
                      get = route_direct{ child = "x" } } } }
                """);
        assertThat(routes.valueOf("map").orElseThrow().lineOf("bar")).isEqualTo(4);
        assertThat(routes.valueOf("map").orElseThrow().valueOf("bar")).isEmpty();
        ConstructorIndex index = ConstructorIndex.of("a = route_x{\n child = 1 }\nb = route_x{ child = 2 }");
        assertThat(index.argumentOf("route_x", 1).orElseThrow().lineOf("child")).isEqualTo(2);
        assertThat(index.argumentOf("route_x", 3).orElseThrow().lineOf("child")).isEqualTo(3);
        assertThat(index.argumentOf("route_x", 2)).isEmpty();
    }

    @Test
    void looksPastFunctionsCallsAndOperatorsInValues() {
        Constructor table = argument("f", 1, """
                f{
                  a = function(x, y) if x then local z, w = 1 end return { q = 1 } end,
                  b = g(1, { r = 2 }, "}"),
                  c = t[{ 1 }], d = x == y,
                  e = 'it''s', [==[ ]] , {{{ ]==],
                  h = 1;
                  i = 2,
                }
                """);
        assertThat(table.lineOf("a")).isEqualTo(2);
        assertThat(table.lineOf("b")).isEqualTo(3);
        assertThat(table.lineOf("c")).isEqualTo(4);
        assertThat(table.lineOf("d")).isEqualTo(4);
        assertThat(table.lineOf("e")).isEqualTo(5);
        assertThat(table.lineOf("h")).isEqualTo(6);
        assertThat(table.lineOf("i")).isEqualTo(7);
        assertThat(table.lineOf("r")).isEqualTo(-1);
        assertThat(table.lineOf("x")).isEqualTo(-1);
    }

    @Test
    void ignoresCommentsAndStrings() {
        Constructor table = argument("f", 3, """
                --[[ f{ a = 1 }
                ]] local s = "f{ \\" a = 2 }" .. [[
                x]] f{ -- a = 3
                  --[=[ a = 4, ]] ]=] a = 5 }
                """);
        assertThat(table.lineOf("a")).isEqualTo(4);
    }

    @Test
    void takesTheOnlyComputedKeyForAnyKeyNotWritten() {
        Constructor one = argument("pools", 1, "pools{\n ['p' .. i] = {\n backends = {} } }");
        assertThat(one.lineOf("p7")).isEqualTo(2);
        assertThat(one.valueOf("p7").orElseThrow().lineOf("backends")).isEqualTo(3);
        Constructor two = argument("pools", 1, "pools{\n [a] = {},\n [b] = {} }");
        assertThat(two.lineOf("p7")).isEqualTo(-1);
    }

    @Test
    @Timeout(10)
    void survivesTextThatIsNotLua() {
        assertThat(ConstructorIndex.of("pools{ } } end ) ]] { [ '").argumentOf("pools", 1))
                .isPresent();
        assertThat(ConstructorIndex.of("").argumentOf("pools", 1)).isEmpty();
        assertThat(ConstructorIndex.of("--[[ never closed").argumentOf("pools", 1))
                .isEmpty();
        String longString = "x = '" + "a\\n".repeat(200_000) + "' pools{ a = 1 }";
        assertThat(ConstructorIndex.of(longString).argumentOf("pools", 1)).isPresent();
        assertThat(ConstructorIndex.of("{".repeat(100_000)).argumentOf("pools", 1))
                .isEmpty();
    }
}
