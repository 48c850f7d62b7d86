package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.script.library.LuaRoutePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What is explained is what the compiled routes do: random commands, explained and run, under a configuration with
 * every handler.
 */
class AgreementTest {

    private static final ConfigFile EVERYTHING = ConfigFile.of("""
            local function pool(net, options)
              return { options = options, backends = { net .. ".1", net .. ".2", net .. ".3", net .. ".4" } }
            end
            pools{
              main = pool("10.0.0"), other = pool("10.0.1", { seed = "x" }),
              ring = pool("10.0.2", { dist = mcp.dist_ring_hash, hash = mcp.dist_ring_hash.hash }),
              tags = pool("10.0.3", { filter = "tags", filter_conf = "{}" }),
              stop = pool("10.0.4", { filter = "stop", filter_conf = "::" }),
              set_z = { west = pool("10.1.0"), east = pool("10.1.1"), north = pool("10.1.2") },
            }
            local two = { "main", "other" }
            routes{
              map = {
                direct = route_direct{ child = "ring" },
                allsync = route_allsync{ children = "set_z" },
                allfastest = route_allfastest{ children = two, miss = true, wait = 0.1 },
                allasync = route_allasync{ children = two },
                failover = route_failover{ children = { "stop", "tags", "ring" }, miss = true, failover_count = 2, \
            name = "f" },
                zfailover = route_zfailover{ children = "set_z", local_zone = "west" },
                split = route_split{ child_a = "main", child_b = "tags" },
                ttl = route_ttl{ ttl = 60, child = "stop" },
                null = route_null{},
                ratelim = route_ratelim{ child = "main", limit = 5, fillrate = 5 },
                random = route_random{ children = two },
                limited = route_ratelim{ child = "main", limit = 5, fillrate = 5, fallback = "ring" },
                failsome = route_failover{ children = { "stop", "tags", "ring" }, errors = { "bad", "lost" }, \
            failover_rate = 0.5, failover_burst = 2, fewest_errors = true, failover_count = 2 },
                hashweights = route_hash{ children = two, placement = "mcrouter-weighted-rendezvous", \
            weights = { 1, 0.5 }, names = { "x", "y" } },
                shadow = route_shadow{ child = "main", shadow = "ring", percent = 50 },
                warm = route_warm{ cold = "main", warm = "tags" },
                reshard = route_reshard{ from = "main", to = "other" },
                latest = route_latest{ children = two },
                majority = route_majority{ children = "set_z", wait = 1 },
                weighted = route_weighted{ children = two, weights = { 3, 1 } },
                hash = route_hash{ children = { "main", "tags", "ring" } },
                hashring = route_hash{ children = "set_z", dist = mcp.dist_ring_hash, seed = "other" },
                migrate = route_migrate{ from = "main", to = "tags", start = "2026-01-01T00:00:00Z", window = \
            400000000 },
                nearcache = route_nearcache{ child = "ring", ttl = 10 },
                prefix = route_prefix{ strip = "prefix/", add = "added/", child = "tags", wait = 2 },
                ensure = route_prefix{ strip = "ensure/", add = "added/", ensure = true, suffix = ".s", \
            child = "tags" },
                prefixes = route_prefixes{ children = { ["prefixes/k1"] = "main", ["prefixes/k"] = "ring" }, \
            default = "tags" },
                byc = cmdmap{ get = route_direct{ child = "main" }, mg = route_prefix{ add = "new:", child = "stop" } },
              },
              cmap = { set = route_direct{ child = "tags" } },
              default = route_failover{ children = { "main", route_prefix{ strip = "user", child = "ring" } } },
            }
            """);

    private static final List<String> PREFIXES = List.of(
            "direct",
            "allsync",
            "allfastest",
            "allasync",
            "failover",
            "zfailover",
            "split",
            "ttl",
            "null",
            "ratelim",
            "random",
            "shadow",
            "warm",
            "reshard",
            "latest",
            "majority",
            "weighted",
            "hash",
            "hashring",
            "migrate",
            "nearcache",
            "prefix",
            "prefixes",
            "ensure",
            "limited",
            "failsome",
            "hashweights",
            "byc",
            "user",
            "");

    /** %s is the key. */
    private static final List<String> COMMANDS = List.of(
            "get %s",
            "gets %s",
            "gat 60 %s",
            "set %s 0 0 3",
            "add %s 0 0 1",
            "delete %s",
            "incr %s 1",
            "touch %s 0",
            "mg %s v",
            "mg %s v k t f c",
            "ms %s 2 T30",
            "md %s q",
            "ma %s v",
            "append %s 0 0 2");

    private static void collect(Explanation.Step step, List<String> backends) {
        for (Explanation.Child child : step.children()) {
            switch (child.target()) {
                case Explanation.PoolChoice choice ->
                    backends.add(choice.pool() + " " + choice.slot() + " " + choice.backend());
                case Explanation.Nested(Explanation.Step nested) -> collect(nested, backends);
                case Explanation.Embedded() -> {}
            }
        }
    }

    @Test
    void everyBackendThatIsAskedIsTheOneExplained() {
        Why why = new Why(LuaRoutePlan.plan(EVERYTHING.load().config()));
        Random random = new Random(42);
        int asked = 0;
        for (int i = 0; i < 400; i++) {
            String prefix = PREFIXES.get(random.nextInt(PREFIXES.size()));
            String key = prefix + "/k" + random.nextInt(1000)
                    + (random.nextBoolean() ? "::{t" + random.nextInt(100) + "}" : "");
            String command = COMMANDS.get(random.nextInt(COMMANDS.size())).formatted(key);
            Explanation.Key explained =
                    why.explain(CommandLine.of(command), "", Set.of()).keys().getFirst();
            List<String> backends = new ArrayList<>();
            explained.route().ifPresent(route -> collect(route, backends));
            for (Explanation.Scenario scenario : explained.scenarios()) {
                for (Course.Asked one : scenario.course().asked()) {
                    assertThat(backends)
                            .as("%s, %s", command, scenario.condition())
                            .contains(one.pool() + " " + one.slot() + " " + one.backend());
                    asked++;
                }
            }
        }
        assertThat(asked).isGreaterThan(1000);
    }

    @Test
    void aBinaryKeyIsRewrittenAsTheRouteDoes() {
        // "prefix/1" in base64.
        Explanation.Key explained = new Why(LuaRoutePlan.plan(EVERYTHING.load().config()))
                .explain(CommandLine.of("mg byc/cHJlZml4LzE= b v"), "", Set.of())
                .keys()
                .getFirst();
        List<String> backends = new ArrayList<>();
        collect(explained.route().orElseThrow(), backends);
        assertThat(backends).hasSize(1);
        Course.Asked asked = explained.scenarios().getFirst().course().asked().getFirst();
        assertThat(backends).containsExactly(asked.pool() + " " + asked.slot() + " " + asked.backend());
    }
}
