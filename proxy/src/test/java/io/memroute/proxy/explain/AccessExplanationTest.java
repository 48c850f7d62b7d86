package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.Warning;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.explain.render.OutlineText;
import io.memroute.proxy.explain.render.WhyText;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the explaining commands say of {@code access{}}. */
class AccessExplanationTest {

    private static final String POOLS = "pools{ main = { backends = { '10.0.0.1' } } }\n";
    private static final String ROUTES = "routes{ default = route_direct{ child = 'main' } }\n";

    private static final ConfigFile TEAMS = ConfigFile.of(POOLS + """
            access{
              { who = "user:boss", allow = "all" },
              { who = { "user:web", "cn:web" }, allow = { "get", "store" }, keys = "web:" },
              { who = "tag:tools", deny = "flush_all" },
            }
            """ + ROUTES);

    private static String why(String client, String command) {
        String text = ConfigFile.withoutDirectory(WhyText.of(TEAMS.whyAs(client, command)));
        return text.lines().limit(6).map(String::strip).reduce("", (a, b) -> a + b.replaceAll(" +", " ") + "\n");
    }

    @Test
    void whySaysWhichRuleAllows() {
        assertThat(why("cn:web", "get web:a")).startsWith("""
                get web:a

                access, get web:a allowed by { who = { "user:web", "cn:web" }, routes.lua:4
                allow = { "get", "store" }, keys = "web:" }
                """);
        assertThat(why("user:boss", "flush_all"))
                .contains("access, flush_all allowed by { who = \"user:boss\", allow = \"all\" }");
    }

    @Test
    void whySaysWhyARequestIsRefused() {
        assertThat(why("user:web", "get web:a other:b")).isEqualTo("""
                get web:a other:b
                refused: CLIENT_ERROR access denied

                access, get web:a allowed by { who = { "user:web", "cn:web" }, routes.lua:4
                allow = { "get", "store" }, keys = "web:" }
                access, get other:b refused by default: none of the 3 rules applies
                """);
        assertThat(why("tag:tools,user:web", "flush_all"))
                .contains("refused by { who = \"tag:tools\", deny = \"flush_all\"", "routes.lua:5");
    }

    @Test
    void aCommandThatReadsAndChangesIsJudgedTwice() {
        assertThat(why("user:web", "gat 0 web:a"))
                .contains("access, get web:a allowed by ", "access, touch web:a refused by default");
    }

    @Test
    void withoutAClientItDepends() {
        assertThat(TEAMS.whyText("get web:a")).contains("access  depends on the client; --as IDENTITY asks for one");
        assertThat(ConfigFile.of(POOLS + ROUTES).whyText("get web:a")).doesNotContain("access");
        assertThat(WhyText.of(ConfigFile.of(POOLS + ROUTES).whyAs("user:web", "get web:a")))
                .contains("allowed: no rule refuses anything");
    }

    @Test
    void showHasTheRules() {
        Outline outline = Outline.of(TEAMS.load().config());
        assertThat(ConfigFile.withoutDirectory(OutlineText.of("routes.lua", outline))
                        .replaceAll(" +", " "))
                .contains("""
                        ├─ access
                        │ ├─ user:boss routes.lua:3 allow all
                        │ ├─ user:web, cn:web routes.lua:4 allow get, store; keys web:
                        │ ├─ tag:tools routes.lua:5 deny flush_all
                        │ └─ default deny
                        """);
        assertThat(ConfigFile.withoutDirectory(Json.line(outline)))
                .contains(
                        "\"access\":{\"rules\":[{\"who\":[\"user:boss\"],\"decision\":\"allow\",\"commands\":[\"all\"],"
                                + "\"keys\":[],\"where\":{\"file\":\"routes.lua\",\"line\":3,\"column\":3}},");
    }

    @Test
    void planTellsChangedRules() {
        ConfigFile after = ConfigFile.of(POOLS + "access{ { who = 'user:boss', allow = 'get' } }\n" + ROUTES);
        Plan.Report report = Plan.compare(TEAMS.load().config(), after.load().config(), KeySample.generated(10));
        assertThat(report.settings())
                .extracting(Change::name)
                .containsExactly("access rule 1", "access rule 2", "access rule 3");
        assertThat(report.settings().getFirst().after())
                .isEqualTo(Optional.of("{ who = \"user:boss\", allow = \"get\" }"));
    }

    @Test
    void checkFindsClientsThatCannotBe() {
        KnownListeners none = new KnownListeners(Set.of(""), false, false);
        assertThat(TEAMS.check(none).warnings())
                .filteredOn(warning -> warning.kind() == Warning.Kind.UNKNOWN_CLIENT)
                .extracting(Warning::message)
                .containsExactly(
                        "who: no client is \"user:boss\": clients cannot log in without -Y",
                        "who: no client is \"user:web\": clients cannot log in without -Y",
                        "who: no client is \"cn:web\": no listener asks for certificates (-Z with ssl_verify_mode, or"
                                + " mtls:)",
                        "who: no client is \"tag:tools\": no listener has this tag");
        assertThat(TEAMS.check(new KnownListeners(Set.of("", "tools"), true, true))
                        .warnings())
                .noneMatch(warning -> warning.kind() == Warning.Kind.UNKNOWN_CLIENT);
        assertThat(TEAMS.check().warnings()).isEmpty();
    }
}
