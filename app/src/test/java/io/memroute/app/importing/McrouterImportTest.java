package io.memroute.app.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.explain.Check;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class McrouterImportTest {

    @TempDir
    private Path directory;

    static String resource(String name) throws IOException {
        try (var stream = McrouterImportTest.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static Imported read(String text) {
        String prefix = text.contains("/us/west/") ? "/us/west/" : "/././";
        return McrouterImport.read(text, new McrouterImport.Options(prefix, Map.of()), path -> Optional.empty());
    }

    private static Imported ofRoute(String route) {
        return read("""
                {
                "pools": { "A": { "servers": ["a:1", "b:1"] }, "B": { "servers": ["c:1", "d:1"] } },
                "route": %s
                }
                """.formatted(route));
    }

    private static String routes(Imported imported) {
        String lua = imported.lua("f.json", "mcrouter");
        return lua.substring(lua.indexOf("\n}\n", lua.indexOf("\npools{")));
    }

    /** The names of the files in mcrouter's style, without the ending. */
    static Stream<String> files() {
        return Stream.of(
                "simple", "replicated", "regions", "prefixes", "warmup", "failover", "shadow", "macros", "everything");
    }

    @ParameterizedTest
    @MethodSource("files")
    void passesCheck(String name) throws IOException {
        Imported imported = read(resource(name + ".json"));
        Path lua = Files.writeString(directory.resolve("imported.lua"), imported.lua(name + ".json", "mcrouter"));
        Check.Report report = Check.run(ConfigSource.ofFile(lua.toString()), new ConfigHost());
        assertThat(report.errors()).as(Files.readString(lua)).isEmpty();
    }

    @Test
    void writesAPoolWithItsPlacementAndItsTimeouts() throws IOException {
        assertThat(read(resource("simple.json")).lua("simple.json", "mcrouter")).endsWith("""

                settings{
                  backend_connect_timeout = 1,
                  backend_read_timeout = 1,
                  backend_failure_limit = 2,
                  backend_retry_waittime = 10,
                }

                pools{
                  -- line 4
                  A = {
                    options = { placement = "mcrouter-ch3", filter = "stop", filter_conf = "|#|" },
                    backend_options = { readtimeout = 0.25, connecttimeout = 0.25 },
                    backends = { "127.0.0.1:11311", "127.0.0.1:11312", "127.0.0.1:11313" },
                  },
                }

                routes{ miss_on_error = true, default = route_direct{ child = "A" } }
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `"AllSyncRoute\\u007cPool\\u007cA"` | `route_allsync{ children = "set_A" }`
            `{ "type": "AllFastestRoute", "children": ["PoolRoute\\u007cA", "PoolRoute\\u007cB"] }` | \
            `route_allfastest{ children = { "A", "B" } }`
            `{ "type": "AllInitialRoute", "children": "Pool\\u007cA" }` | \
            `route_split{ child_a = "set_A_1", child_b = "set_A_2" }`
            `{ "type": "HashRoute", "children": ["PoolRoute\\u007cA", "PoolRoute\\u007cB"], "salt": "s" }` | \
            `route_hash{`
            `{ "type": "AllSyncRoute", "children": { "type": "Pool", "name": "C", "servers": ["h:1", "h:2"] } }` | \
            `route_allsync{ children = "set_C" }`
            `{ "type": "AllSyncRoute", "children": { "type": "Pool", "name": "C", "servers": \
            ["h:1", { "type": "ErrorRoute" }] } }` | `route_allsync{ children = { "C", "_down_" } }`
            `{ "type": "PoolRoute", "pool": { "name": "C", "servers": \
            ["h:1", { "type": "NullRoute" }] } }` | `"C", route_null{}`
            `{ "type": "AllSyncRoute", "children": { "type": "transform", "dictionary": ["A", "B"], \
            "itemTransform": "PoolRoute\\u007c%item%" } }` | `route_allsync{ children = { "A", "B" } }`
            `{ "type": "OperationSelectorRoute", "operation_policies": { "type": "transform", "itemName": "pool", \
            "dictionary": { "get": "A" }, "keyTransform": ["%key%", "gets"], \
            "itemTransform": "PoolRoute\\u007c%pool%" }, "default_policy": "PoolRoute\\u007cB" }` | \
            `get = route_direct{ child = "A" }`
            `{ "type": "LoggingRoute", "target": "PoolRoute\\u007cA" }` | `route_direct{ child = "A" }`
            `{ "type": "LatencyInjectionRoute", "target": "PoolRoute\\u007cB" }` | `route_direct{ child = "B" }`
            `"ErrorRoute\\u007cno"` | `route_direct{ child = "_down_" }`
            `{ "type": "BigValueRoute", "children": "Pool\\u007cA" }` | `route_direct{ child = "_down_" }`
            `"NullRoute"` | `route_null{}`
            `{ "type": "MigrateRoute", "from": "PoolRoute\\u007cA", "to": "PoolRoute\\u007cB", \
            "start_time": 2000000000 }` | \
            `route_migrate{ from = "A", to = "B", start = 2000000000, window = 3600 }`
            `{ "type": "ModifyKeyRoute", "target": "PoolRoute\\u007cA", "ensure_key_prefix": "x" }` | \
            `route_prefix{ child = "A", add = "x", ensure = true }`
            `{ "type": "ModifyKeyRoute", "target": "PoolRoute\\u007cA", "ensure_key_prefix": "x", \
            "replace_key_prefix": "y", "set_key_suffix": "s", "set_routing_prefix": "/a/b/" }` | \
            `route_prefix{ child = "A", strip = "y", add = "x", ensure = true, suffix = "s" }`
            `{ "type": "RateLimitRoute", "target": "PoolRoute\\u007cA", "fallback": "PoolRoute\\u007cB", \
            "rates": { "gets_rate": 5 } }` | `fallback = "B"`
            `{ "type": "HashRoute", "children": ["PoolRoute\\u007cA", "PoolRoute\\u007cB"], \
            "hash_func": "WeightedCh3", "weights": [1] }` | `weights = { 1, 0.5 }`
            `{ "type": "HashRoute", "children": ["PoolRoute\\u007cA", "PoolRoute\\u007cB"], \
            "hash_func": "Rendezvous", "tags": ["a", "b"], "salt": "s" }` | `names = { "a", "b" }`
            `{ "type": "FailoverRoute", "children": ["PoolRoute\\u007cA", "PoolRoute\\u007cB"] }` | \
            `errors = { "bad", "connect", "full", "timeout", "lost", "server_error" }`
            """)
    void translatesHandles(String handle, String expected) {
        assertThat(routes(ofRoute(handle))).contains(expected);
    }

    @Test
    void failoversAreThoseOfTheirCommands() {
        String routes = routes(ofRoute("""
                { "type": "FailoverRoute", "children": ["PoolRoute|A", "PoolRoute|B", "NullRoute"],
                  "failover_errors": { "gets": ["tko", "remote_error"], "updates": [], "deletes": ["timeout"] },
                  "failover_limit": { "rate": 0.2, "burst": 7 },
                  "failover_policy": { "type": "LeastFailuresPolicy", "max_tries": 2 } }
                """));
        assertThat(routes.replaceAll("\\s+", " "))
                .contains("errors = { \"bad\", \"lost\", \"server_error\" }, failover_rate = 0.2, failover_burst = 7,"
                        + " fewest_errors = true, failover_count = 2")
                .contains("errors = { \"timeout\" }")
                .contains("errors = { \"bad\", \"connect\", \"full\", \"timeout\", \"lost\", \"server_error\" }")
                .contains("default = route_direct{ child = \"A\" }");
    }

    @Test
    void errorsThatNothingHereIsAnExampleOfAreNamed() {
        assertThat(ofRoute("""
                { "type": "FailoverRoute", "children": ["PoolRoute|A", "PoolRoute|B"],
                  "failover_errors": { "gets": ["tko", "ooo", "aborted"], "updates": ["ooo"] } }
                """).report().text("f.json").lines())
                .contains(
                        "f.json:4: nearly: failover_errors for gets: errors = bad; no error here is ooo or aborted",
                        "f.json:4: nearly: failover_errors for updates: the first child alone; no error here is ooo");
    }

    @Test
    void missFailoverGoesOnForGetsAndDeletesOnly() {
        assertThat(routes(ofRoute("""
                { "type": "MissFailoverRoute", "children": ["PoolRoute|A", "PoolRoute|B"] }
                """)))
                .contains("get = route_failover{ children = { \"A\", \"B\" }, miss = true }")
                .contains("delete = route_failover{ children = { \"A\", \"B\" }, not_found = true }")
                .contains("default = route_direct{ child = \"A\" }");
    }

    @Test
    void exptimesAreChangedWhereCommandsHaveThem() {
        assertThat(routes(ofRoute("""
                { "type": "ModifyExptimeRoute", "target": "PoolRoute|A", "exptime": 30, "action": "min" }
                """)))
                .contains("set = route_ttl{ ttl = 30, shorten = true, child = \"A\" }")
                .contains("default = route_direct{ child = \"A\" }")
                .doesNotContain("get =");
    }

    @Test
    void ratesAreThoseOfTheirCommands() throws IOException {
        assertThat(read(resource("shadow.json")).lua("f.json", "mcrouter"))
                .contains("limit = 1000, fillrate = 1000, tickrate = 1000")
                .contains("limit = 1, fillrate = 1, tickrate = 2000")
                .contains("limit = 3, fillrate = 25, tickrate = 10000")
                .contains("percent = 25");
    }

    @Test
    void everyDifferenceIsReportedWithItsLine() throws IOException {
        assertThat(read(resource("failover.json")).report().text("f.json").lines())
                .contains(
                        "f.json:19: exact: failover_errors for gets: errors = bad, connect, timeout",
                        "f.json:19: nearly: failover_errors for gets: connect stands for connect_error and"
                                + " connect_timeout, of which only one is there",
                        "f.json:19: exact: failover_errors: none for updates: the first child alone",
                        "f.json:20: exact: failover_limit: failover_rate and failover_burst, for each worker")
                .anyMatch(line -> line.startsWith("f.json:3: exact: main: 2 servers"));
        assertThat(read(resource("shadow.json")).report().text("f.json").lines())
                .anyMatch(line -> line.startsWith("f.json:7: missing: qos: "))
                .anyMatch(line -> line.startsWith("f.json:17: nearly: index_range: "))
                .anyMatch(line -> line.startsWith("f.json:13: exact: asynclog: false"));
        assertThat(read(resource("warmup.json")).report().text("f.json")).contains("exptime 3600 has no effect");
    }

    @Test
    void whatIsNotKnownIsReported() {
        assertThat(ofRoute("""
                { "type": "AllSyncRoute", "children": "Pool|A", "childs": 1 }
                """).report().text("f"))
                .contains("f:3: missing: AllSyncRoute.childs: is not known here, and has no effect");
    }

    @Test
    void namesThatAreGivenTwiceAreReported() {
        assertThat(read("""
                { "pools": { "A": { "servers": ["a:1"] },
                "A": { "servers": ["b:1"] } }, "route": "PoolRoute|A" }
                """).report().text("f"))
                .contains("f:2: exact: A: is given twice: the last one holds, as in mcrouter");
    }

    @Test
    void aCommentMayBeLeftOpenAtTheEnd() {
        String file =
                "{ \"pools\": { \"A\": { \"servers\": [\"a:1\"] } }, \"route\": \"PoolRoute|A\" } // end\n /* */\n";
        Imported imported = read(file + "/* old:\n } \n");
        assertThat(imported.lua("f", "mcrouter")).isEqualTo(read(file).lua("f", "mcrouter"));
        assertThat(imported.report().text("f")).contains("f:3: exact: /*: this comment is left open");
        assertThatThrownBy(() -> read(file.replace("} //", "/* } //"))).isInstanceOf(ImportException.class);
        assertThatThrownBy(() -> read(file + "}")).hasMessageContaining("not JSON");
    }

    @Test
    void aFileThatIsImportedIsNamedWithItsLine() {
        McrouterImport.Options none = new McrouterImport.Options("/././", Map.of());
        String file = "{ \"pools\": \"@import(p.json)\",\n\"route\": \"PoolRoute|P\" }";
        assertThat(McrouterImport.read(file, none, path -> Optional.of("""
                        { "P": { "servers": ["h:1"] },
                        "P": { "servers": ["h:2"] } }
                        """))
                        .report()
                        .text("f"))
                .contains("f:1: exact: p.json:2: P: is given twice");
        assertThatThrownBy(() -> McrouterImport.read(file, none, path -> Optional.of("{\n\n]")))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.at("f")).startsWith("f:1: p.json:3: not JSON"));
    }

    @Test
    void triesOfAPolicyInOrderHaveNoEffectAsInMcrouter() {
        Imported imported = ofRoute("""
                { "type": "FailoverRoute", "children": ["PoolRoute|A", "PoolRoute|B", "NullRoute"],
                  "failover_policy": { "type": "InOrderPolicy", "max_tries": 2 } }
                """);
        assertThat(routes(imported)).contains("route_failover").doesNotContain("failover_count");
        assertThat(imported.report().text("f")).contains("f:4: exact: max_tries: 2: without effect in mcrouter");
    }

    /** All errors of mcrouter's: its results from {@code ooo} on, but for {@code waiting}. */
    @Test
    void everyErrorOfMcrouterIsKnown() {
        Stream.of(
                        "ooo timeout connect_timeout connect_error busy try_again shutdown tko bad_command bad_key",
                        "bad_flags bad_exptime bad_lease_id bad_cas_id bad_value aborted client_error local_error",
                        "remote_error deadline_exceeded permission_denied hot_key overloaded")
                .flatMap(names -> Stream.of(names.split(" ")))
                .forEach(error -> assertThat(
                                ofRoute("""
                        { "type": "FailoverRoute", "children": ["PoolRoute|A", "PoolRoute|B"],
                          "failover_errors": { "deletes": ["%s"] } }
                        """.formatted(error)).report().text("f"))
                        .contains(" failover_errors"));
    }

    @Test
    void typeAndNameMayBeNamesOfMacrosAndPrefixes() {
        assertThat(routes(read("""
                { "macros": [ { "name": { "type": "constDef", "result": "A" } } ],
                "pools": { "A": { "servers": ["a:1"] }, "B": { "servers": ["b:1"] } },
                "route": { "type": "PrefixSelectorRoute", "policies": {
                  "type": "PoolRoute|%name%", "name": { "type": "PoolRoute", "pool": "B" } },
                  "wildcard": "NullRoute" } }
                """))).contains("type = \"A\"", "name = \"B\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `{ "target": "PoolRoute\\u007cB" }` | `shadows: {target}: mcrouter passes over it, too`
            `["B"]` | `shadows: B: mcrouter passes over it, too`
            `[{ "key_fraction_range": [0, 0.1] }]` | `shadows: {key_fraction_range}: mcrouter passes over it, too`
            `[{ "target": "PoolRoute\\u007cB", "key_fraction_range": [0.1] }]` | \
            `key_fraction_range: [0.1]: mcrouter passes over this shadow, too`
            `[{ "target": "PoolRoute\\u007cB", "key_fraction_range": [0, 1.5] }]` | \
            `key_fraction_range: [0, 1.5]: mcrouter passes over this shadow, too`
            `[{ "target": "PoolRoute\\u007cB", "index_range": [1, 0] }]` | \
            `index_range: [1, 0]: mcrouter passes over this shadow, too`
            """)
    void shadowsThatMcrouterPassesOverAreNone(String shadows, String finding) {
        Imported imported = ofRoute("{ \"type\": \"PoolRoute\", \"pool\": \"A\", \"shadows\": " + shadows + " }");
        assertThat(imported.report().text("f")).contains("f:3: exact: " + finding);
        assertThat(routes(imported)).doesNotContain("route_shadow");
    }

    @Test
    void macrosAreWrittenOut() throws IOException {
        assertThat(read(resource("macros.json")).lua("f.json", "mcrouter"))
                .contains("backend_options = { readtimeout = 0.2, connecttimeout = 0.2 }")
                .contains("get = route_allfastest{ children = \"set_one\" }")
                .contains("default = route_majority{ children = \"set_one\" }");
    }

    @Test
    void filesAreImported() {
        Imported imported = McrouterImport.read(
                """
                {
                "pools": "@import(file:pools.json)",
                "route": "PoolRoute|%which%"
                }
                """,
                new McrouterImport.Options("/././", Map.of("which", "P")),
                path -> path.equals("pools.json")
                        ? Optional.of("{ \"P\": {\n\n\"servers\": [\"h:1\"] } }")
                        : Optional.empty());
        assertThat(imported.lua("f", "mcrouter")).contains("P = { backends = { \"h:1\" } }");
        assertThat(imported.report().text("f")).contains("f:2: exact: P: 1 server");
    }

    @Test
    void hugeNumbersBecomeWhatRoutesTake() throws IOException {
        Imported imported = ofRoute("""
                { "type": "RateLimitRoute", "rates": { "gets_rate": 1e300, "deletes_rate": 1e-300 },
                  "target": { "type": "ModifyExptimeRoute", "exptime": 1e300, "target":
                    { "type": "ModifyExptimeRoute", "exptime": -7, "target": "PoolRoute|A" } } }
                """);
        Path lua = Files.writeString(directory.resolve("imported.lua"), imported.lua("f.json", "mcrouter"));
        assertThat(Check.run(ConfigSource.ofFile(lua.toString()), new ConfigHost())
                        .errors())
                .as(Files.readString(lua))
                .isEmpty();
    }

    @Test
    void hostileFilesAreRefused() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertThatThrownBy(() -> ofRoute(deep)).isInstanceOf(ImportException.class);
        String names = IntStream.range(0, 40)
                .mapToObj(i -> "\"n" + i + "\": { \"type\": \"AllSyncRoute\", \"children\": [\"n" + (i + 1) + "\", \"n"
                        + (i + 1) + "\"] }, ")
                .collect(Collectors.joining());
        assertThatThrownBy(() -> read("{ \"pools\": {}, \"named_handles\": { " + names
                        + "\"n40\": \"NullRoute\" }, \"route\": \"n20\" }"))
                .isInstanceOfSatisfying(
                        ImportException.class,
                        e -> assertThat(e.at("f"))
                                .contains("more than 10000 routes when those with names are written out"));
        String pools = IntStream.range(0, 20_000)
                .mapToObj(i -> "\"p" + i + "\": { \"inherit\": \"p" + (i + 1) + "\" }")
                .collect(Collectors.joining(", "));
        assertThatThrownBy(() -> read("{ \"pools\": { " + pools + " }, \"route\": \"PoolRoute|p0\" }"))
                .isInstanceOfSatisfying(
                        ImportException.class,
                        e -> assertThat(e.at("f")).contains("inherits by way of more than 100 pools"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `{ "type": "PoolRoute", "pool": { "servers": ["\\ud800:1"] } }` | `f:3: a text has half of a character`
            `{ "type": "FailoverRoute", "children": ["PoolRoute\\u007cA", "PoolRoute\\u007cB"], \
            "failover_limit": { "rate": "NaN" } }` | `f:3: rate: expected a number, got "NaN"`
            `{ "type": "FailoverRoute", "children": ["PoolRoute\\u007cA", "PoolRoute\\u007cB"], \
            "failover_errors": ["nonsense"] }` | `f:3: failover_errors: there is no error "nonsense"`
            `{ "type": "FailoverRoute", "children": ["PoolRoute\\u007cA", "PoolRoute\\u007cB"], \
            "failover_limit": 0.1 }` | `f:3: failover_limit: expected an object, got "0.1"`
            `{ "type": "FailoverRoute", "children": ["PoolRoute\\u007cA", "PoolRoute\\u007cB"], \
            "failover_policy": "LeastFailuresPolicy" }` | \
            `f:3: failover_policy: expected an object, got "LeastFailuresPolicy"`
            `{ "type": "RateLimitRoute", "target": "PoolRoute\\u007cA", "rates": { "sets_rate": 0 } }` | \
            `f:3: sets_rate: expected more than 0, got "0"`
            `{ "type": "PoolRoute", "pool": "A", "rates": { "gets_rate": 1, "deletes_rate": -0.5 } }` | \
            `f:3: deletes_rate: expected more than 0, got "-0.5"`
            `{ "type": "PoolRoute", "pool": "A", "rates": { "gets_rate": 1, "gets_burst": 0 } }` | \
            `f:3: gets_burst: expected more than 0, got "0"`
            `{ "type": "RateLimitRoute", "target": "PoolRoute\\u007cA" }` | `f:3: RateLimitRoute: needs "rates"`
            `{ "type": "FailoverRoute", "children": ["PoolRoute\\u007cA", "PoolRoute\\u007cB"], \
            "failover_policy": { "max_tries": 2 } }` | `f:3: failover_policy: needs "type"`
            `{ "type": "FailoverRoute", "children": ["PoolRoute\\u007cA", "PoolRoute\\u007cB"], \
            "failover_policy": { "type": "LeastFailuresPolicy" } }` | `f:3: failover_policy: needs "max_tries"`
            `{ "type": "FailoverRoute", "children": ["PoolRoute\\u007cA", "PoolRoute\\u007cB"], \
            "failover_policy": { "type": "LeastFailuresPolicy", "max_tries": 0 } }` | \
            `f:3: max_tries: expected 1 or more, got "0"`
            `"PoolRoute\\u007cC"` | `f:3: there is no pool "C"`
            `"nobody"` | `f:3: there is no route "nobody"`
            `{ "type": "PoolRoute", "pool": "A", "hash": "Ch4" }` | `f:3: mcrouter has no hash "Ch4"`
            `{ "type": "AllSyncRoute" }` | `f:3: AllSyncRoute: needs "children"`
            `{ "type": "FailoverRoute", "name": "x", "children": ["x"] }` | `a route is its own child`
            `"@nothing(1)"` | `f:3: @nothing: neither a macro`
            `"PoolRoute\\u007c%x%"` | `f:3: %x% has no value here`
            `[` | `f:4: not JSON`
            `{ "type": "PoolRoute", "pool": { "servers": ["x:65536"] } }` | `f:3: x: there is no port 65536`
            """)
    void whatMcrouterWouldNotTakeIsAnError(String route, String message) {
        assertThatThrownBy(() -> ofRoute(route))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.at("f")).contains(message));
    }
}
