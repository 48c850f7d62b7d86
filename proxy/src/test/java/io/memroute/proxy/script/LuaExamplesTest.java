package io.memroute.proxy.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.LogWatcher;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import io.memroute.testkit.ScriptedBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs in {@code examples/lua} do what they say. */
class LuaExamplesTest {

    private static final Path DIRECTORY = Path.of("..", "examples", "lua");

    /** An example whose servers 10.0.0.1, 10.0.0.2 and so on are these ports. */
    private static String example(String name, int... ports) {
        try {
            return StandInServers.in(Files.readString(DIRECTORY.resolve(name + ".lua")), ports);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void store(MemcachedServer server, String key, String value) {
        try (RawClient client = server.connect()) {
            client.send("set " + key + " 0 0 " + value.length() + "\r\n" + value + "\r\n");
            client.expect("STORED\r\n");
        }
    }

    private static String hit(String key, String value) {
        return "VALUE " + key + " 0 " + value.length() + "\r\n" + value + "\r\nEND\r\n";
    }

    @Test
    void eachHasATestAndSaysHowToStartIt() throws IOException {
        Set<String> files;
        try (Stream<Path> found = Files.list(DIRECTORY)) {
            files = found.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
        assertThat(files)
                .containsExactly(
                        "first.lua",
                        "gutter.lua",
                        "near.lua",
                        "prefixes.lua",
                        "replicas.lua",
                        "serverlist.lua",
                        "shadow.lua",
                        "slow.lua",
                        "tenants.lua",
                        "zones.lua");
        for (String file : files) {
            assertThat(Files.readString(DIRECTORY.resolve(file)))
                    .as(file)
                    .startsWith("-- ")
                    .contains("-o proxy_config=examples/lua/" + file);
        }
    }

    @Test
    void firstSpreadsKeysOverTheServers() throws ConfigException {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(example("first", one.port(), two.port()))) {
            for (int i = 0; i < 20; i++) {
                proxy.expect("set k" + i + " 0 0 1\r\nx\r\n", "STORED\r\n");
                proxy.expect("mg k" + i + " v\r\n", "VA 1\r\nx\r\n");
            }
            int total = 0;
            for (MemcachedServer server : new MemcachedServer[] {one, two}) {
                try (RawClient client = server.connect()) {
                    client.send("stats\r\n");
                    String items = client.readUntil("END\r\n")
                            .lines()
                            .filter(line -> line.startsWith("STAT curr_items "))
                            .findFirst()
                            .orElseThrow();
                    int count = Integer.parseInt(items.substring("STAT curr_items ".length()));
                    assertThat(count).isBetween(1, 19);
                    total += count;
                }
            }
            assertThat(total).isEqualTo(20);
        }
    }

    @Test
    void prefixesHaveTheirServersAndASlowUserIsAMiss() throws ConfigException {
        try (MemcachedServer sessions = MemcachedServer.start();
                MemcachedServer rest = MemcachedServer.start();
                ScriptedBackend users = ScriptedBackend.start();
                ScriptUnderTest proxy =
                        ScriptUnderTest.start(example("prefixes", sessions.port(), users.port(), rest.port()));
                ScriptedBackend.Connection user = users.accept();
                RawClient client = proxy.connect()) {
            store(sessions, "session/1", "s");
            store(rest, "other", "r");
            proxy.expect("get session/1 other\r\n", "VALUE session/1 0 1\r\ns\r\nVALUE other 0 1\r\nr\r\nEND\r\n");
            client.send("get user/1\r\n");
            user.expect("get user/1\r\n");
            client.expect("END\r\n");
            client.send("mg user/1 v Oq\r\n");
            client.expect("EN Oq\r\n");
            user.send("END\r\n");
            user.expect("mg user/1 v Oq\r\n");
            user.send("EN Oq\r\n");
            // A write waits for as long as the server is given.
            client.send("touch user/1 0\r\n");
            user.expect("touch user/1 0\r\n");
            user.send("TOUCHED\r\n");
            client.expect("TOUCHED\r\n");
        }
    }

    @Test
    void zonesFailOverAndDeleteEverywhere() throws ConfigException {
        try (RefusingPort refusing = RefusingPort.reserve();
                MemcachedServer west = MemcachedServer.start();
                MemcachedServer east = MemcachedServer.start()) {
            try (ScriptUnderTest proxy = ScriptUnderTest.start(
                    example("zones", refusing.port(), refusing.port(), west.port(), west.port()))) {
                store(west, "a", "w");
                proxy.expect("get a\r\n", hit("a", "w"));
                proxy.expect("delete a\r\n", "SERVER_ERROR backend failure\r\n");
                StandInServers.expect(west, "get a\r\n", "END\r\n");
            }
            store(east, "a", "e");
            store(west, "a", "w");
            try (ScriptUnderTest proxy = ScriptUnderTest.start("mcp.start_arg = 'west'\n"
                    + example("zones", east.port(), east.port(), west.port(), west.port()))) {
                proxy.expect("get a\r\n", hit("a", "w"));
                proxy.expect("set b 0 0 1\r\nw\r\n", "STORED\r\n");
                StandInServers.expect(east, "get b\r\n", "END\r\n");
                proxy.expect("md a\r\n", "HD\r\n");
                StandInServers.expect(east, "get a\r\n", "END\r\n");
            }
        }
    }

    @Test
    void replicasAreWrittenToAllAndAnsweredWhenEnoughDidIt() throws ConfigException {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                RefusingPort dead = RefusingPort.reserve()) {
            String lua = example("replicas", one.port(), two.port(), dead.port());
            try (ScriptUnderTest fast = ScriptUnderTest.start(lua);
                    ScriptUnderTest most = ScriptUnderTest.start("mcp.start_arg = 'most'\n" + lua);
                    ScriptUnderTest all = ScriptUnderTest.start("mcp.start_arg = 'all'\n" + lua)) {
                most.expect("set a 0 0 1\r\n1\r\n", "STORED\r\n");
                StandInServers.expect(one, "get a\r\n", hit("a", "1"));
                StandInServers.expect(two, "get a\r\n", hit("a", "1"));
                all.expect("set a 0 0 1\r\n2\r\n", "SERVER_ERROR backend failure\r\n");
                StandInServers.expect(one, "get a\r\n", hit("a", "2"));
                one.kill();
                fast.expect("set a 0 0 1\r\n3\r\n", "STORED\r\n");
                StandInServers.expect(two, "get a\r\n", hit("a", "3"));
                most.expect("set a 0 0 1\r\n4\r\n", "SERVER_ERROR backend failure\r\n");
                fast.expect("get a none\r\n", hit("a", "4"));
            }
        }
    }

    @Test
    void theGutterTakesOverWithShortTimesToLive() throws ConfigException {
        try (RefusingPort dead = RefusingPort.reserve();
                ScriptedBackend spare = ScriptedBackend.start();
                ScriptUnderTest proxy =
                        ScriptUnderTest.start(example("gutter", dead.port(), dead.port(), spare.port()));
                ScriptedBackend.Connection gutter = spare.accept();
                RawClient client = proxy.connect()) {
            String[][] exchanges = {
                {"set a 1 0 2\r\nhi\r\n", "set a 1 10 2\r\nhi\r\n", "STORED\r\n"},
                {"ms a 2 F1\r\nhi\r\n", "ms a 2 F1 T10\r\nhi\r\n", "HD\r\n"},
                {"ms a 2 T600\r\nhi\r\n", "ms a 2 T10\r\nhi\r\n", "HD\r\n"},
                {"touch a 600\r\n", "touch a 10\r\n", "TOUCHED\r\n"},
                {"gat 600 a\r\n", "gat 10 a\r\n", "END\r\n"},
                {"mg a v T600\r\n", "mg a v T10\r\n", "EN\r\n"},
                {"mg a v\r\n", "mg a v\r\n", "EN\r\n"},
                {"append a 0 0 1\r\nx\r\n", "append a 0 0 1\r\nx\r\n", "NOT_STORED\r\n"},
                {"delete a\r\n", "delete a\r\n", "DELETED\r\n"},
            };
            for (String[] exchange : exchanges) {
                client.send(exchange[0]);
                gutter.expect(exchange[1]);
                gutter.send(exchange[2]);
                client.expect(exchange[2]);
            }
        }
        try (MemcachedServer main = MemcachedServer.start();
                RefusingPort spare = RefusingPort.reserve();
                ScriptUnderTest proxy =
                        ScriptUnderTest.start(example("gutter", main.port(), main.port(), spare.port()))) {
            proxy.expect("set a 0 0 2\r\nhi\r\nget a b\r\n", "STORED\r\n" + hit("a", "hi"));
        }
    }

    @Test
    void tenantsHaveTheirLimitsAndShareThatOfOthers() throws ConfigException {
        try (MemcachedServer server = MemcachedServer.start()) {
            String lua = example("tenants", server.port())
                    .replace("{ blue = 5000, green = 1000, other = 100 }", "{ blue = 3, green = 1, other = 2 }")
                    .replace("tickrate = 1000", "tickrate = 1000000");
            assertThat(lua).contains("blue = 3").contains("1000000");
            try (ScriptUnderTest proxy = ScriptUnderTest.start(lua, options -> options.workers(2))) {
                String refused = "SERVER_ERROR rate limit reached\r\n";
                for (int i = 0; i < 3; i++) {
                    proxy.expect("set blue/a 0 0 1\r\nx\r\n", "STORED\r\n");
                }
                proxy.expect("set blue/a 0 0 1\r\nx\r\n", refused);
                proxy.expect("mg green/a v\r\nmg green/a v\r\n", "EN\r\n" + refused);
                proxy.expect("mg red/a v\r\nmg black/a v\r\nmg grey/a v\r\n", "EN\r\nEN\r\n" + refused);
                assertThat(proxy.proxyStats()).contains("STAT user_refused 3\r\n");
            }
        }
    }

    @Test
    void failedRequestsAreToldAndGoodOnesAreNot() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(example("slow", server.port(), server.port())
                        .replace("\"two\"", "\"one\"")
                        .replace("SLOW_MILLIS = 50", "SLOW_MILLIS = 1000000")
                        .replace("ONE_IN = 10000", "ONE_IN = 0"));
                ScriptedBackend.Connection backend = server.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\n");
            backend.expect("mg a v\r\n");
            backend.send("EN\r\n");
            client.expect("EN\r\n");
            client.send("mg b v\r\n");
            backend.expect("mg b v\r\n");
            backend.send("SERVER_ERROR busy\r\n");
            client.expect("SERVER_ERROR busy\r\n");
            watcher.expectMatching(
                    "type=proxy_req elapsed=\\d+ type=108 code=23 status=-1 res=any cfd=\\d+ be=127.0.0.1:"
                            + server.port() + " detail=main req=mg b v");
        }
    }

    @Test
    void slowRequestsAreTold() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(example("slow", server.port(), server.port())
                        .replace("\"two\"", "\"one\"")
                        .replace("ONE_IN = 10000", "ONE_IN = 0"));
                ScriptedBackend.Connection backend = server.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\n");
            backend.expect("mg a v\r\n");
            Deadline slow = Deadline.in(Duration.ofMillis(60));
            Deadline.await("the request to be slow", slow::passed);
            backend.send("EN\r\n");
            client.expect("EN\r\n");
            watcher.expectMatching(
                    "type=proxy_req elapsed=\\d{5,} type=101 code=17 status=0 res=ok cfd=\\d+ be=127.0.0.1:"
                            + server.port() + " detail=main req=mg a v");
        }
    }

    @Test
    void shadowsGetCopiesAndNobodyWaitsForThem() throws ConfigException {
        try (MemcachedServer main = MemcachedServer.start();
                ScriptedBackend fresh = ScriptedBackend.start();
                ScriptUnderTest proxy =
                        ScriptUnderTest.start("mcp.start_arg = '1'\n" + example("shadow", main.port(), fresh.port()));
                ScriptedBackend.Connection shadow = fresh.accept();
                RawClient client = proxy.connect()) {
            client.send("set a 0 0 2\r\nhi\r\n");
            client.expect("STORED\r\n");
            client.send("get a\r\n");
            client.expect(hit("a", "hi"));
            shadow.expect("set a 0 0 2\r\nhi\r\nget a\r\n");
            shadow.send("STORED\r\nSERVER_ERROR new\r\n");
            Deadline.await(
                    "both replies of the shadow to be counted",
                    () -> proxy.proxyStats().contains("STAT user_shadow_ok 1\r\nSTAT user_shadow_failed 1\r\n"));
        }
    }

    /** One server stands for both, so that it does not matter which has the key. */
    @Test
    void hotKeysAreAnsweredFromTheirCopies() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(
                        example("near", server.port(), server.port()).replace("\"two\"", "\"one\""));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("get hot/a\r\n");
            backend.expect("mg hot/a v f\r\n");
            backend.send("EN\r\n");
            client.expect("END\r\n");
            client.send("get hot/a\r\n");
            backend.expect("mg hot/a v f\r\n");
            backend.send("VA 2 f7\r\nhi\r\n");
            client.expect("VALUE hot/a 7 2\r\nhi\r\nEND\r\n");
            client.send("get hot/a hot/a\r\n");
            client.expect("VALUE hot/a 7 2\r\nhi\r\nVALUE hot/a 7 2\r\nhi\r\nEND\r\n");
            client.send("delete hot/a\r\n");
            backend.expect("delete hot/a\r\n");
            backend.send("DELETED\r\n");
            client.expect("DELETED\r\n");
            client.send("get hot/a\r\n");
            backend.expect("mg hot/a v f\r\n");
            backend.send("SERVER_ERROR out of order\r\n");
            client.expect("SERVER_ERROR out of order\r\n");
            client.send("get cold\r\n");
            backend.expect("get cold\r\n");
            backend.send("END\r\n");
            client.expect("END\r\n");
            assertThat(proxy.proxyStats()).contains("STAT user_near_hit 2\r\nSTAT user_near_miss 3\r\n");
        }
    }

    @Test
    void aHotKeyThatIsTooLargeForACopyIsPassedOn() throws ConfigException {
        String value = "x".repeat(2 << 20);
        try (MemcachedServer server =
                        MemcachedServer.start(MemcachedServer.options().maxItemSize("8m"));
                ScriptUnderTest proxy = ScriptUnderTest.start(example("near", server.port(), server.port()))) {
            store(server, "hot/a", value);
            proxy.expect("get hot/a\r\n", hit("hot/a", value));
        }
    }

    @Test
    void aServerListThatChangesIsReadAgain(@TempDir Path directory) throws Exception {
        Path list = directory.resolve("servers");
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start()) {
            store(one, "who", "one");
            store(two, "who", "two");
            Files.writeString(list, "a 127.0.0.1 " + one.port() + "\n");
            String lua =
                    "mcp.start_arg = '" + list + "'\n" + example("serverlist").replace("every = 5", "every = 1");
            assertThat(lua).contains("every = 1");
            try (ScriptUnderTest proxy = ScriptUnderTest.start(lua)) {
                proxy.expect("get who\r\n", hit("who", "one"));
                Files.writeString(list, "a 127.0.0.1 " + two.port() + "\n");
                Deadline.await("the second server to be asked", () -> {
                    try (RawClient client = proxy.connect()) {
                        client.send("get who\r\n");
                        return client.readUntil("END\r\n").equals(hit("who", "two"));
                    }
                });
            }
        }
    }
}
