package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ConfigError;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.explain.Check;
import io.memroute.proxy.explain.KnownListeners;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a configuration says, loading it gives a model or its errors and nothing else. */
class ConfigMutationTest {

    private static final int MUTANTS = 800;

    private static final String CONFIGURATION = """
            settings{ active_req_limit = 100, buffer_memory_limit = 64, backend_read_timeout = 0.5, tcp_keepalive = \
            true,
              pool_options = { filter = "tags", filter_conf = "{}" }, backend_options = { retrywaittime = 2, log = { \
            rate = 5 } } }
            mcp.backend_depth_limit(10)
            local_zone("west")
            verbosity{ verbose = false }
            pools{
              main = { options = { seed = "x", dist = mcp.dist_ring_hash, hash = mcp.hash_xxhash, omode = "ketama", \
            obuckets = 40 },
                backend_options = { connections = 2 }, backends = { "a:1", "b _down_", { host = "c", port = 3, \
            flaptime = 1 } } },
              users = { backends = { "[::1]:11211 label", "::1" } },
              set_geo = { west = { backends = { "w" } }, east = { backends = { "e" } } },
              set_list = { { backends = { "l" } }, { backends = { "m" } } },
            }
            routes{ tag = "x", conf = { mode = "anchor", start = "_", stop = "//" },
              map = { user = route_direct{ child = "users" }, hot = cmdmap{ get = route_failover{ children = \
            "set_geo", miss = true,
                failover_count = 2, shuffle = true, wait = 0.1, stats = true, stats_name = "n" }, all = route_null{} \
            } },
              cmap = { set = route_ttl{ ttl = 60, child = "main" }, [mcp.CMD_MG] = route_split{ child_a = "main", \
            child_b = "internal" } },
              default = route_allsync{ children = { "main", route_ratelim{ child = "users", limit = 5, fillrate = 1 \
            }, z = "set_geo_west" } } }
            routes{ default = route_allfastest{ children = route_ttl{ ttl = 5, child_wrap = "set_list" } },
              cmap = { get = route_zfailover{ children = "set_geo" }, gets = route_random{ children = "set_list" } } }
            """;

    private static final Pattern PIECE = Pattern.compile("\"[^\"]*\"|\\w+(?:\\.\\w+)?|\\s+|.", Pattern.DOTALL);

    private static final List<String> REPLACEMENTS = List.of(
            "nil",
            "true",
            "false",
            "0",
            "-1",
            "1.5",
            "1e300",
            "0/0",
            "1/0",
            "math.mininteger",
            "\"\"",
            "\"\\xff\\0\"",
            "{}",
            "{{}}",
            "print",
            "mcp",
            "mcp.dist_ring_hash",
            "\"internal\"",
            "\"set_geo\"",
            "\"set_geo_west\"",
            "\"main\"",
            "route_direct",
            "{",
            "}",
            "=",
            ",",
            "\n",
            "",
            "setmetatable({}, { __index = error })",
            "coroutine.create(print)",
            "(\"x\"):rep(600)",
            "[{}] = ",
            "cmdmap{}",
            "route_null{}",
            "route_null{ child_wrap = \"set_geo\" }");

    @TempDir
    Path directory;

    @Test
    void theConfigurationItselfLoads() {
        assertThat(ConfigText.of(CONFIGURATION).load().trees()).hasSize(2);
    }

    @Test
    @Timeout(300)
    void everyMutantGivesAModelOrErrors() throws Exception {
        List<String> pieces = PIECE.matcher(CONFIGURATION)
                .results()
                .map(piece -> piece.group())
                .toList();
        Random random = new Random(20_241_122);
        Path file = directory.resolve("routes.lua");
        ConfigSource source = ConfigSource.ofFile(file.toString());
        int models = 0;
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            List<String> mutant = new ArrayList<>(pieces);
            for (int n = random.nextInt(3); n >= 0; n--) {
                mutate(mutant, random);
            }
            Files.writeString(file, String.join("", mutant));
            try {
                LoadedConfig loaded = ConfigLoader.loadAll(source, new SilentHost());
                assertThat(Check.warnings(loaded, Optional.of(new KnownListeners(Set.of("", "y"), true, false))))
                        .allSatisfy(warning -> isReadable(new ConfigError(warning.where(), warning.message())));
                models++;
            } catch (ConfigException e) {
                refused++;
                assertThat(e.errors()).allSatisfy(ConfigMutationTest::isReadable);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("mutant " + i + ":\n" + String.join("", mutant), e);
            }
        }
        assertThat(models).isPositive();
        assertThat(refused).isGreaterThan(models);
    }

    private static void isReadable(ConfigError error) {
        assertThat(error.file()).endsWith("routes.lua");
        assertThat(error.message()).isNotBlank().doesNotContain("io.memroute", "@");
    }

    private static void mutate(List<String> pieces, Random random) {
        int at = random.nextInt(pieces.size());
        switch (random.nextInt(4)) {
            case 0 -> pieces.remove(at);
            case 1 -> pieces.add(at, pieces.get(random.nextInt(pieces.size())));
            default -> pieces.set(at, REPLACEMENTS.get(random.nextInt(REPLACEMENTS.size())));
        }
    }

    private static final class SilentHost extends ConfigHost {
        @Override
        public OutputStream stdout() {
            return OutputStream.nullOutputStream();
        }
    }
}
