package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.Transport;
import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code buffer_memory_limit}: what clients do not read or do not send on is bounded, and they are the ones to pay. */
class BufferMemoryTest {

    private static final int VALUE_BYTES = 1_000_000;
    private static final String OUT_OF_MEMORY = "SERVER_ERROR out of memory\r\n";

    /** A handler in Lua that looks at the reply, so that it has to be there as a whole. */
    private static final String COPYING = """
            register_route_handlers{ "copying" }
            function route_copying_conf(t) return t end
            function route_copying_start(a, ctx, fgen)
              local child = fgen:new_handle(a.child)
              fgen:ready{ n = "copying", f = function(rctx)
                return function(r)
                  local res = rctx:enqueue_and_wait(r, child)
                  local vlen = res:vlen()
                  return res
                end
              end }
            end
            """;

    private final List<RawClient> slow = new ArrayList<>();

    static List<Transport> transports() {
        return Transport.allAvailable();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void clientsThatDoNotReadStayWithinTheLimitTogetherAndLeaveNothingBehind(Transport transport) {
        int limitBytes = 24 << 20;
        try (MemcachedServer server =
                        MemcachedServer.start(MemcachedServer.options().maxItemSize("2m"));
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(server).setting("buffer_memory_limit", limitBytes >> 10), transport);
                RawClient other = proxy.connect()) {
            set(other, "big", VALUE_BYTES);
            set(other, "small", 1000);
            long before = MemoryUse.bytes();
            connectNonReaders(proxy, 100);

            long most = 0;
            for (int i = 0; i < 500; i++) {
                other.send("get small\r\n");
                other.expect("VALUE small 0 1000\r\n" + "x".repeat(1000) + "\r\nEND\r\n");
                most = Math.max(most, MemoryUse.bytes() - before);
            }
            Deadline.await("room for a client that reads", () -> gets(other, "big", VALUE_BYTES));
            // Beyond the limit: what is being received, what a closing connection holds a moment longer, and corners of
            // blocks.
            assertThat(most).isLessThan(limitBytes * 3L);

            slow.forEach(RawClient::close);
            // Nothing stays but what the connection that asks uses meanwhile.
            Deadline.await(
                    "everything to be released",
                    Deadline.USUAL,
                    () -> bufferMemory(proxy) == 0 && MemoryUse.bytesToRelease() - before < VALUE_BYTES / 10,
                    () -> bufferMemory(proxy) + " counted; in use " + before + " before, now " + MemoryUse.inDetail());
            for (int i = 0; i < 20; i++) {
                assertThat(gets(other, "big", VALUE_BYTES)).isTrue();
            }
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsKilobytesAndOneValue() {
        try (MemcachedServer server =
                        MemcachedServer.start(MemcachedServer.options().maxItemSize("2m"));
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(server));
                RawClient other = proxy.connect()) {
            set(other, "big", VALUE_BYTES);
            long before = MemoryUse.bytes();
            connectNonReaders(proxy, 4);

            for (int i = 0; i < 500; i++) {
                other.send("mg small v\r\n");
                other.expect("EN\r\n");
            }
            assertThat(MemoryUse.bytes() - before).isLessThan(4L * 2 * VALUE_BYTES);
            slow.forEach(RawClient::close);
        }
    }

    @Test
    void theEmbeddedStoresClientsAreBoundedToo() {
        int limitBytes = 8 << 20;
        try (ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.empty().otherwise("internal").setting("buffer_memory_limit", limitBytes >> 10));
                RawClient other = proxy.connect()) {
            set(other, "big", VALUE_BYTES);
            long before = MemoryUse.bytes();
            connectNonReaders(proxy, 40);
            for (int i = 0; i < 500; i++) {
                other.send("mg small v\r\n");
                other.expect("EN\r\n");
            }
            Deadline.await("room for a client that reads", () -> gets(other, "big", VALUE_BYTES));
            assertThat(MemoryUse.bytes() - before).isLessThan(limitBytes * 2L);
            slow.forEach(RawClient::close);
        }
    }

    @Test
    void aValueThatCanNeverFitIsRefusedBeforeItIsSent() {
        withLimit(1 << 20, (connection, client, proxy) -> {
            client.send("set big 0 0 134217000\r\n" + "x".repeat(100));
            client.expect(OUT_OF_MEMORY);
            try (RawClient other = proxy.connect()) {
                stores(connection, other, 500_000);
            }
        });
    }

