package io.memroute.proxy.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One client's commands about one key are carried out in their order, though the client does not wait for answers. */
class CommandOrderTest {

    private static final String WARM = "route_warm{ cold = \"one\", warm = \"two\" }";

    /**
     * Fetches what the first server does not have from the second before it asks again; gets ask the first one alone.
     */
    private static final String FETCHING = """
            register_route_handlers{ "fetching" }
            function route_fetching_conf(t) return t end
            function route_fetching_start(a, ctx, fgen)
              local one, two = fgen:new_handle(a.children[1]), fgen:new_handle(a.children[2])
              fgen:ready{ n = "fetching", f = function(rctx)
                return function(r)
                  if r:command() ~= mcp.CMD_GET then rctx:enqueue_and_wait(r, two) end
                  return rctx:enqueue_and_wait(r, one)
                end
              end }
            end
            """;

    private static MemcachedServer one;
    private static MemcachedServer two;

    @BeforeAll
    static void startServers() {
        // Several threads, so that what arrives on several connections is carried out at the same time.
        one = MemcachedServer.start(MemcachedServer.options().threads(4));
        two = MemcachedServer.start();
    }

    @AfterAll
    static void stopServers() {
        one.close();
        two.close();
    }

    private static String pools(int first, int second, int connections) {
        return "pools{ one = { backends = { { host = \"127.0.0.1\", port = " + first
                + ", connections = " + connections + " } } },\n"
                + "  two = { backends = { \"127.0.0.1:" + second + "\" } } }\n";
    }

    private static ProxyUnderTest start(String routes) throws ConfigException {
        return ProxyUnderTest.startText(FETCHING, pools(one.port(), two.port(), 1) + routes);
    }

    private static void store(MemcachedServer server, String key, String value) {
        try (RawClient client = server.connect()) {
            client.send("set " + key + " 0 0 " + value.length() + "\r\n" + value + "\r\n");
            client.expect("STORED\r\n");
        }
    }

    @Test
    void listsGrowInOrderOverSeveralConnections() throws Exception {
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(
                        null,
                        pools(one.port(), two.port(), 4) + "routes{ default = route_direct{ child = \"one\" } }");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> growing = new ArrayList<>();
            for (int client = 0; client < 8; client++) {
                String name = "list" + client + "-";
                growing.add(threads.submit(() -> growLists(proxy, name)));
            }
            for (Future<?> each : growing) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static void growLists(ProxyUnderTest proxy, String name) {
        try (RawClient client = proxy.connect()) {
            for (int list = 0; list < 100; list++) {
                String key = name + list;
                client.send("set " + key + " 0 0 2 noreply\r\n0,\r\n");
                StringBuilder grown = new StringBuilder("0,");
                for (int i = 1; i < 10; i++) {
                    // Each in a packet of its own.
                    client.send("append " + key + " 0 0 2 noreply\r\n" + i + ",\r\n");
                    grown.append(i).append(',');
                }
                client.send("get " + key + "\r\n");
                client.expect("VALUE " + key + " 0 " + grown.length() + "\r\n" + grown + "\r\nEND\r\n");
            }
        }
    }

    @Test
    void aGetBehindACommandThatFetchesFromWarmSeesWhatItHasDone() throws ConfigException {
        try (ProxyUnderTest proxy = start("routes{ default = " + WARM + " }");
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 50; i++) {
                String key = "count" + i;
                store(two, key, "10");
                client.send("incr " + key + " 5 noreply\r\nget " + key + "\r\n");
                client.expect("VALUE " + key + " 0 2\r\n15\r\nEND\r\n");
            }
        }
    }

