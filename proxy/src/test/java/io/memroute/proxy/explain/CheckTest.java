package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckTest {

    private static final String DEFAULT = "routes{ default = route_direct{ child = 'main' } }\n";
    private static final String MAIN = "pools{ main = { backends = { '10.0.0.1', '10.0.0.2' } } }\n";

    private static List<String> warnings(String text) {
        Check.Report report = ConfigFile.of(text).check();
        assertThat(report.errors()).isEmpty();
        return report.warnings().stream()
                .filter(warning -> !warning.kind().isNote())
                .map(warning -> ConfigFile.withoutDirectory(warning.toString()))
                .toList();
    }

    @Test
    void hasNothingToSayAboutAGoodConfiguration() {
        assertThat(ConfigFile.of(MAIN + DEFAULT).checkText())
                .isEqualTo("routes.lua: good: 1 pool, 2 backends, 1 route tree\n");
    }

    @Test
    void reportsEveryErrorWithItsLineAndTheNearestName() {
        assertThat(ConfigFile.of(MAIN
                                + "routes{ default = route_direct{ child = 'mian' } }\nsettings{ "
                                + "activ_req_limit = 1 }\n")
                        .checkText())
                .isEqualTo("""
                routes.lua:2:33: route_direct: no pool named "mian" (did you mean "main"?)
                 2 | routes{ default = route_direct{ child = 'mian' } }
                   |                                 ^
                routes.lua:3:11: settings: unknown setting "activ_req_limit" (did you mean "active_req_limit"?)
                 3 | settings{ activ_req_limit = 1 }
                   |           ^
                routes.lua: 2 errors
                """);
    }

    @Test
    void warnsOfAPoolThatNoRouteReaches() {
        assertThat(warnings(MAIN + DEFAULT + "pools{ old = { backends = { '10.0.0.9' } } }"))
                .containsExactly("routes.lua:3: warning: no route reaches pool \"old\"");
    }

    @Test
    void warnsOfASetOrOfItsMembersThatNoRouteReaches() {
        String set =
                "pools{ set_z = {\n west = { backends = { '10.0.0.8' } },\n east = { backends = { '10.0.0.9' } } } }\n";
        assertThat(warnings(MAIN + DEFAULT + set))
                .containsExactly("routes.lua:3: warning: no route reaches set \"set_z\"");
        assertThat(warnings(set + "routes{ default = route_direct{ child = 'set_z_east' } }"))
                .containsExactly("routes.lua:2: warning: no route reaches \"west\" of set \"set_z\"");
    }

    @Test
    void warnsOfABackendThatIsListedTwice() {
        assertThat(warnings("pools{ main = { backends = { '10.0.0.1', '10.0.0.2', '10.0.0.1:11211' } } }\n" + DEFAULT))
                .containsExactly("routes.lua:1: warning: pool \"main\" lists 10.0.0.1:11211 more than once:"
                        + " it gets more than its share of the keys");
    }

    @Test
    void warnsOfBackendsWithOneName() {
        assertThat(warnings("pools{ main = { options = { placement = 'twemproxy-ketama' }, backends = {"
                        + " { host = '10.0.0.1', name = 'a' }, { host = '10.0.0.2', name = 'a' },"
                        + " { host = '10.0.0.3', name = 'b' } } } }\n" + DEFAULT))
                .containsExactly("routes.lua:1: warning: pool \"main\" has several backends with the name \"a\", by"
                        + " which keys are placed: one of them may get the keys of all");
    }

    @Test
    void warnsOfAPoolWhoseBackendsAreAllDown() {
        assertThat(warnings("pools{ main = { backends = { '10.0.0.1 _down_', '10.0.0.2 _down_' } } }\n" + DEFAULT))
                .containsExactly("routes.lua:1: warning: pool \"main\": all its backends are configured as down,"
                        + " so every request to it fails");
        assertThat(warnings("pools{ main = { backends = { '10.0.0.1 _down_', '10.0.0.2' } } }\n" + DEFAULT))
                .isEmpty();
    }

    @Test
    void warnsOfAlternativesThatAreTheSameBackends() {
        String copy = "pools{ copy = { backends = { '10.0.0.1', '10.0.0.2' } } }\n";
        assertThat(warnings(MAIN + copy
                        + "routes{ cmap = { get = route_failover{ children = { 'main', "
                        + "'copy' } } }, default = route_direct{ child = 'main' } }"))
                .containsExactly(
                        "routes.lua:3: warning: route_failover: pools \"main\" and \"copy\" put every key on the same"
                                + " backend (give one of them a seed): if it fails, so does the next");
        assertThat(warnings(MAIN + "routes{ default = route_failover{ children = { 'main', 'main' } } }"))
                .containsExactly("routes.lua:2: warning: route_failover: pool \"main\" is its child twice:"
                        + " if it fails, so does the next");
        assertThat(warnings(MAIN + copy + "routes{ default = route_split{ child_a = 'main', child_b = 'copy' } }"))
                .singleElement()
                .asString()
                .endsWith("it is sent every request twice");
    }

    @Test
    void doesNotWarnOfEqualBackendsThatKeysAreSpreadOverDifferently() {
        String gutter = "pools{ gutter = { options = { seed = 'g' }, backends = { '10.0.0.1', '10.0.0.2' } } }\n";
        assertThat(warnings(MAIN + gutter
                        + "routes{ cmap = { get = route_failover{ children = { 'main', "
                        + "'gutter' } } }, default = route_direct{ child = 'main' } }"))
                .isEmpty();
        String turned = "pools{ turned = { backends = { '10.0.0.2', '10.0.0.1' } } }\n";
        assertThat(warnings(MAIN + turned + "routes{ default = route_allsync{ children = { 'main', 'turned' } } }"))
                .isEmpty();
    }

    @Test
    void warnsOfALocalZoneThatIsNoneOfARoutesZones() {
        String set =
                "pools{ set_z = { west = { backends = { '10.0.0.8' } }, east = { backends = { '10.0.0.9' } } } }\n";
        assertThat(warnings(set
                        + "local_zone('wset')\nroutes{ cmap = { get = route_failover{ "
                        + "children = 'set_z' } }, default = route_allsync{ "
                        + "children = 'set_z' } }"))
                .containsExactly("routes.lua:3: warning: route_failover: no child for the local zone \"wset\"; "
                        + "children has east, west");
        assertThat(warnings(set
                        + "local_zone('west')\nroutes{ cmap = { get = route_failover{ "
                        + "children = 'set_z' } }, default = route_allsync{ "
                        + "children = 'set_z' } }"))
                .isEmpty();
    }

    @Test
    void warnsOfAFailoverThatCannotFailOver() {
        assertThat(warnings(MAIN + "routes{ default = route_failover{ children = { 'main' } } }"))
                .containsExactly("routes.lua:2: warning: route_failover: has one child, so nothing to fail over to");
        assertThat(warnings(MAIN + "pools{ b = { backends = { '10.0.0.3' } } }\n"
                        + "routes{ default = route_failover{ children = { 'main', 'b' }, failover_count = 1 } }"))
                .singleElement()
                .asString()
                .contains("failover_count = 1 lets it ask its first child only");
    }

    @Test
    void warnsOfCommandsThatRouteTtlRefuses() {
        String ttl = "route_ttl{ ttl = 60, child = 'main' }";
        assertThat(warnings(MAIN + "routes{ default = " + ttl + " }"))
                .singleElement()
                .asString()
                .startsWith("routes.lua:2: warning: route_ttl: gets commands other than ms, set, add and cas here");
        assertThat(warnings(MAIN + "routes{ cmap = { set = " + ttl + " }, default = route_direct{ child = 'main' } }"))
                .isEmpty();
    }

    @Test
    void warnsOfRequestsThatNobodyTakes() {
        assertThat(warnings(MAIN + "routes{ map = { a = route_direct{ child = 'main' } } }"))
                .containsExactly(
                        "routes.lua:2: warning: routes: no default, so requests that neither map nor cmap takes are"
                                + " answered with SERVER_ERROR lua start failure");
        assertThat(warnings(MAIN + "routes{ tag = 'x', default = route_direct{ child = 'main' } }"))
                .containsExactly(
                        "routes.lua:2: warning: every routes{} has a tag, so listeners without one of them are answered"
                                + " from the proxy's own memory");
    }

    /** The warnings for a proxy whose listeners have these tags. */
    private static List<String> warnings(String text, String... listeners) {
        return ConfigFile.of(text).check(Set.of(listeners)).warnings().stream()
                .filter(warning -> !warning.kind().isNote())
                .map(warning -> ConfigFile.withoutDirectory(warning.toString()))
                .toList();
    }

    @Test
    void warnsOfTagsThatOnlyListenersOrOnlyRoutesHave() {
        String tagged = "routes{ tag = 'batch', default = route_direct{ child = 'main' } }\n";
        assertThat(warnings(MAIN + DEFAULT + tagged, "", "batch")).isEmpty();
        assertThat(warnings(MAIN + DEFAULT + tagged, ""))
                .containsExactly("routes.lua:3: warning: routes with tag \"batch\": no listener has this tag, so "
                        + "no request gets here");
        assertThat(warnings(MAIN + DEFAULT + tagged, "batch"))
                .containsExactly("routes.lua:2: warning: routes: every listener has a tag with routes of its own, "
                        + "so no request gets here");
        assertThat(warnings(MAIN + tagged, "batch")).isEmpty();
        assertThat(warnings(MAIN + tagged, "batch", ""))
                .containsExactly("routes.lua: warning: every routes{} has a tag,"
                        + " so the listener without one is answered from the proxy's own memory");
        assertThat(warnings(MAIN + tagged, "batch", "x"))
                .containsExactly("routes.lua: warning: no routes{} has the tag \"x\""
                        + " of a listener: it is answered from the proxy's own memory");
    }

    @Test
    void warnsOfArgumentsWithoutEffectAtAZoneFailover() {
        String zones = "pools{ set_z = { a = { backends = { '10.1.0.1' } }, b = { backends = { '10.1.0.2' } },"
                + " c = { backends = { '10.1.0.3' } } } }\n";
        assertThat(warnings(zones
                        + "routes{ cmap = { get = route_zfailover{ children = 'set_z', local_zone = 'a', "
                        + "shuffle = true,"
                        + " failover_count = 2 } }, default = route_allsync{ children = 'set_z' } }"))
                .containsExactly(
                        "routes.lua:2: warning: route_zfailover: shuffle has no effect: all other zones "
                                + "are asked at once;"
                                + " route_failover asks one after the other",
                        "routes.lua:2: warning: route_zfailover: failover_count has no effect: all other "
                                + "zones are asked at once;"
                                + " route_failover asks one after the other");
        assertThat(warnings(zones
                        + "routes{ cmap = { get = route_zfailover{ children = 'set_z', local_zone = 'a', "
                        + "shuffle = false,"
                        + " failover_count = 3 } }, default = route_allsync{ children = 'set_z' } }"))
                .isEmpty();
    }

    /** The first error as the command prints it. */
    private static String error(String configuration) {
        return ConfigFile.of(configuration).checkText().lines().findFirst().orElseThrow();
    }

    @Test
    void saysInWhichColumnAnErrorIsWhereTheTextTells() {
        assertThat(error("pools{\n  main = { backends = {}, colour = 1 } }\n" + DEFAULT))
                .startsWith("routes.lua:2:12: pool \"main\": backends");
        assertThat(error(MAIN + "routes{ default = route_allsync{ children = { 'main',\n  'mian' } } }"))
                .startsWith("routes.lua:3:3: route_allsync: no pool");
        assertThat(error(MAIN + "routes{ default = route_direct() }"))
                .startsWith("routes.lua:2:19: route_direct: expected a table");
        assertThat(error("--[[ two\nlines ]] pools{ x = 1 }\n" + DEFAULT)).startsWith("routes.lua:2:17: ");
    }

    @Test
    void saysInWhichColumnLuaStumbled() {
        assertThat(error("x = 1\nlocal y = = 2")).isEqualTo("routes.lua:2: unexpected symbol near '='");
        assertThat(error("x = 1\nlocal y = ) 2")).isEqualTo("routes.lua:2:11: unexpected symbol near ')'");
        assertThat(error("x = 'a' 'b'")).isEqualTo("routes.lua:1:9: unexpected symbol near ''b''");
        assertThat(error("\n  y = route_failovr{}"))
                .startsWith("routes.lua:2:7: attempt to call a nil value (global 'route_failovr')");
    }

    @Test
    void namesNoColumnThatIsNotCertain() {
        assertThat(error("error('no')")).isEqualTo("routes.lua:1: no");
        assertThat(error("f() f()")).isEqualTo("routes.lua:1: attempt to call a nil value (global 'f')");
    }
}