    @Test
    void aValueThatIsNotSentOnTakesOnlyWhatHasArrived() {
        withLimit(2 << 20, (connection, client, proxy) -> {
            client.send("set big 0 0 1000000\r\n" + "x".repeat(100));
            try (RawClient other = proxy.connect()) {
                stores(connection, other, 900_000);
            }
            client.send("x".repeat(999_900) + "\r\n");
            connection.expect("set big 0 0 1000000\r\n" + "x".repeat(1_000_000) + "\r\n");
            connection.send("STORED\r\n");
            client.expect("STORED\r\n");
        });
    }

    @Test
    void aValueThatStandsStillMakesRoomForOneThatDoesNot() {
        withLimit(2 << 20, (connection, client, proxy) -> {
            client.send("set big 0 0 1600000\r\n" + "x".repeat(1_500_000));
            Deadline.await("the beginning to arrive", () -> bufferMemory(proxy) >= 1_500_000);
            try (RawClient other = proxy.connect()) {
                String request = "set k 0 0 800000\r\n" + "y".repeat(800_000) + "\r\n";
                Deadline.await("room", () -> {
                    other.send(request + "mg n v\r\n");
                    String first = connection.readLine();
                    if (first.equals("mg n v")) {
                        connection.send("EN\r\n");
                        other.expect(OUT_OF_MEMORY + "EN\r\n");
                        return false;
                    }
                    // While memory is short the next request may have to wait until the value is not held any more.
                    connection.expect("y".repeat(800_000) + "\r\n");
                    connection.send("STORED\r\n");
                    connection.expect("mg n v\r\n");
                    connection.send("EN\r\n");
                    other.expect("STORED\r\nEN\r\n");
                    return true;
                });
            }
            client.expect(OUT_OF_MEMORY);
            // The rest of the value is no command.
            client.send("x".repeat(100_000) + "\r\nmn\r\n");
            client.expect("MN\r\n");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "route_allsync{ children = { \"main\", \"second\" } }",
                "route_allfastest{ children = { \"main\", \"second\" } }",
                "route_failover{ children = { \"main\", \"second\" } }",
                "route_nearcache{ child = \"main\" }",
                "route_warm{ cold = \"second\", warm = \"main\" }",
                "route_majority{ children = { \"second\", \"main\" } }",
                "route_latest{ children = { \"main\", \"second\" }, weights = { 1, 0 } }",
                "route_copying{ child = \"main\" }"
            })
    void aServersAnnouncementOfALongValueTakesNoMemory(String route) throws ConfigException {
        try (ScriptedBackend backend = ScriptedBackend.start();
                MemcachedServer second = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.startText(
                        COPYING,
                        Configuration.empty()
                                .pool("main", backend.port())
                                .pool("second", second.port())
                                .otherwise(route)
                                .lua());
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection connection = backend.accept();
            long before = MemoryUse.bytes();
            client.send("get k\r\n");
            String asked = connection.readLine();
            connection.send((asked.startsWith("mg") ? "VA 1000000000 kk f0 t-1" : "VALUE k 0 1000000000") + "\r\n"
                    + "x".repeat(100_000));
            // The server has been read up to here when the proxy asks it for more.
            try (RawClient other = proxy.connect()) {
                other.send("delete other\r\n");
                assertThat(connection.readLine()).startsWith("delete other");
            }
            assertThat(MemoryUse.bytes() - before).isLessThan(4 << 20);
        }
    }

    @Test
    void aClientThatWaitsForAValueOfItsOwnGoesOnWhenTheLastServerHasAnswered() {
        try (ScriptedBackend fast = ScriptedBackend.start();
                ScriptedBackend slow = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.empty()
                        .pool("main", fast.port())
                        .pool("second", slow.port())
                        .otherwise("route_allfastest{ children = { \"main\", \"second\" } }"));
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection first = fast.accept();
            ScriptedBackend.Connection second = slow.accept();
            String set = "set big 0 0 1200000\r\n" + "x".repeat(1_200_000) + "\r\n";
            client.send(set + "mg next v\r\n");
            first.expect(set);
            second.expect(set);
            first.send("STORED\r\n");
            client.expect("STORED\r\n");
            second.send("STORED\r\n");
            first.expect("mg next v\r\n");
            second.expect("mg next v\r\n");
            first.send("EN\r\n");
            second.send("EN\r\n");
            client.expect("EN\r\n");
        }
    }

