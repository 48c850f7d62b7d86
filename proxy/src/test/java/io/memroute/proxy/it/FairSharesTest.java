package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.stats.Counter;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that asks for much does not delay those that ask for little, and gets all its answers in order. */
class FairSharesTest {

    private static final int MANY = 1000;

    private static final String CONFIGURATION = """
            pools{
              main = { backends = { '127.0.0.1:%d' } },
              held = { backends = { '127.0.0.1:%d' } },
            }
            settings{ backend_read_timeout = 60, backend_depth_limit = %d }
            for _, tag in ipairs{ 'default', 'greedy', 'modest' } do
              routes{
                tag = tag ~= 'default' and tag or nil,
                map = { held = route_direct{ child = 'held' } },
                default = route_direct{ child = 'main' },
              }
            end
            """;

    private ProxyUnderTest proxy;

    /** Listeners: one with the tag {@code greedy}, one with the tag {@code modest}. */
    private void start(int mainPort, int heldPort) {
        start(0, mainPort, heldPort);
    }

    private void start(int depthLimit, int mainPort, int heldPort) {
        proxy = ProxyUnderTest.startText(
                CONFIGURATION.formatted(mainPort, heldPort, depthLimit),
                options -> options.listener(ListenerSpec.tcp("127.0.0.1", 0).tagged("greedy"))
                        .listener(ListenerSpec.tcp("127.0.0.1", 0).tagged("modest")));
    }

    @AfterEach
    void close() {
        if (proxy != null) {
            proxy.close();
        }
    }

    private RawClient greedy() {
        return proxy.connect(1);
    }

    private RawClient modest() {
        return proxy.connect(2);
    }

    /** Has a client get short replies, so that it may have many requests under way. */
    private static void learnThatRepliesAreShort(RawClient client, ScriptedBackend.Connection server) {
        for (int i = 0; i < 30; i++) {
            client.send("mg k v\r\n");
            server.expect("mg k v\r\n");
            server.send("EN\r\n");
            client.expect("EN\r\n");
        }
    }

    private static String gets(int count) {
        return IntStream.range(0, count).mapToObj(i -> "get g" + i + "\r\n").collect(Collectors.joining());
    }

    /** Reads command lines from the proxy and answers each with a miss, until a key has come. Returns the keys. */
    private static List<String> readUntil(ScriptedBackend.Connection server, String key) {
        List<String> keys = new ArrayList<>();
        while (!keys.contains(key)) {
            String line = server.readLine();
            keys.addAll(List.of(line.substring("get ".length()).strip().split(" ")));
        }
        return keys;
    }

    @Test
    void aBacklogWaitsInTheProxyAndNotAtTheServer() {
        try (ScriptedBackend main = ScriptedBackend.start();
                ScriptedBackend held = ScriptedBackend.start()) {
            start(main.port(), held.port());
            ScriptedBackend.Connection server = main.accept();
            try (RawClient busy = modest();
                    RawClient modest = modest();
                    RawClient greedy = greedy()) {
                // Turns are taken as long as both tenants have requests under way.
                busy.send("get held/a\r\n");
                Deadline.await("a request under way", () -> proxy.numbers().count(Counter.ACTIVE_REQUESTS) == 1);
                learnThatRepliesAreShort(greedy, server);
                greedy.send(gets(MANY));
                List<String> keys = readUntil(server, "g0");
                modest.send("get m\r\n");
                keys.addAll(readUntil(server, "m"));
                assertThat(keys).hasSizeLessThan(MANY / 2);
            }
        }
    }

    @Test
    void aBacklogIsAnsweredInOrder() {
        try (MemcachedServer main = MemcachedServer.start();
                ScriptedBackend held = ScriptedBackend.start()) {
            start(main.port(), held.port());
            try (RawClient busy = modest();
                    RawClient modest = modest();
                    RawClient greedy = greedy()) {
                busy.send("get held/a\r\n");
                Deadline.await("a request under way", () -> proxy.numbers().count(Counter.ACTIVE_REQUESTS) == 1);
                StringBuilder requests = new StringBuilder();
                StringBuilder replies = new StringBuilder();
                for (int i = 1000; i < 1000 + MANY; i++) {
                    requests.append("set k 0 0 4\r\n").append(i).append("\r\nget k\r\nget k a b\r\nmg k v\r\n");
                    String value = "VALUE k 0 4\r\n" + i + "\r\nEND\r\n";
                    replies.append("STORED\r\n")
                            .append(value)
                            .append(value)
                            .append("VA 4\r\n")
                            .append(i)
                            .append("\r\n");
                }
                greedy.send(requests.toString());
                modest.send("set m 0 0 1\r\n1\r\nget m\r\n");
                modest.expect("STORED\r\nVALUE m 0 1\r\n1\r\nEND\r\n");
                greedy.expect(replies.toString());
            }
        }
    }

    @Test
    void aBacklogIsAnsweredWhenTheServerIsLost() {
        try (ScriptedBackend main = ScriptedBackend.start();
                ScriptedBackend held = ScriptedBackend.start()) {
            start(main.port(), held.port());
            ScriptedBackend.Connection lost = main.accept();
            try (RawClient busy = modest();
                    RawClient greedy = greedy()) {
                busy.send("get held/a\r\n");
                Deadline.await("a request under way", () -> proxy.numbers().count(Counter.ACTIVE_REQUESTS) == 1);
                greedy.send("mg k v\r\n".repeat(MANY) + "mn\r\n");
                assertThat(lost.readLine()).isEqualTo("mg k v");
                lost.close();
                ScriptedBackend.Connection server = main.accept();
                Thread.ofVirtual().start(() -> {
                    while (server.readLine().startsWith("mg")) {
                        server.send("EN\r\n");
                    }
                });
                List<String> replies = greedy.readUntil("MN\r\n").lines().toList();
                assertThat(replies).hasSize(MANY + 1).contains("SERVER_ERROR backend failure");
                assertThat(Set.copyOf(replies)).isSubsetOf("SERVER_ERROR backend failure", "EN", "MN");
                server.reset();
            }
        }
    }

    @Test
    void aFullQueueIsFullForTheTenantThatHasFilledIt() {
        try (ScriptedBackend main = ScriptedBackend.start();
                ScriptedBackend held = ScriptedBackend.start()) {
            start(100, main.port(), held.port());
            ScriptedBackend.Connection server = main.accept();
            try (RawClient busy = modest();
                    RawClient modest = modest();
                    RawClient greedy = greedy()) {
                busy.send("get held/a\r\n");
                Deadline.await("a request under way", () -> proxy.numbers().count(Counter.ACTIVE_REQUESTS) == 1);
                learnThatRepliesAreShort(greedy, server);
                greedy.send(gets(MANY));
                Deadline.await("refusals", () -> proxy.numbers().count(Counter.DEPTH_LIMIT_REFUSALS) > 0);
                modest.send("get m\r\n");
                readUntil(server, "m");
            }
        }
    }
}
