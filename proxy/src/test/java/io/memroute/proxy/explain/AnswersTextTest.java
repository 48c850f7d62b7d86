package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.explain.render.OutlineText;
import io.memroute.proxy.explain.render.PlanText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as people read them: how wide they are, and how errors show their place. */
class AnswersTextTest {

    private static final int COLUMNS = 100;

    /** Names as long as those of a fleet. */
    private static final String WIDE = """
            pools{
              sessions_of_users_in_europe = { backends = {
                { host = "cache-sessions-eu-central-1a-001.prod.internal.example.com", label = "sessions-001" },
                { host = "cache-sessions-eu-central-1b-002.prod.internal.example.com", readtimeout = 0.5 },
              } },
              gutter_for_everything_in_europe = { options = { seed = "gutter" }, backends = {
                "cache-gutter-eu-central-1a-001.prod.internal.example.com:11299",
                "cache-gutter-eu-central-1b-002.prod.internal.example.com:11299",
              } },
            }
            local deep = route_failover{ children = {
              "sessions_of_users_in_europe",
              route_failover{ miss = true, wait = 0.1, stats = true, stats_name = "second", children = {
                route_ttl{ ttl = 60, child = "gutter_for_everything_in_europe" }, "internal" } },
            } }
            routes{ map = { session_of_a_user_in_a_country_of_europe = deep }, cmap = { set = deep }, default = deep }
            """;

    private static void fits(String text) {
        // A name that is longer than a line has room for stays whole.
        assertThat(text.lines()
                        .filter(line -> line.length() > COLUMNS && line.strip().contains(" ")))
                .isEmpty();
        assertThat(text.lines()).noneMatch(line -> line.endsWith(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get session_of_a_user_in_a_country_of_europe/0123456789012345678901234567890123456789",
                "set session_of_a_user_in_a_country_of_europe/1 0 0 5",
                "get a b c",
                "mg session_of_a_user_in_a_country_of_europe/1 v t f k O123456789",
            })
    void whyFitsTheColumns(String command) {
        fits(ConfigFile.of(WIDE).whyText(command));
        fits(ConfigFile.of(WIDE).whyText(command, "sessions-001"));
    }

    @Test
    void showFitsTheColumns() {
        fits(OutlineText.of("routes.lua", Outline.of(ConfigFile.of(WIDE).load().config())));
    }

    @Test
    void planFitsTheColumns() {
        String after = "settings{ backend_connect_timeout = 1, backend_read_timeout = 1 }\n"
                + WIDE.replace("1b-002", "1c-003")
                        .replace("ttl = 60", "ttl = 90")
                        .replace("miss = true, ", "");
        fits(PlanText.of(Plan.compare(
                ConfigFile.of(WIDE).load().config(), ConfigFile.of(after).load().config(), KeySample.generated(1000))));
    }

    @Test
    void errorsShowTheLineAndMarkThePlace() {
        assertThat(ConfigFile.of("""
                pools{ main = { backends = { "10.0.0.1" } } }
                routes{ default = route_direct{ child = "mian" } }
                """).checkText()).isEqualTo("""
                routes.lua:2:33: route_direct: no pool named "mian" (did you mean "main"?)
                 2 | routes{ default = route_direct{ child = "mian" } }
                   |                                 ^
                routes.lua: 1 error
                """);
    }

    @Test
    void warningsShowTheLineToo() {
        assertThat(ConfigFile.of("""
                pools{ main = { backends = { "10.0.0.1" } }, other = { backends = { "10.0.0.2" } } }
                routes{ default = route_direct{ child = "main" } }
                """).checkText()).startsWith("""
                routes.lua:1:46: warning: no route reaches pool "other"
                 1 | pools{ main = { backends = { "10.0.0.1" } }, other = { backends = { "10.0.0.2" } } }
                   |                                              ^
                """);
    }

    @Test
    void theMarkStandsUnderThePlaceBehindTabsAndOtherCharacters() {
        assertThat(ConfigFile.of("pools{ main = { backends = { '10.0.0.1' } } }\n"
                                + "routes{\tdefault --[[\u00e4\u202e\u0007\ud83d\ude00]] ="
                                + " route_direct{ chlid = 'main' } }\n")
                        .checkText())
                .contains("""
                         2 | routes{ default --[[\u00e4??\ud83d\ude00]] = route_direct{ chlid = 'main' } }
                           |                                             ^
                        """.stripTrailing());
    }

    @Test
    void ofALongLineThePartAroundThePlaceIsShown() {
        String text = ConfigFile.of("pools{ main = { backends = { '10.0.0.1' } } }\n"
                        + "routes{ --[[" + "x".repeat(90) + "]] default = route_direct{ chlid = 'main' } } -- "
                        + "x".repeat(200)
                        + "\n")
                .checkText();
        fits(text);
        String[] lines = text.split("\n");
        int error = 0;
        while (!lines[error].contains("argument \"chlid\"")) {
            error++;
        }
        assertThat(lines[error + 1]).startsWith(" 2 | ...").endsWith("...");
        int mark = lines[error + 2].indexOf('^');
        assertThat(lines[error + 1].substring(mark)).startsWith("chlid = 'main'");
    }

    @Test
    void errorsOfTheLanguageShowTheirLine() {
        assertThat(ConfigFile.of("pools{ main = { } }\nroutes{ = 1 }\n").checkText())
                .contains("\n 2 | routes{ = 1 }\n   |         ^\n");
    }
}
