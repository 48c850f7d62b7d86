package io.memroute.proxy.config.reader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.PoolOptions;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.hash.Distribution;
import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyFilter;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.RingMode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolOptionsTest {

    private static PoolOptions options(String options) {
        return ConfigText.withRoutes("pools{ main = { options = { " + options + " }, backends = { 'a' } } }")
                .pool("main")
                .options();
    }

    private static KeySelection selection(HashFunction hash, String seed, KeyFilter filter, Distribution distribution) {
        return new KeySelection(hash, Optional.ofNullable(seed), Optional.ofNullable(filter), distribution);
    }

    @Test
    void hasMemcachedsDefaults() {
        assertThat(options("")).isEqualTo(new PoolOptions(KeySelection.DEFAULT, false, ""));
    }

    @Test
    void readsEveryOption() {
        assertThat(options("iothread = true, beprefix = 'p', seed = '', filter = 'tags', filter_conf = '{}'"))
                .isEqualTo(new PoolOptions(
                        selection(
                                HashFunction.XXH3,
                                "",
                                new KeyFilter(KeyFilter.Kind.TAGS, "{}"),
                                new Distribution.Jump()),
                        true,
                        "p"));
        assertThat(options("dist = mcp.dist_ring_hash, hash = mcp.dist_ring_hash.hash, omode = 'ketama', obuckets = 40")
                        .selection())
                .isEqualTo(selection(HashFunction.MD5, null, null, new Distribution.RingOf(RingMode.KETAMA, 40)));
        assertThat(options("dist = mcp.dist_ring_hash, hash = mcp.hash_xxhash, seed = 's', filter = 'stop',"
                                + " filter_conf = '|#|'")
                        .selection())
                .isEqualTo(selection(
                        HashFunction.XXH3,
                        "s",
                        new KeyFilter(KeyFilter.Kind.STOP, "|#|"),
                        new Distribution.RingOf(RingMode.DEFAULT, 160)));
        assertThat(options("dist = mcp.dist_jump_hash, omode = 'evcache'").selection())
                .isEqualTo(KeySelection.DEFAULT);
    }

    @Test
    void mergesThoseOfTheSettingsKeyByKey() {
        PoolSpec pool = ConfigText.withRoutes("""
                settings{ pool_options = { filter = "tags", filter_conf = "{}", seed = "general" } }
                pools{ main = { options = { filter_conf = "()", seed = "particular" }, backends = { "a" } } }
                """).pool("main");
        assertThat(pool.options().selection())
                .isEqualTo(selection(
                        HashFunction.XXH3,
                        "particular",
                        new KeyFilter(KeyFilter.Kind.TAGS, "()"),
                        new Distribution.Jump()));
    }

    @Test
    void aPoolPlacesKeysAsItsOptionsSay() {
        PoolSpec pool = ConfigText.withRoutes("""
                local hosts = {}
                for i = 1, 10 do hosts[i] = "10.0.0." .. i .. ":11211" end
                pools{ main = { backends = hosts } }
                """).pool("main");
        assertThat(Stream.of("a", "b", "ab", "abc", "foo", "bar", "foobar", "key:1", "key:2", "user/1001/profile")
                        .map(key -> {
                            ByteBuf bytes = Unpooled.copiedBuffer(key, UTF_8);
                            return pool.distributor().select(bytes, 0, bytes.readableBytes());
                        }))
                .containsExactly(8, 2, 0, 2, 2, 3, 4, 1, 8, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iothread = 1           ~ iothread: expected true or false, got 1",
                "seed = 5               ~ seed: expected a string, got 5",
                "beprefix = {}          ~ beprefix: expected a string, got a table",
                "sed = 'x'              ~ unknown option \"sed\" (did you mean \"seed\"?)",
                "filter = 'tag', filter_conf = '{}' ~ filter: expected \"stop\", \"tags\", \"hash_tag\" or "
                        + "\"strip\", got \"tag\" "
                        + "(did you mean \"tags\"?)",
                "filter = 'tags'        ~ filter: needs filter_conf: for \"stop\" the text that ends the "
                        + "hashed part, for \"tags\" the two"
                        + " characters around it",
                "filter_conf = '{}'     ~ filter_conf: has no effect without filter = \"stop\" or \"tags\"",
                "filter = 'tags', filter_conf = '{' ~ filter_conf: must be 2 to 5 bytes long, not 1 (\"{\")",
                "filter = 'stop', filter_conf = '######' ~ filter_conf: must be 2 to 5 bytes long, not 6 (\"######\")",
                "dist = 'ring'          ~ dist: expected mcp.dist_jump_hash or mcp.dist_ring_hash, got \"ring\"",
                "dist = {}              ~ dist: expected mcp.dist_jump_hash or mcp.dist_ring_hash, got a table",
                "hash = 'md5'           ~ hash: expected mcp.hash_xxhash or mcp.dist_ring_hash.hash, got \"md5\"",
                "hash = mcp.dist_ring_hash ~ hash: expected mcp.hash_xxhash or mcp.dist_ring_hash.hash, got a table",
                "hash = mcp.dist_ring_hash.hash, seed = 's' ~ seed: has no effect with hash = "
                        + "mcp.dist_ring_hash.hash, which takes no seed",
                "omode = 'ketama'       ~ omode: has no effect without dist = mcp.dist_ring_hash",
                "obuckets = 40          ~ obuckets: has no effect without dist = mcp.dist_ring_hash",
                "dist = mcp.dist_ring_hash, omode = 'ketma' ~ omode: expected \"default\", \"ketama\", "
                        + "\"twemproxy\" or \"evcache\","
                        + " got \"ketma\" (did you mean \"ketama\"?)",
                "dist = mcp.dist_ring_hash, obuckets = 0 ~ obuckets: expected a whole number from 1 to 16384, got 0",
                "dist = mcp.dist_ring_hash, omode = 'ketama', obuckets = 42 ~ obuckets: must be a "
                        + "multiple of 4 with omode \"ketama\""
                        + " (each MD5 digest gives four points), not 42",
            })
    void saysWhatIsWrongWithAnOption(String row) {
        String[] parts = row.split("~");
        assertThat(ConfigText.withRoutes("pools{ main = { backends = { 'a' },\n options = {\n" + parts[0] + "} } }")
                        .errors())
                .containsExactly("routes.lua:3: pool \"main\": options: " + parts[1].strip());
    }

    @Test
    void aMistakeInTheSettingsIsReportedThereAndOnce() {
        assertThat(ConfigText.withRoutes("""
                settings{ pool_options = {
                  filter = "tags", filter_conf = "{" } }
                pools{ a = { backends = { "a" } }, b = { backends = { "b" } } }
                """).errors())
                .containsExactly(
                        "routes.lua:2: settings: pool_options: filter_conf: must be 2 to 5 bytes long, not 1 (\"{\")");
    }
}
