package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.hash.Distribution;
import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyFilter;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.scheme.Schemes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementOptionsTest {

    private static String pool(String options, String backends) {
        return "pools{ main = { options = { " + options + " }, backends = { " + backends + " } } }";
    }

    private static PoolSpec read(String options, String backends) {
        return ConfigText.withRoutes(pool(options, backends)).pool("main");
    }

    private static Distribution scheme(String name) {
        return new Distribution.SchemeOf(Schemes.named(name).orElseThrow());
    }

    @Test
    void readsTheSchemeWithItsDefaultHashOrAnother() {
        assertThat(read("placement = 'twemproxy-ketama'", "'a', 'b'").options().selection())
                .isEqualTo(new KeySelection(
                        HashFunction.FNV1A_64, Optional.empty(), Optional.empty(), scheme("twemproxy-ketama")));
        assertThat(read(
                                "placement = 'twemproxy-modula', hash = 'crc32a', filter = 'hash_tag',"
                                        + " filter_conf = '{}'",
                                "'a'")
                        .options()
                        .selection())
                .isEqualTo(new KeySelection(
                        HashFunction.CRC32,
                        Optional.empty(),
                        Optional.of(new KeyFilter(KeyFilter.Kind.HASH_TAG, "{}")),
                        scheme("twemproxy-modula")));
        assertThat(read("placement = 'mcrouter-ch3', seed = 'salt', filter = 'strip', filter_conf = 'p:'", "'a'")
                        .options()
                        .selection())
                .isEqualTo(new KeySelection(
                        HashFunction.MURMUR2_64,
                        Optional.of("salt"),
                        Optional.of(new KeyFilter(KeyFilter.Kind.STRIP, "p:")),
                        scheme("mcrouter-ch3")));
    }

    @Test
    void readsNamesAndWeightsOfServersWithoutMakingOtherBackendsOfThem() {
        PoolSpec pool = read(
                "placement = 'twemproxy-ketama'",
                "'10.0.0.1:11212', { host = '10.0.0.2', weight = 3, name = 'b' }, { host = '10.0.0.3', weight = '2' }");
        assertThat(pool.servers())
                .containsExactly(
                        new ServerName("10.0.0.1", 11212),
                        new ServerName("10.0.0.2", 11211, Optional.of("b"), 3),
                        new ServerName("10.0.0.3", 11211, Optional.empty(), 2));
        assertThat(pool.backends().get(1))
                .isEqualTo(read("", "'10.0.0.2'").backends().getFirst());
    }

    @Test
    void aPoolsPlacementTakesBackTheDistributionOfTheSettingsAndTheOtherWayRound() {
        String ring = "dist = mcp.dist_ring_hash, hash = mcp.dist_ring_hash.hash, omode = 'ketama', obuckets = 40";
        List<String> layers = List.of(ring, "placement = 'mcrouter-ch3', seed = 's'");
        for (int upper = 0; upper < 2; upper++) {
            PoolSpec pool = ConfigText.withRoutes("settings{ pool_options = { " + layers.get(1 - upper) + " } }\n"
                            + pool(layers.get(upper), "'a', 'b'"))
                    .pool("main");
            assertThat(pool.options())
                    .isEqualTo(read(layers.get(upper), "'a', 'b'").options());
        }
    }

    @Test
    void everySchemeCanBeConfigured() {
        for (Scheme scheme : Schemes.ALL) {
            for (String hash : scheme.hashes().keySet()) {
                PoolSpec pool =
                        read("placement = '" + scheme.name() + "', hash = '" + hash + "'", "'10.0.0.1', '10.0.0.2'");
                assertThat(pool.options().selection().hash())
                        .isEqualTo(scheme.hashes().get(hash));
            }
        }
        assertThat(Schemes.names()).hasSize(Schemes.ALL.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "placement = 'twemproxy-ketma' ~ pool \"main\": options: placement: unknown placement "
                        + "\"twemproxy-ketma\" (did you mean \"twemproxy-ketama\"?)",
                "placement = 'dalli', dist = mcp.dist_ring_hash ~ pool \"main\": options: dist: has no effect with "
                        + "placement = \"dalli\"",
                "placement = 'dalli', seed = 'x' ~ pool \"main\": options: seed: has no effect with placement = "
                        + "\"dalli\", which takes no seed",
                "placement = 'pecl-memcache-standard', hash = 'fnf' ~ pool \"main\": options: hash: expected \"crc32\" "
                        + "or \"fnv\" with placement = \"pecl-memcache-standard\", got \"fnf\" (did you mean \"fnv\"?)",
                "placement = 'dalli', hash = mcp.hash_xxhash ~ pool \"main\": options: hash: expected \"crc32\" with "
                        + "placement = \"dalli\", got a hash of memcached's",
                "placement = 'dalli', filter = 'strip', filter_conf = '' ~ pool \"main\": options: filter_conf: must "
                        + "be 1 to 249 bytes long, not 0 (\"\")",
                "placement = 'dalli', filter = 'hash_tag', filter_conf = '{}}' ~ pool \"main\": options: filter_conf: "
                        + "must be 2 bytes long, not 3 (\"{}}\")",
            })
    void saysWhatIsWrongWithAnOption(String example) {
        String[] parts = example.split("~", 2);
        assertThat(ConfigText.withRoutes(pool(parts[0], "'10.0.0.1'")).errors())
                .containsExactly("routes.lua:1: " + parts[1].strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "~ weight = 2 ~ weight: has no effect without the pool option placement",
                "~ name = 'x' ~ name: has no effect without the pool option placement; for statistics and logs give a "
                        + "label",
                "placement = 'gomemcache' ~ weight = 2 ~ weight: has no effect with placement = \"gomemcache\", which "
                        + "has no weights",
                "placement = 'gomemcache' ~ name = 'x' ~ name: has no effect with placement = \"gomemcache\", which "
                        + "goes by the order of backends",
                "placement = 'dalli' ~ weight = 1.5 ~ weight: expected a whole number, 1 or more with placement = "
                        + "\"dalli\", got 1.5",
                "placement = 'mcrouter-weighted-ch3' ~ weight = 2 ~ weight: expected a number from 0 to 1 with "
                        + "placement = \"mcrouter-weighted-ch3\", got 2",
                "placement = 'dalli' ~ weight = 'much' ~ weight: expected a number, got \"much\"",
                "placement = 'dalli' ~ name = '' ~ name: must be 1 to 511 bytes long",
            })
    void saysWhatIsWrongWithAServer(String example) {
        String[] parts = example.split("~", 3);
        assertThat(ConfigText.withRoutes(
                                pool(parts[0].strip(), "'10.0.0.1', { host = '10.0.0.2', " + parts[1].strip() + " }"))
                        .errors())
                .containsExactly("routes.lua:1: backend 2 of pool \"main\": " + parts[2].strip());
    }

    @Test
    void anUnknownSchemeIsTheOnlyErrorOfItsPool() {
        assertThat(ConfigText.withRoutes(pool("placement = 'dali'", "{ host = '10.0.0.1', weight = 2, name = 'x' }"))
                        .errors())
                .containsExactly("routes.lua:1: pool \"main\": options: placement: unknown placement \"dali\" "
                        + "(did you mean \"dalli\"?)");
    }

    @Test
    void refusesAPoolThatNobodyGetsKeysOf() {
        assertThat(ConfigText.withRoutes(pool(
                                "placement = 'weighted-jump'",
                                "{ host = '10.0.0.1', weight = 0 }, { host = '10.0.0.2', weight = 0 }"))
                        .errors())
                .containsExactly(
                        "routes.lua:1: pool \"main\": backends: all have the weight 0; at least one needs a weight"
                                + " above 0");
    }
}
