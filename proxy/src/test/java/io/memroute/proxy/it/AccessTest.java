package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.metrics.IdentityNumbers;
import io.memroute.proxy.stats.Counter;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients may do what {@code access{}} lets them, and nothing else, and stay in step whatever is refused. */
class AccessTest {

    private static final String DENIED = "CLIENT_ERROR access denied\r\n";

    private static final String ROUTES = "routes{ default = route_direct{ child = 'internal' } }\n";

    private static final String TEAMS = """
            access{
              { who = "user:boss", allow = "all" },
              { who = "user:web", allow = { "get", "touch", "store", "delete", "arithmetic" },
                keys = { "web:", "user:" } },
              { who = "user:web", allow = { "get", "stats" } , keys = "shared:" },
              { who = "user:reader", allow = "get" },
              { who = "user:toucher", allow = { "get", "touch" } },
              { who = "user:metric", allow = "stats" },
              { who = "tag:tools", allow = "admin" },
            }
            """ + ROUTES;

    @TempDir
    private Path directory;

    private Path passwords;
    private ProxyUnderTest proxy;

    /** Three listeners: one that asks for a password, one with the tag {@code tools}, one of the classic protocol. */
    private void start(String lua) {
        proxy = ProxyUnderTest.startText(lua, this::withListeners);
    }

    private ServerOptions.Builder withListeners(ServerOptions.Builder options) {
        ListenerSpec plain = ListenerSpec.tcp("127.0.0.1", 0);
        return options.passwords(passwords)
                .allowWatch(true)
                .listener(plain.tagged("tools").withoutLogin())
                .listener(new ListenerSpec("", ListenerSpec.Protocol.ASCII, plain.address()).withoutLogin());
    }

    @BeforeEach
    void writePasswords() throws IOException {
        passwords = Files.writeString(
                directory.resolve("passwords"), "boss:1\nweb:1\nreader:1\ntoucher:1\nmetric:1\nstranger:1\n");
    }

    @AfterEach
    void close() {
        if (proxy != null) {
            proxy.close();
        }
    }

    private RawClient as(String user) {
        RawClient client = proxy.connect();
        String pair = user + " 1";
        client.send("set _ _ _ " + pair.length() + "\r\n" + pair + "\r\n");
        client.expect("STORED\r\n");
        return client;
    }

    /** Sends requests at once, and behind them one that shows that replies are in step. */
    private static void expect(RawClient client, String requests, String replies) {
        client.send(requests + "mn\r\n");
        client.expect(replies + "MN\r\n");
    }

    private long denied() {
        return proxy.numbers().count(Counter.ACCESS_DENIED);
    }