    @Test
    void whatFetchesFromTheOldPlaceWhileKeysMoveIsNotOvertaken() throws ConfigException {
        try (ProxyUnderTest proxy = start("routes{ default = route_reshard{ from = \"two\", to = \"one\" } }");
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 50; i++) {
                String key = "moving" + i;
                store(two, key, "10");
                client.send("incr " + key + " 5 noreply\r\nget " + key + "\r\nappend " + key
                        + " 0 0 1 noreply\r\n0\r\nget " + key + "\r\ndelete " + key + " noreply\r\nget " + key
                        + "\r\n");
                client.expect("VALUE " + key + " 0 2\r\n15\r\nEND\r\nVALUE " + key + " 0 3\r\n150\r\nEND\r\nEND\r\n");
            }
        }
    }

    @Test
    void aKeyAsBase64TextIsTheSameKey() throws ConfigException {
        try (ProxyUnderTest proxy = start("routes{ default = " + WARM + " }");
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 50; i++) {
                String key = "sum" + i;
                store(two, key, "10");
                String text = Base64.getEncoder().encodeToString(key.getBytes(US_ASCII));
                client.send("incr " + key + " 5 noreply\r\nmg " + text + " b v\r\n");
                client.expect("VA 2\r\n15\r\n");
            }
        }
    }

    @Test
    void appendsThatFetchFromWarmKeepTheirOrder() throws ConfigException {
        try (ProxyUnderTest proxy = start("routes{ default = " + WARM + " }");
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 50; i++) {
                String key = "text" + i;
                store(two, key, "a");
                for (String letter : List.of("b", "c", "d", "e")) {
                    client.send("append " + key + " 0 0 1 noreply\r\n" + letter + "\r\n");
                }
                client.send("get " + key + "\r\n");
                client.expect("VALUE " + key + " 0 5\r\nabcde\r\nEND\r\n");
            }
        }
    }

    @Test
    void whatWasDeletedWhileAGetFetchedItFromWarmIsGone() throws ConfigException {
        try (ProxyUnderTest proxy = start("routes{ default = " + WARM + " }");
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 50; i++) {
                String key = "gone" + i;
                store(two, key, "x");
                client.send("get " + key + "\r\ndelete " + key + " noreply\r\nget " + key + "\r\n");
                client.expect("VALUE " + key + " 0 1\r\nx\r\nEND\r\nEND\r\n");
            }
        }
    }

    @Test
    void commandsOfOtherRoutesAboutTheKeyWaitToo() throws ConfigException {
        String routes = "routes{ map = { w = cmdmap{ incr = " + WARM + " } },\n"
                + "default = route_direct{ child = \"one\" } }";
        try (ProxyUnderTest proxy = start(routes);
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 50; i++) {
                String key = "w/" + i;
                store(two, key, "1");
                client.send("incr " + key + " 1 noreply\r\nget " + key + "\r\n");
                client.expect("VALUE " + key + " 0 1\r\n2\r\nEND\r\n");
            }
        }
    }

    @Test
    void functionsInLuaAreNotOvertaken() throws ConfigException {
        try (ProxyUnderTest proxy = start("routes{ default = route_fetching{ children = { \"one\", \"two\" } } }");
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 50; i++) {
                client.send("set lua" + i + " 0 0 1 noreply\r\nx\r\n");
                client.send("get lua" + i + "\r\n");
                client.expect("VALUE lua" + i + " 0 1\r\nx\r\nEND\r\n");
            }
        }
    }

    @Test
    void otherKeysAndReadsDoNotWait() throws ConfigException {
        try (ScriptedBackend cold = ScriptedBackend.start();
                ScriptedBackend warm = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.startText(
                        null, pools(cold.port(), warm.port(), 1) + "routes{ default = " + WARM + " }");
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection coldSide = cold.accept();
            client.send("incr a 1\r\n");
            coldSide.expect("incr a 1\r\n");
            client.send("incr a 2\r\nmg b v\r\n");
            coldSide.expect("mg b v\r\n");
            client.send("mg b v\r\n");
            coldSide.expect("mg b v\r\n");
            coldSide.send("5\r\nEN\r\n");
            client.expect("5\r\n");
            coldSide.expect("incr a 2\r\n");
        }
    }

    @Test
    void aFailoverKeepsTheOrder() throws ConfigException {
        try (ScriptedBackend first = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.startText(
                        null,
                        pools(first.port(), two.port(), 1)
                                + "routes{ default = route_failover{ children = { \"one\", \"two\" } } }");
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection firstSide = first.accept();
            client.send("set list 0 0 1\r\na\r\n");
            firstSide.expect("set list 0 0 1\r\na\r\n");
            for (String letter : List.of("b", "c", "d")) {
                client.send("append list 0 0 1\r\n" + letter + "\r\n");
                firstSide.expect("append list 0 0 1\r\n" + letter + "\r\n");
            }
            firstSide.close();
            client.expect("STORED\r\nSTORED\r\nSTORED\r\nSTORED\r\n");
            client.send("get list\r\n");
            first.accept().expect("get list\r\n");
            first.close();
            client.expect("VALUE list 0 4\r\nabcd\r\nEND\r\n");
        }
    }

    @Test
    void aReloadThatBringsNewConnectionsKeepsTheOrder() {
        try (ScriptedBackend before = ScriptedBackend.start();
                ScriptedBackend after = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(before.port()));
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection old = before.accept();
            client.send("set k 0 0 1\r\na\r\n");
            old.expect("set k 0 0 1\r\na\r\n");
            assertThat(proxy.reload(Configuration.direct(after.port())).succeeded())
                    .isTrue();
            ScriptedBackend.Connection next = after.accept();
            client.send("append k 0 0 1\r\nb\r\nmg k v\r\nmg other v\r\n");
            next.expect("mg other v\r\n");
            old.send("STORED\r\n");
            next.expect("append k 0 0 1\r\nb\r\nmg k v\r\n");
            next.send("EN\r\nSTORED\r\nVA 2\r\nab\r\n");
            client.expect("STORED\r\nSTORED\r\nVA 2\r\nab\r\nEN\r\n");
        }
    }
}
