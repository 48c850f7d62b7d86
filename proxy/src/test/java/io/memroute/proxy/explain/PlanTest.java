package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.memroute.proxy.explain.render.PlanText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {

    private static final int KEYS = 20_000;

    @TempDir
    private Path directory;

    private static String config(String pools, String routes) {
        return "pools{ " + pools + " }\nroutes{ " + routes + " }\n";
    }

    private static Plan.Report plan(String before, String after, KeySample sample) {
        return Plan.compare(
                ConfigFile.of(before).load().config(),
                ConfigFile.of(after).load().config(),
                sample);
    }

    private static Plan.Report plan(String before, String after) {
        return plan(before, after, KeySample.generated(KEYS));
    }

    private static final String THREE = config(
            "main = { backends = { '10.0.0.1', '10.0.0.2', '10.0.0.3' } }", "default = route_direct{ child = 'main' }");

    @Test
    void saysThatNothingChanges() {
        Plan.Report plan = plan(THREE, "\n\n" + THREE);
        assertThat(plan.isEmpty()).isTrue();
        assertThat(plan.gets()).isEmpty();
        assertThat(PlanText.of(plan)).isEqualTo("nothing changes\n");
    }

    @Test
    void measuresTheKeysThatABackendMoreTakesOver() {
        Plan.Report plan = plan(THREE, THREE.replace("'10.0.0.3'", "'10.0.0.3', '10.0.0.4'"));
        Plan.PoolChange main = plan.poolsChanged().getFirst();
        assertThat(main.backendsAdded()).containsExactly("10.0.0.4:11211");
        assertThat(main.keys()).isEqualTo(KEYS);
        // Jump hash moves a quarter.
        assertThat(main.keysMoved() / (double) KEYS).isCloseTo(0.25, within(0.02));
        assertThat(plan.gets()).containsExactly(new Plan.Moved("", "default", KEYS, main.keysMoved()));
        assertThat(plan.connections().kept()).hasSize(3);
        assertThat(plan.connections().opened()).containsExactly("10.0.0.4:11211");
        assertThat(plan.connections().closed()).isEmpty();
    }

    @Test
    void showsThatGetsOfATreeMissFromNowOn() {
        assertThat(PlanText.of(plan(THREE, THREE.replace("default", "miss_on_error = true, default"))))
                .contains("miss_on_error")
                .doesNotContain("nothing changes");
        assertThat(PlanText.of(plan(THREE, "settings{ miss_on_error = true }\n" + THREE)))
                .contains("miss_on_error")
                .doesNotContain("nothing changes");
    }

    @Test
    void seesWhatBackendsInAnotherOrderDo() {
        Plan.Report plan = plan(THREE, THREE.replace("'10.0.0.1', '10.0.0.2'", "'10.0.0.2', '10.0.0.1'"));
        assertThat(plan.poolsChanged().getFirst().reordered()).isTrue();
        assertThat(plan.poolsChanged().getFirst().keysMoved() / (double) KEYS).isCloseTo(2 / 3.0, within(0.02));
        assertThat(plan.connections().opened()).isEmpty();
    }

    @Test
    void measuresWhatAWeightMovesWithoutNewConnections() {
        String equal = config(
                "main = { options = { placement = 'weighted-rendezvous' }, backends = { { host = '10.0.0.1' },"
                        + " { host = '10.0.0.2' }, { host = '10.0.0.3' } } }",
                "default = route_direct{ child = 'main' }");
        Plan.Report plan = plan(equal, equal.replace("'10.0.0.3'", "'10.0.0.3', weight = 2"));
        Plan.PoolChange main = plan.poolsChanged().getFirst();
        assertThat(main.backendsChanged())
                .containsExactly(
                        Map.entry("10.0.0.3:11211", List.of(new Change("weight", Optional.empty(), Optional.of("2")))));
        // From a third to a half.
        assertThat(main.keysMoved() / (double) KEYS).isCloseTo(1 / 6.0, within(0.01));
        assertThat(plan.connections().kept()).hasSize(3);
        assertThat(plan.connections().opened()).isEmpty();
    }

    @Test
    void reconnectsBackendsWhoseOptionsDiffer() {
        Plan.Report plan = plan(THREE, "settings{ backend_read_timeout = 0.5 }\n" + THREE);
        assertThat(plan.poolsChanged().getFirst().backendsChanged().get("10.0.0.1:11211"))
                .containsExactly(new Change("readtimeout", Optional.of("3"), Optional.of("0.5")));
        assertThat(plan.poolsChanged().getFirst().keysMoved()).isZero();
        assertThat(plan.connections().kept()).isEmpty();
        assertThat(plan.connections().opened()).hasSize(3);
    }

    @Test
    void showsRoutesThatAreNewGoneOrDifferent() {
        String pools = "a = { backends = { '10.0.0.1' } }, b = { backends = { '10.0.0.2' } }";
        Plan.Report plan = plan(
                config(
                        pools,
                        "map = { x = route_direct{ child = 'a' }, y = route_direct{ child = 'a' } }, "
                                + "default = route_direct{ child = 'a' }"),
                config(
                        pools,
                        "map = { y = route_failover{ children = { 'b', 'a' } }, z = route_direct{ child = 'b' } },"
                                + " default = route_direct{ child = 'a' }"));
        assertThat(PlanText.of(plan)).isEqualTo("""
                routes
                  ~ map.y
                      was direct{ child = a }
                      is  failover{ 1 = b, 2 = a, miss = false, failover_count = 2, shuffle = false }
                  + map.z: direct{ child = b }
                  - map.x: direct{ child = a }

                keys that are looked for on another backend: a miss each, until they are cached there
                  map.y  100.0 %
                  map.z  100.0 %
                  (measured with 20,000 generated keys)

                connections
                  2 kept, 0 opened, 0 closed on each worker
                """);
    }

    private static final String FAILOVER = """
            pools{ a = { backends = { '10.0.0.1', '10.0.0.2' } }, b = { backends = { '10.0.0.3' } } }
            local shared = route_failover{ children = { "a", route_ttl{ ttl = 2, child = "b" } } }
            routes{
              map = { x = shared, y = shared, z = route_direct{ child = "a" } },
              default = route_shadow{ child = "a", shadow = "b", percent = 10 },
            }
            """;

    @Test
    void showsOfARouteThatStaysOnlyWhatDiffers() {
        Plan.Report plan =
                plan(FAILOVER, FAILOVER.replace("ttl = 2,", "ttl = 5,").replace("shadow = \"b\"", "shadow = \"a\""));
        assertThat(PlanText.of(plan)).startsWith("""
                routes
                  ~ map.x, map.y
                      ~ 2.ttl: 2 -> 5
                  ~ default
                      ~ shadow: b -> a

                """);
    }

    @Test
    void showsChildrenThatAreNewGoneOrInAnotherOrder() {
        Plan.Report longer = plan(FAILOVER, FAILOVER.replace("\"a\", route_ttl", "\"a\", \"b\", route_ttl"));
        assertThat(longer.routes().getFirst().changes())
                .containsExactly(
                        new Change("2", Optional.of("ttl{ child = b, ttl = 2 }"), Optional.of("b")),
                        new Change("3", Optional.empty(), Optional.of("ttl{ child = b, ttl = 2 }")),
                        new Change("failover_count", Optional.of("2"), Optional.of("3")));
        String zoned = FAILOVER.replace("{ \"a\", route_ttl{ ttl = 2, child = \"b\" } }", "{ e = \"a\", w = \"b\" }");
        assertThat(plan("local_zone('e')\n" + zoned, "local_zone('w')\n" + zoned)
                        .routes()
                        .getFirst()
                        .changes())
                .containsExactly(new Change("order", Optional.of("e, w"), Optional.of("w, e")));
    }

    @Test
    void saysNothingTwice() {
        Plan.Report plan = plan(
                FAILOVER,
                "settings{ backend_read_timeout = 0.5 }\n"
                        + FAILOVER.replace("ttl = 2,", "ttl = 5,").replace("'10.0.0.2'", "'10.0.0.4'"));
        assertThat(PlanText.of(plan)).startsWith("""
                pools
                  ~ a: """).contains("""
                  ~ a, b: 10.0.0.1:11211, 10.0.0.3:11211
                      ~ readtimeout: 3 -> 0.5
                """).endsWith("""
                connections
                  0 kept, 3 opened, 3 closed on each worker
                """);
        assertThat(PlanText.of(plan).lines().map(String::strip).filter(line -> !line.isEmpty()))
                .doesNotHaveDuplicates();
    }

    @Test
    void comparesSettingsAndPoolOptions() {
        Plan.Report plan = plan(
                THREE,
                "settings{ active_req_limit = 100 }\n"
                        + THREE.replace(
                                "main = {",
                                "extra = { backends = { '10.0.0.9' } }, main = { options = { seed = 's' },"));
        assertThat(plan.settings())
                .containsExactly(new Change("active_req_limit", Optional.of("0"), Optional.of("100")));
        assertThat(plan.poolsAdded()).containsExactly("extra");
        assertThat(plan.poolsChanged().getFirst().options())
                .containsExactly(new Change("seed", Optional.empty(), Optional.of("\"s\"")));
    }

    @Test
    void routesRealKeysAsTheyAre() throws Exception {
        String pools = "a = { backends = { '10.0.0.1' } }, b = { backends = { '10.0.0.2' } }";
        Path file = Files.writeString(directory.resolve("keys"), "user/1\nuser/2\nlog/1\n\nno key\nother\n");
        Plan.Report plan = plan(
                config(pools, "map = { user = route_direct{ child = 'a' } }, default = route_direct{ child = 'a' }"),
                config(pools, "map = { user = route_direct{ child = 'b' } }, default = route_direct{ child = 'a' }"),
                KeySample.ofFile(file));
        assertThat(plan.sampledKeys()).isEqualTo(4);
        assertThat(plan.gets()).containsExactly(new Plan.Moved("", "map.user", 2, 2));
    }

    @Test
    void refusesAFileWithoutKeys() throws Exception {
        Path file = Files.writeString(directory.resolve("keys"), "\n  \n");
        assertThatThrownBy(() -> KeySample.ofFile(file)).hasMessage(file + " holds no keys: expected one per line");
    }
}
