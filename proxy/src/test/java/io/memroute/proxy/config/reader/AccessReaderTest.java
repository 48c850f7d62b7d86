package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.access.AccessRule;
import io.memroute.proxy.access.AccessRules;
import io.memroute.proxy.config.Warning;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AccessReaderTest {

    private static AccessRules access(String text) {
        return ConfigText.withRoutes(text).load().settings().clientRules().access();
    }

    private static List<String> warnings(String text) {
        return ConfigText.withRoutes(text).loadAll().warnings().stream()
                .map(warning -> warning.kind() + " " + warning.where().line() + ": " + warning.message())
                .map(line -> line.replaceAll(" [^ ]*/routes.lua", " routes.lua"))
                .toList();
    }

    @Test
    void withoutRulesEveryoneMayDoEverything() {
        assertThat(access("")).isEqualTo(AccessRules.NONE);
    }

    @Test
    void readsRulesInTheirOrder() {
        AccessRules rules = access("""
                access{
                  { who = "user:web", allow = { "get", "store" }, keys = { "web:", "user:" } },
                  { deny = "flush_all" },
                }
                access{ { who = { "cn:batch", "tag:tools" }, allow = "all" }, default = "deny" }
                """);
        assertThat(rules.allowOther()).isFalse();
        assertThat(rules.rules())
                .extracting(AccessRule::who)
                .extracting(Object::toString)
                .containsExactly("[user:web]", "[*]", "[cn:batch, tag:tools]");
        assertThat(rules.rules()).extracting(AccessRule::allows).containsExactly(true, false, true);
        assertThat(rules.rules())
                .extracting(AccessRule::commands)
                .containsExactly(List.of("get", "store"), List.of("flush_all"), List.of("all"));
        assertThat(rules.rules())
                .extracting(AccessRule::keys)
                .containsExactly(List.of("web:", "user:"), List.of(), List.of());
        assertThat(rules.rules()).extracting(rule -> rule.where().line()).containsExactly(2, 3, 5);
        assertThat(access("access{ { allow = 'get' } }").allowOther()).isFalse();
        assertThat(access("access{ { deny = 'flush_all' }, default = 'allow' }").allowOther())
                .isTrue();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("access{}", "access: has no rules, as in { who = \"user:web\", allow = \"all\" }"),
                Arguments.of(
                        "access{ { who = 'web', allow = 'get' } }",
                        "access: rule 1: who: expected user:NAME, cn:NAME, san:NAME, tag:TAG or *, got"
                                + " \"web\"; a user is \"user:web\""),
                Arguments.of(
                        "access{ { who = 'user:', allow = 'get' } }",
                        "access: rule 1: who: expected user:NAME, cn:NAME, san:NAME, tag:TAG or *, got" + " \"user:\""),
                Arguments.of(
                        "access{ { who = {}, allow = 'get' } }",
                        "access: rule 1: who: expected clients, as in { \"user:web\", \"cn:batch\" }," + " got \"\""),
                Arguments.of(
                        "access{ { allow = 'gett' } }",
                        "access: rule 1: allow: unknown command \"gett\" (did you mean \"get\"?)"),
                Arguments.of(
                        "access{ { allow = { 'get', 7 } } }",
                        "access: rule 1: allow: expected commands, as in { \"get\", \"store\" }, got 7"),
                Arguments.of(
                        "access{ { allow = 'get', deny = 'set' } }",
                        "access: rule 1: expected either allow or deny, with commands"),
                Arguments.of("access{ { who = '*' } }", "access: rule 1: expected either allow or deny, with commands"),
                Arguments.of(
                        "access{ { allow = 'get', key = 'a' } }",
                        "access: rule 1: unknown key \"key\" (did you mean \"keys\"?)"),
                Arguments.of(
                        "access{ { allow = 'get', keys = '' } }",
                        "access: rule 1: keys: an empty prefix matches every key; leave out keys instead"),
                Arguments.of(
                        "access{ { allow = 'get' }, defalt = 'deny' }",
                        "access: unknown key \"defalt\" (did you mean \"default\"?)"),
                Arguments.of(
                        "access{ { allow = 'get' }, default = 'no' }",
                        "access: default: expected \"allow\" or \"deny\", got \"no\""),
                Arguments.of(
                        "access{ 'get' }",
                        "access: expected rules, as in { who = \"user:web\", allow = \"get\" }, got" + " \"get\""),
                Arguments.of("access('get')", "access: expected a table, as in access{ ... }, got \"get\""));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void refusesWhatCannotBeMeant(String text, String message) {
        assertThat(ConfigText.withRoutes(text).errors())
                .hasSize(1)
                .first()
                .asString()
                .endsWith(": " + message);
    }

    @Test
    void twoDefaultsMayNotContradictEachOther() {
        assertThat(ConfigText.withRoutes("access{ { allow = 'get' }, default = 'deny' }\naccess{ default = 'allow' }")
                        .errors())
                .hasSize(1)
                .first()
                .asString()
                .contains("routes.lua:2")
                .endsWith("access: default: an earlier access{} says otherwise");
    }

    static Stream<Arguments> doubts() {
        return Stream.of(
                Arguments.of(
                        "access{ { deny = 'get' } }",
                        "NO_EFFECT 1: access: refuses every request: no rule allows any, and default is" + " \"deny\""),
                Arguments.of(
                        "access{ { allow = 'get' }, default = 'allow' }", "NO_EFFECT 1: access: refuses no request"),
                Arguments.of(
                        "access{ { allow = { 'get', 'version' } } }",
                        "NO_EFFECT 1: access: rule 1: allow: version needs no rule: every client may use" + " it"),
                Arguments.of(
                        "access{ { allow = 'stats', keys = 'a:' } }",
                        "NO_EFFECT 1: access: rule 1: keys: the rule never applies: stats has no key"),
                Arguments.of(
                        "access{ { allow = 'get', keys = 'a:*' } }",
                        "DOUBTFUL_PREFIX 1: access: rule 1: keys: \"a:*\" is compared byte by byte; to match all"
                                + " keys that begin like this, leave out the *"),
                Arguments.of(
                        "access{ { allow = 'get', keys = { 'a', 'a:' } } }",
                        "SHADOWED_RULE 1: access: rule 1: keys: \"a:\" adds nothing to \"a\""),
                Arguments.of("access{ { allow = 'get' }, { deny = 'mg', keys = 'x' }, { allow = 'touch' } }", ""),
                Arguments.of(
                        "access{ { allow = 'get' }, { deny = 'get', keys = 'x' } }",
                        "SHADOWED_RULE 1: access: the rule never applies: the rule at routes.lua:1 covers all its"
                                + " requests"),
                Arguments.of(
                        "access{ { deny = 'get', keys = 'x' }, { allow = 'get', keys = { 'xy', 'z' } } }",
                        "SHADOWED_RULE 1: access: keys: \"xy\" never applies: the rule at routes.lua:1 covers all"
                                + " such requests"));
    }

    @ParameterizedTest
    @MethodSource("doubts")
    void warnsOfWhatHasNoEffect(String text, String warning) {
        assertThat(warnings(text)).containsExactlyElementsOf(warning.isEmpty() ? List.of() : List.of(warning));
    }

    @Test
    void everyKindOfSlipHasItsPlace() {
        assertThat(ConfigText.withRoutes("access{\n { allow = 'get' },\n { deny = 'get',\n keys = 'x' },\n}")
                        .loadAll()
                        .warnings())
                .extracting(Warning::where)
                .extracting(where -> where.line() + ":" + where.column())
                .containsExactly("3:2");
    }
}
