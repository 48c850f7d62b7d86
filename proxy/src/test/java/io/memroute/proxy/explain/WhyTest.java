package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.explain.Explanation.Child;
import io.memroute.proxy.explain.Explanation.Embedded;
import io.memroute.proxy.explain.Explanation.Key;
import io.memroute.proxy.explain.Explanation.Lookup;
import io.memroute.proxy.explain.Explanation.Nested;
import io.memroute.proxy.explain.Explanation.PoolChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhyTest {

    @TempDir
    private Path directory;

    private static final String POOLS = """
            pools{
              main = { backends = { "10.0.0.1:11211", "10.0.0.2:11211", "10.0.0.3:11211" } },
              gutter = { backends = { "10.9.0.1:11211" } },
              tagged = { options = { filter = "tags", filter_conf = "{}" }, backends = { "10.0.0.1:11211", \
            "10.0.0.2:11211" } },
            }
            """;

    private static final ConfigFile PREFIXES = ConfigFile.of(POOLS + """
            routes{
              map = {
                user = cmdmap{ get = route_direct{ child = "main" } },
                log = route_direct{ child = "internal" },
              },
              cmap = { set = route_direct{ child = "gutter" } },
              default = route_direct{ child = "tagged" },
            }
            """);

    private static final ConfigFile FAILOVER = ConfigFile.of(POOLS + """
            routes{ default = route_failover{ children = { "main", route_ttl{ ttl = 300, child = "gutter" } } } }
            """);

    private static Key onlyKey(Explanation explanation) {
        assertThat(explanation.notRouted()).isEmpty();
        assertThat(explanation.keys()).hasSize(1);
        return explanation.keys().getFirst();
    }

    private static List<String> findings(ConfigFile config, String command) {
        return onlyKey(config.why(command)).lookups().stream()
                .map(look -> look.part() + ": " + look.finding())
                .toList();
    }

    private static PoolChoice choice(ConfigFile config, String command) {
        return (PoolChoice) onlyKey(config.why(command))
                .route()
                .orElseThrow()
                .children()
                .getFirst()
                .target();
    }

    private static List<String> scenarios(Explanation explanation) {
        return onlyKey(explanation).scenarios().stream()
                .map(scenario ->
                        scenario.condition() + " -> " + scenario.course().outcome()
                                + (scenario.course().from().isEmpty()
                                        ? ""
                                        : " from " + scenario.course().from()))
                .toList();
    }

    @Test
    void namesThePrefixAndTheCommandThatMatched() {
        assertThat(findings(PREFIXES, "get user/1")).containsExactly("map: prefix \"user\", ended by \"/\", there get");
        assertThat(onlyKey(PREFIXES.why("get user/1")).lookups())
                .extracting(Lookup::rule)
                .singleElement()
                .isEqualTo(java.util.Optional.of("map.user.get"));
    }

    @Test
    void goesOnToCmapAndDefaultAsTheRouterDoes() {
        assertThat(findings(PREFIXES, "set user/1 0 0 1"))
                .containsExactly("map: prefix \"user\", ended by \"/\", but nothing there for set", "cmap: set");
        assertThat(findings(PREFIXES, "delete user/1"))
                .containsExactly(
                        "map: prefix \"user\", ended by \"/\", but nothing there for delete",
                        "cmap: no entry for delete",
                        "default: everything else");
    }

    @Test
    void saysWhyNoPrefixMatched() {
        assertThat(findings(PREFIXES, "get usr/1").getFirst())
                .isEqualTo("map: no entry for the prefix \"usr\" (did you mean \"user\"?)");
        assertThat(findings(PREFIXES, "get user").getFirst()).isEqualTo("map: no prefix: no \"/\" in the key");
        assertThat(findings(PREFIXES, "get /user").getFirst()).isEqualTo("map: no prefix: nothing before \"/\"");
    }

    @Test
    void saysThatNothingMatched() {
        ConfigFile config = ConfigFile.of(POOLS + "routes{ map = { user = route_direct{ child = 'main' } } }");
        assertThat(onlyKey(config.why("get x")).route()).isEmpty();
        assertThat(findings(config, "get x").getLast())
                .isEqualTo("default: there is none: the client gets SERVER_ERROR lua start failure");
        assertThat(scenarios(config.why("get x")))
                .containsExactly("all up, key in all -> SERVER_ERROR lua start failure");
    }

    @Test
    void showsTheHashedPartOfTheKeyAndTheBackendThatTheDistributorPicks() {
        PoolChoice choice = choice(PREFIXES, "get a{42}b");
        assertThat(choice.pool()).isEqualTo("tagged");
        assertThat(choice.hashed()).isEqualTo("42");
        PoolChoice sameTag = choice(PREFIXES, "get other{42}");
        assertThat(sameTag.hash()).isEqualTo(choice.hash());
        assertThat(sameTag.slot()).isEqualTo(choice.slot());
        assertThat(choice.backends()).isEqualTo(2);
    }

    @Test
    void walksNestedRoutesAndTheEmbeddedStore() {
        List<Child> children =
                onlyKey(FAILOVER.why("set k 0 0 1")).route().orElseThrow().children();
        assertThat(children).extracting(Child::role).containsExactly("1", "2");
        Nested ttl = (Nested) children.get(1).target();
        assertThat(ttl.route().does()).isEqualTo("sets the time to live to 300 s");
        assertThat(onlyKey(PREFIXES.why("get log/x"))
                        .route()
                        .orElseThrow()
                        .children()
                        .getFirst()
                        .target())
                .isEqualTo(new Embedded());
        assertThat(scenarios(PREFIXES.why("get log/x")))
                .containsExactly("all up, key in all -> hit from internal", "all up, key in none -> miss");
    }

    @Test
    void runsTheRoutesWithEachBackendDown() {
        String first = choice(FAILOVER, "set k 0 0 1").backend();
        assertThat(scenarios(FAILOVER.why("set k 0 0 1")))
                .containsExactly(
                        "all up, key in all -> STORED",
                        first + " down -> STORED",
                        "all of these down -> SERVER_ERROR backend failure",
                        first + " hangs -> STORED");
        Course withFirstDown =
                onlyKey(FAILOVER.why("set k 0 0 1")).scenarios().get(1).course();
        assertThat(withFirstDown.asked()).extracting(Course.Asked::backend).containsExactly(first, "10.9.0.1:11211");
        assertThat(withFirstDown.asked().getLast().request()).isEqualTo("set k 0 300 1");
    }

    @Test
    void takesBackendsAsDownThatTheQuestionNames() {
        String first = choice(FAILOVER, "set k 0 0 1").backend();
        Explanation explanation = FAILOVER.why("set k 0 0 1", first);
        assertThat(onlyKey(explanation).scenarios().getFirst().condition()).isEqualTo("the others up, key in all");
        assertThat(onlyKey(explanation).scenarios().getFirst().course().asked())
                .extracting(Course.Asked::answer)
                .containsExactly("down", "STORED");
        assertThat(((PoolChoice) onlyKey(explanation)
                                .route()
                                .orElseThrow()
                                .children()
                                .getFirst()
                                .target())
                        .down())
                .isTrue();
    }

    @Test
    void refusesADownBackendThatIsNotThere() {
        assertThatThrownBy(() -> FAILOVER.why("get k", "10.0.0.1:11212"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no backend \"10.0.0.1:11212\" in the configuration (did you mean \"10.0.0.1:11211\"?)");
    }

    @Test
    void explainsEveryKeyOfAMultiGet() {
        Explanation explanation = PREFIXES.why("get user/1 log/2 other");
        assertThat(explanation.keys()).extracting(Key::key).containsExactly("user/1", "log/2", "other");
        assertThat(explanation.keys())
                .extracting(key -> key.lookups().getLast().part())
                .containsExactly("map", "map", "default");
    }

    @Test
    void explainsMetaCommands() {
        assertThat(scenarios(PREFIXES.why("mg user/1 v t")).getFirst())
                .startsWith("all up, key in all -> hit from 10.0.0.");
        assertThat(scenarios(FAILOVER.why("ms k 5 T0")).getFirst()).isEqualTo("all up, key in all -> HD");
    }

    @Test
    void saysWhatIsNotRouted() {
        assertThat(PREFIXES.why("version").notRouted()).hasValue("answered by the proxy itself: it has no key");
        assertThat(PREFIXES.why("mn").notRouted()).hasValue("answered by the proxy itself: it has no key");
        assertThat(PREFIXES.why("get").notRouted()).hasValue("refused: CLIENT_ERROR bad command line format");
        assertThat(PREFIXES.why("got k").notRouted()).hasValue("refused: ERROR");
    }

    @Test
    void followsTheTagOfTheListener() {
        ConfigFile config = ConfigFile.of(POOLS + """
                routes{ tag = "batch", default = route_direct{ child = "gutter" } }
                """);
        assertThat(onlyKey(config.whyTagged("batch", "get k")).route()).isPresent();
        assertThat(config.why("get k").notRouted())
                .hasValue("answered by the embedded store: no routes{} is for this listener");
    }

    @Test
    void refusesATagThatNoRoutesHave() {
        ConfigFile config = ConfigFile.of(POOLS + """
                routes{ default = route_direct{ child = "gutter" } }
                routes{ tag = "batch", default = route_direct{ child = "gutter" } }
                """);
        assertThatThrownBy(() -> config.whyTagged("bacth", "get k"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no routes{} has the tag \"bacth\" (did you mean \"batch\"?);"
                        + " a listener with this tag behaves like one without a tag");
    }

    private static String does(ConfigFile config, String command) {
        return onlyKey(config.why(command)).route().orElseThrow().does();
    }

    @Test
    void saysWhetherAKeyIsInTheSampleOfAShadow() {
        ConfigFile config = ConfigFile.of(POOLS + """
                routes{
                  map = {
                    all = route_shadow{ child = "main", shadow = "gutter" },
                    some = route_shadow{ child = "main", shadow = "gutter", percent = 50, key_sample = false },
                  },
                  default = route_shadow{ child = "main", shadow = "gutter", percent = 50 },
                }
                """);
        List<String> keys = IntStream.range(0, 40).mapToObj(i -> "k" + i).toList();
        for (String key : keys) {
            Explanation explanation = config.why("get " + key);
            boolean asked = onlyKey(explanation).scenarios().getFirst().course().asked().stream()
                    .anyMatch(request -> request.pool().equals("gutter"));
            assertThat(onlyKey(explanation).route().orElseThrow().does())
                    .isEqualTo("child decides; 50 % of the keys go to shadow too, whose replies are ignored; this key "
                            + (asked ? "does" : "does not"));
        }
        assertThat(keys.stream().map(key -> does(config, "get " + key)).distinct())
                .hasSize(2);
        assertThat(does(config, "get all/k")).endsWith("are ignored");
        assertThat(does(config, "get some/k"))
                .endsWith("50 % of the requests go to shadow too, whose replies are ignored");
    }

    @Test
    void saysWhichChildAKeyTakes() {
        ConfigFile config = ConfigFile.of(POOLS + """
                routes{
                  map = { hash = route_hash{ children = { "main", "gutter" } } },
                  default = route_weighted{ children = { "main", "gutter" }, weights = { 1, 1 } },
                }
                """);
        for (String key : List.of("a", "b", "c", "d", "hash/a", "hash/b", "hash/c")) {
            String pool = onlyKey(config.why("get " + key))
                    .scenarios()
                    .getFirst()
                    .course()
                    .asked()
                    .getFirst()
                    .pool();
            assertThat(does(config, "get " + key)).endsWith("; this key: " + (pool.equals("main") ? "1" : "2"));
        }
    }

    @Test
    void saysWhereTheLocalZoneComesFrom() throws IOException {
        String routes = POOLS + """
                routes{
                  map = { z = route_zfailover{ children = { east = "main", west = "gutter" } } },
                  cmap = { set = route_failover{ children = { east = "main", west = "gutter" }, local_zone = "east" } },
                  default = route_failover{ children = { east = "main", west = "gutter" } },
                }
                """;
        ConfigFile said = ConfigFile.of("local_zone('west')\n" + routes);
        assertThat(ConfigFile.withoutDirectory(does(said, "get k")))
                .endsWith("zone west first, by local_zone(\"west\") in routes.lua:1");
        assertThat(ConfigFile.withoutDirectory(does(said, "get z/k")))
                .endsWith("all other zones at once; west by local_zone(\"west\") in routes.lua:1");
        assertThat(ConfigFile.withoutDirectory(does(said, "set k 0 0 1")))
                .contains("zone east first, by the argument local_zone in routes.lua:");
        Path file = Files.writeString(directory.resolve("zone"), "west\n");
        assertThat(ConfigFile.withoutDirectory(
                        does(ConfigFile.of("\nlocal_zone_from_file('" + file + "')\n" + routes), "get k")))
                .endsWith("zone west first, by local_zone_from_file(\"" + file + "\") in routes.lua:2");
    }

    @Test
    void printsWhatOneReadsAtAGlance() {
        ConfigFile config = ConfigFile.of("""
                pools{ a = { backends = { "10.0.0.1:11211" } }, b = { backends = { "10.0.0.2:11211 spare" } } }
                routes{
                  default = route_failover{ children = { "a", "b" }, miss = true, wait = 0.1 },
                }
                """);
        assertThat(config.whyText("get k").replaceAll(" +", " ")).isEqualTo("""
                get k

                listener untagged routes.lua:2
                default everything else routes.lua:3

                failover routes.lua:3 one after the other: asks the next after an error or a
                │ miss; waits 0.1 s for each
                ├─ 1: pool a 10.0.0.1:11211 backend 1 of 1, hash a921e3704fda881d of "k"
                └─ 2: pool b 10.0.0.2:11211 (spare) backend 1 of 1, hash a921e3704fda881d of "k"

                all up, key in all 10.0.0.1:11211 hit -> hit from 10.0.0.1:11211
                all up, key in none 10.0.0.1:11211 miss, 10.0.0.2:11211 miss -> miss
                10.0.0.1:11211 down 10.0.0.1:11211 down, 10.0.0.2:11211 hit -> hit from 10.0.0.2:11211
                all of these down 10.0.0.1:11211 down, 10.0.0.2:11211 down -> SERVER_ERROR backend failure
                10.0.0.1:11211 hangs 10.0.0.1:11211 no answer, 10.0.0.2:11211 hit -> hit from 10.0.0.2:11211,
                 after 0.1 s
                """);
    }
}