    @Test
    void aReplyThatIsGatheredBeyondTheLimitFailsAndTheConnectionGoesOn() {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ScriptedBackend slower = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.empty()
                        .pool("main", backend.port())
                        .pool("second", slower.port())
                        .otherwise("route_allsync{ children = { \"second\", \"main\" } }")
                        .setting("buffer_memory_limit", 1024));
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection connection = backend.accept();
            ScriptedBackend.Connection second = slower.accept();
            client.send("get k\r\n");
            connection.expect("get k\r\n");
            second.expect("get k\r\n");
            connection.send("VALUE k 0 5000000\r\n" + "x".repeat(5_000_000) + "\r\nEND\r\n");
            Deadline.await("the memory to be released", () -> bufferMemory(proxy) == 0);
            second.send("END\r\n");
            client.expect("SERVER_ERROR out of memory writing get response\r\n");
            client.send("get k\r\n");
            connection.expect("get k\r\n");
            second.expect("get k\r\n");
            connection.send("END\r\n");
            second.send("END\r\n");
            client.expect("END\r\n");
        }
    }

    /** Of routes that need the whole of a reply, or another one as well, before they answer. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            route_warm{ cold = "second", warm = "main" };            END
            route_allfastest{ children = { "main", "second" } };     END
            route_majority{ children = { "main", "second" } };       SERVER_ERROR out of memory writing get response
            route_copying{ child = "main" };                         SERVER_ERROR out of memory writing get response
            """)
    void aReplyBeyondTheLimitFailsInEveryRouteThatGathers(String route, String told) throws ConfigException {
        int bytes = 5_000_000;
        try (ScriptedBackend backend = ScriptedBackend.start();
                MemcachedServer second = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.startText(
                        COPYING,
                        Configuration.empty()
                                .pool("main", backend.port())
                                .pool("second", second.port())
                                .otherwise(route)
                                .setting("buffer_memory_limit", 1024)
                                .lua());
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection connection = backend.accept();
            long before = MemoryUse.bytes();
            client.send("get k\r\n");
            String asked = connection.readLine();
            boolean meta = asked.startsWith("mg");
            connection.send((meta ? "VA " + bytes + " kk f0 t-1" : "VALUE k 0 " + bytes) + "\r\n" + "x".repeat(bytes)
                    + "\r\n" + (meta ? "" : "END\r\n"));
            client.expect(told + "\r\n");
            Deadline.await("the memory to be released", () -> bufferMemory(proxy) == 0);
            assertThat(MemoryUse.bytes() - before).isLessThan(4 << 20);
            client.send("get k\r\n");
            assertThat(connection.readLine()).isEqualTo(asked);
            connection.send(meta ? "EN\r\n" : "END\r\n");
            client.expect("END\r\n");
        }
    }

    // ----

    private interface Script {
        void play(ScriptedBackend.Connection connection, RawClient client, ProxyUnderTest proxy);
    }

    private static void withLimit(int bytes, Script script) {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(backend.port()).setting("buffer_memory_limit", bytes >> 10));
                RawClient client = proxy.connect()) {
            script.play(backend.accept(), client, proxy);
        }
    }

    private static void stores(ScriptedBackend.Connection connection, RawClient client, int bytes) {
        String request = "set k 0 0 " + bytes + "\r\n" + "y".repeat(bytes) + "\r\n";
        client.send(request);
        connection.expect(request);
        connection.send("STORED\r\n");
        client.expect("STORED\r\n");
    }

    private void connectNonReaders(ProxyUnderTest proxy, int count) {
        for (int i = 0; i < count; i++) {
            RawClient client = RawClient.connectSlowReader(new InetSocketAddress("127.0.0.1", proxy.port()), 8192);
            client.send("get big\r\n".repeat(20));
            slow.add(client);
        }
    }

    private static void set(RawClient client, String key, int bytes) {
        client.send("set " + key + " 0 0 " + bytes + "\r\n" + "x".repeat(bytes) + "\r\n");
        client.expect("STORED\r\n");
    }

    /** Whether a get is answered with the value, not for want of memory with an error. */
    private static boolean gets(RawClient client, String key, int bytes) {
        client.send("get " + key + "\r\n");
        String line = client.readLine();
        if (line.startsWith("SERVER_ERROR out of memory")) {
            return false;
        }
        assertThat(line).isEqualTo("VALUE " + key + " 0 " + bytes);
        client.expect("x".repeat(bytes) + "\r\nEND\r\n");
        return true;
    }

    static long bufferMemory(ProxyUnderTest proxy) {
        try (RawClient client = proxy.connect()) {
            client.send("stats proxy\r\n");
            Matcher used = Pattern.compile("STAT buffer_memory_used (\\d+)").matcher(client.readUntil("END\r\n"));
            assertThat(used.find()).isTrue();
            return Long.parseLong(used.group(1));
        }
    }
}
