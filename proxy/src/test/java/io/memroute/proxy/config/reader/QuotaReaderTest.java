package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.access.QuotaRule;
import io.memroute.proxy.explain.Outline;
import io.memroute.proxy.explain.render.OutlineText;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class QuotaReaderTest {

    private static final String TWO = """
            quotas{ { who = { "user:a", "cn:b" }, each = true, requests = 10, bytes = 20, in_flight = 30,
                      connections = 40, burst = 0.5, above = "miss" } }
            quotas{ { keys = { "x:" }, requests = 5 } }
            """;

    @Test
    void readsLimitsInTheirOrder() {
        List<QuotaRule> quotas =
                ConfigText.withRoutes(TWO).load().settings().clientRules().quotas();
        assertThat(quotas).hasSize(2);
        QuotaRule first = quotas.getFirst();
        assertThat(first.who()).extracting(Object::toString).containsExactly("user:a", "cn:b");
        assertThat(first.each()).isTrue();
        assertThat(first.requests()).isEqualTo(OptionalLong.of(10));
        assertThat(first.bytes()).isEqualTo(OptionalLong.of(20));
        assertThat(first.inFlight()).isEqualTo(OptionalLong.of(30));
        assertThat(first.connections()).isEqualTo(OptionalLong.of(40));
        assertThat(first.burstSeconds()).isEqualTo(0.5);
        assertThat(first.missAbove()).isTrue();
        QuotaRule second = quotas.getLast();
        assertThat(second.who()).extracting(Object::toString).containsExactly("*");
        assertThat(second.keys()).containsExactly("x:");
        assertThat(second.bytes()).isEmpty();
        assertThat(second.burstSeconds()).isEqualTo(1);
        assertThat(second.missAbove()).isFalse();
        assertThat(second.where().line()).isEqualTo(3);
    }

    @Test
    void showHasTheLimits() {
        assertThat(OutlineText.of(
                                "routes.lua",
                                Outline.of(ConfigText.withRoutes(TWO).load()))
                        .replaceAll(" [^ ]*/routes.lua", " routes.lua")
                        .replaceAll(" +", " "))
                .contains("├─ quotas", "user:a, cn:b routes.lua:1 each = true, requests = 10,", "* routes.lua:3");
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        "quotas{ { who = 'user:a' } }",
                        "limit 1: expected at least one of requests, bytes, in_flight and connections"),
                Arguments.of(
                        "quotas{ { requests = 0 } }",
                        "limit 1: requests: expected a whole number from 1 to 1000000000000, got 0"),
                Arguments.of(
                        "quotas{ { request = 5 } }", "limit 1: unknown key \"request\" (did you mean \"requests\"?)"),
                Arguments.of(
                        "quotas{ { bytes = 5, keys = 'a' } }", "limit 1: keys: only requests can be limited by keys"),
                Arguments.of(
                        "quotas{ { bytes = 5, above = 'drop' } }",
                        "limit 1: above: expected \"refuse\" or \"miss\", got \"drop\""),
                Arguments.of(
                        "quotas{ { bytes = 5, burst = 0 } }",
                        "limit 1: burst: expected a number of seconds, more than 0, got 0"),
                Arguments.of(
                        "quotas{ requests = 5 }",
                        "expected limits, as in { who = \"user:web\", requests = 1000 }, got 5"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void refusesWhatCannotBeMeant(String text, String message) {
        assertThat(ConfigText.withRoutes(text).errors()).anyMatch(error -> error.endsWith("quotas: " + message));
    }

    static Stream<Arguments> limitsThatNeverBind() {
        String first =
                "SHADOWED_RULE 2: quotas: the limit never binds: that at routes.lua:1 is about the same requests,"
                        + " and is reached first";
        String later = first.replace("RULE 2", "RULE 1").replace("lua:1", "lua:2");
        return Stream.of(
                Arguments.of("{ requests = 5 },", "{ who = 'user:a', requests = 10 }", List.of(first)),
                Arguments.of("{ requests = 5 },", "{ who = 'user:a', requests = 5 }", List.of(first)),
                Arguments.of("{ requests = 5 },", "{ requests = 5 }", List.of(first)),
                Arguments.of("{ requests = 9, burst = 2 },", "{ requests = 5 }", List.of(later)),
                Arguments.of("{ requests = 5, burst = 3 },", "{ requests = 9 }", List.of()),
                Arguments.of("{ requests = 5 },", "{ keys = 'a:', requests = 10 }", List.of(first)),
                Arguments.of("{ keys = 'a:', requests = 5 },", "{ requests = 10 }", List.of()),
                Arguments.of(
                        "{ keys = 'a:', requests = 5 },", "{ keys = { 'a:b', 'a:c' }, requests = 10 }", List.of(first)),
                Arguments.of("{ each = true, in_flight = 5 },", "{ in_flight = 10 }", List.of()),
                Arguments.of("{ in_flight = 5 },", "{ each = true, in_flight = 10 }", List.of(first)),
                Arguments.of("{ each = true, in_flight = 5 },", "{ each = true, in_flight = 6 }", List.of(first)),
                Arguments.of("{ who = 'user:a', bytes = 5 },", "{ bytes = 10 }", List.of()),
                Arguments.of("{ requests = 5 },", "{ requests = 10, bytes = 10 }", List.of()),
                Arguments.of("{ requests = 5, connections = 3 },", "{ connections = 3 }", List.of(first)));
    }

    @ParameterizedTest
    @MethodSource("limitsThatNeverBind")
    void findsLimitsThatNeverBind(String one, String two, List<String> warnings) {
        assertThat(warnings("quotas{ " + one + "\n" + two + " }")).isEqualTo(warnings);
    }

    @Test
    void findsABurstOfNothing() {
        assertThat(warnings("quotas{ { in_flight = 5, burst = 2 } }"))
                .containsExactly(
                        "NO_EFFECT 1: quotas: limit 1: burst: changes nothing: neither requests nor bytes are limited");
    }

    private static List<String> warnings(String text) {
        return ConfigText.withRoutes(text).loadAll().warnings().stream()
                .map(warning -> warning.kind() + " " + warning.where().line() + ": " + warning.message())
                .map(line -> line.replaceAll(" [^ ]*/routes.lua", " routes.lua"))
                .toList();
    }
}