    /** Every command, with everything by which a client could get out of step. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "get a\r\n",
                "gets a\r\n",
                "get a b c\r\n",
                "gat 0 a\r\n",
                "gats 0 a b\r\n",
                "mg a\r\n",
                "mg a v k q\r\n",
                "mg YQ== b v\r\n",
                "me a\r\n",
                "set a 0 0 4\r\nget \r\n",
                "add a 0 0 0\r\n\r\n",
                "replace a 0 0 4\r\n\r\n\r\n\r\n",
                "append a 0 0 1\r\n1\r\n",
                "prepend a 0 0 1\r\n1\r\n",
                "cas a 0 0 1 1\r\n1\r\n",
                "ms a 4\r\nmn\r\n\r\n",
                "ms YQ== 1 b q\r\n1\r\n",
                "delete a\r\n",
                "md a\r\n",
                "md a q\r\n",
                "incr a 1\r\n",
                "decr a 1\r\n",
                "ma a\r\n",
                "ma a q N0\r\n",
                "touch a 0\r\n",
                "stats\r\n",
                "stats conns\r\n",
                "flush_all\r\n",
                "flush_all 0\r\n",
                "verbosity 1\r\n",
                "watch\r\n",
                "shutdown\r\n",
                "refresh_certs\r\n",
                "cache_memlimit 64\r\n",
                "lru_crawler metadump all\r\n",
                "lru mode flat\r\n",
                "slabs automove 0\r\n",
                "extstore free_memchunks 1 1\r\n",
                "get a\n",
                "  get a\r\n",
            })
    void everyCommandIsRefusedToAStranger(String request) {
        start(TEAMS);
        boolean malformed = request.startsWith(" ");
        String line = malformed ? "ERROR\r\n" : DENIED;
        try (RawClient client = as("stranger")) {
            expect(client, request, line);
            expect(client, request.repeat(3), line.repeat(3));
            for (byte b : (request + "mn\r\n").getBytes(StandardCharsets.US_ASCII)) {
                client.send(new byte[] {b});
            }
            client.expect(line + "MN\r\n");
        }
        assertThat(denied()).isEqualTo(malformed ? 0 : 5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set a 0 0 4 noreply\r\nmn\r\n\r\n",
                "delete a noreply\r\n",
                "incr a 1 noreply\r\n",
                "touch a 0 noreply\r\n",
                "flush_all noreply\r\n",
                "verbosity 1 noreply\r\n"
            })
    void aRefusalOfACommandWithNoreplyIsSilent(String request) {
        start(TEAMS);
        try (RawClient client = as("stranger")) {
            expect(client, request.repeat(2), "");
        }
        assertThat(denied()).isEqualTo(2);
    }

    @Test
    void theValuesOfRefusedSetsAreSwallowedHoweverLargeAndHoweverTheyCome() {
        start(TEAMS);
        String value = "get web:a\r\n".repeat(60_000);
        String set = "set other:a 0 0 " + value.length() + "\r\n" + value + "\r\n";
        try (RawClient client = as("web")) {
            expect(
                    client,
                    set + "set web:a 0 0 1\r\n1\r\n" + set + "get web:a\r\n",
                    DENIED + "STORED\r\n" + DENIED + "VALUE web:a 0 1\r\n1\r\nEND\r\n");
            for (byte b :
                    "set other:a 0 0 13\r\nget web:a\r\n\r\n\r\nget web:a\r\n".getBytes(StandardCharsets.US_ASCII)) {
                client.send(new byte[] {b});
            }
            client.expect(DENIED + "VALUE web:a 0 1\r\n1\r\nEND\r\n");
            expect(client, "get other:a\r\n", DENIED);
        }
    }

    @Test
    void aTeamHasItsKeysHoweverTheyAreSpelled() {
        start(TEAMS);
        try (RawClient client = as("web")) {
            expect(client, "set web:a 0 0 1\r\n1\r\n", "STORED\r\n");
            expect(client, "mg " + base64("web:a") + " b v\r\n", "VA 1\r\n1\r\n");
            expect(client, "mg web:a v\r\n", "VA 1\r\n1\r\n");
            expect(client, "incr web:a 1\r\nma web:a v\r\n", "2\r\nVA 1\r\n3\r\n");
            expect(client, "gat 0 web:a\r\n", "VALUE web:a 0 1\r\n3\r\nEND\r\n");
            expect(client, "get web:a user:b\r\n", "VALUE web:a 0 1\r\n3\r\nEND\r\n");
            for (String key : List.of("web", "we", "xweb:a", "Web:a", "\tweb:a", "\u00a0web:a", "web;a")) {
                expect(client, "get " + key + "\r\n", DENIED);
                expect(client, "get web:a " + key + "\r\n", DENIED);
                expect(client, "set " + key + " 0 0 1\r\n1\r\n", DENIED);
                expect(client, "mg " + base64(key) + " b v\r\n", DENIED);
                expect(client, "ms " + base64(key) + " 1 b\r\n1\r\n", DENIED);
                expect(client, "md " + base64(key) + " q b\r\n", DENIED);
            }
            // What begins with the prefix as text, and does not when it is decoded.
            expect(client, "mg web:abcde b v\r\n", DENIED);
            // Bytes outside the alphabet do not count.
            String spread = String.join("-", base64("other:a").split(""));
            expect(client, "mg " + spread + " b v\r\n", DENIED);
            expect(client, "mg " + String.join("-", base64("web:a").split("")) + " b v\r\n", "VA 1\r\n3\r\n");
            expect(client, "me other:a" + " x".repeat(30) + " b\r\n", DENIED);
            expect(client, "me web:a" + " x".repeat(30) + " b\r\n", DENIED);
        }
    }

    private static String base64(String key) {
        return Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aReaderChangesNothing() {
        start(TEAMS);
        try (RawClient boss = as("boss");
                RawClient reader = as("reader");
                RawClient toucher = as("toucher")) {
            expect(boss, "set a 0 0 1\r\n1\r\n", "STORED\r\n");
            expect(
                    reader,
                    "get a\r\ngets b\r\nmg a v s k f\r\n",
                    "VALUE a 0 1\r\n1\r\nEND\r\nEND\r\nVA 1 s1 ka f0\r\n1\r\n");
            for (String request :
                    List.of("gat 0 a", "gats 0 a", "touch a 0", "mg a T0", "mg a N30 v", "mg a R30", "mg a W")) {
                expect(reader, request + "\r\n", DENIED);
            }
            expect(
                    toucher,
                    "gat 0 a\r\nmg a T0 v\r\ntouch a 0\r\n",
                    "VALUE a 0 1\r\n1\r\nEND\r\nVA 1\r\n1\r\nTOUCHED\r\n");
            expect(toucher, "set a 0 0 1\r\n1\r\n", DENIED);
        }
    }

    @Test
    void commandsWithoutAKeyNeedARuleWithoutKeys() {
        start(TEAMS);
        try (RawClient web = as("web");
                RawClient metric = as("metric");
                RawClient tools = proxy.connect(1)) {
            expect(web, "stats\r\n", DENIED);
            metric.send("stats\r\n");
            assertThat(metric.readUntil("END\r\n")).contains("STAT access_denied 1\r\n");
            expect(metric, "flush_all\r\n", DENIED);
            expect(tools, "flush_all\r\n", flushed());
            expect(tools, "get a\r\n", DENIED);
            web.send("version\r\n");
            assertThat(web.readUntil("\r\n")).startsWith("VERSION ");
        }
    }

    private String flushed() {
        try (RawClient boss = as("boss")) {
            boss.send("flush_all\r\n");
            return boss.readUntil("\r\n");
        }
    }

    @Test
    void listenersOfTheEmbeddedStoreAreNoWayAround() {
        start(TEAMS);
        try (RawClient ascii = proxy.connect(2)) {
            expect(ascii, "get a b\r\nset a 0 0 1\r\n1\r\nstats\r\n", DENIED.repeat(3));
        }
    }

    @Test
    void aReloadChangesTheRulesForConnectionsThatExist() {
        start(TEAMS);
        try (RawClient web = as("web")) {
            expect(web, "get web:a\r\nget new:a\r\n", "END\r\n" + DENIED);
            reload("access{ { who = 'user:web', allow = 'get', keys = 'new:' } }\n" + ROUTES);
            expect(web, "get web:a\r\nget new:a\r\n", DENIED + "END\r\n");
            reload(ROUTES);
            expect(web, "get web:a\r\nget new:a\r\n", "END\r\nEND\r\n");
        }
    }

    private void reload(String lua) {
        assertThat(proxy.reload(lua).succeeded()).isTrue();
    }

    @Test
    void aProgramInLuaHasRulesToo() throws IOException {
        String program = """
                access{ { who = "user:web", allow = "get", keys = "web:" } }
                function mcp_config_pools() return {} end
                function mcp_config_routes()
                  local fgen = mcp.funcgen_new()
                  local answer = function(r) return "SERVER_ERROR asked\\r\\n" end
                  fgen:ready({ n = "answer", f = function() return answer end })
                  mcp.attach(mcp.CMD_ANY_STORAGE, fgen)
                end
                """;
        Path file = Files.writeString(directory.resolve("program.lua"), program);
        proxy = ProxyUnderTest.startText(
                "",
                options -> withListeners(options)
                        .configuration(new ConfigSource(List.of(file.toString()), Optional.empty())));
        try (RawClient web = as("web")) {
            expect(
                    web,
                    "get web:a\r\nget other:a\r\nset web:a 0 0 1\r\n1\r\nmg other:a Tx\r\n",
                    "SERVER_ERROR asked\r\n" + DENIED.repeat(3));
        }
    }

    @Test
    void refusalsCountByClientAndByRule() {
        start("""
                access{
                  { who = "user:web", deny = "store" },
                  { who = "user:web", allow = "get" },
                }
                """ + ROUTES);
        try (RawClient web = as("web");
                RawClient reader = as("reader")) {
            expect(web, "get a\r\nset a 0 0 1\r\n1\r\ndelete a\r\n", "END\r\n" + DENIED + DENIED);
            expect(reader, "get a\r\n", DENIED);
        }
        assertThat(proxy.numbers().identities())
                .extracting(IdentityNumbers::identity, IdentityNumbers::requests, IdentityNumbers::denied)
                .contains(tuple("user:web", 4L, 2L), tuple("user:reader", 2L, 1L));
        assertThat(proxy.numbers().refusals()).hasSize(2).containsEntry("default", 2L);
        assertThat(proxy.numbers().refusals())
                .anySatisfy((rule, count) -> assertThat(rule + "=" + count).endsWith(".lua:2=1"));
    }
}
