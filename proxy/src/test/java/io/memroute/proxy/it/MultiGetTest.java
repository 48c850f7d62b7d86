package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.memroute.proxy.Transport;
import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One get of keys that live on several backends. */
class MultiGetTest {

    @Test
    void valuesComeInTheOrderOfTheKeysWhereverTheyLive() {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                MemcachedServer three = MemcachedServer.start();
                MemcachedServer direct = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(one, two, three));
                RawClient client = proxy.connect();
                RawClient alone = direct.connect()) {
            List<String> keys = IntStream.range(0, 300)
                    .mapToObj(i -> "key" + i + "-" + "x".repeat(i % 200))
                    .toList();
            for (RawClient each : List.of(client, alone)) {
                for (int i = 0; i < keys.size(); i++) {
                    // Every third is missing.
                    if (i % 3 != 0) {
                        each.send("set " + keys.get(i) + " " + i + " 0 4\r\n" + (1000 + i) + "\r\n");
                        each.expect("STORED\r\n");
                    }
                }
            }
            String all = String.join(" ", keys);
            for (String request : List.of(
                    "get " + all,
                    "get " + keys.get(7) + " " + all + " " + keys.get(1),
                    "gat 0 " + keys.get(5) + " " + keys.get(6) + " " + keys.get(4))) {
                alone.send(request + "\r\nmn\r\n");
                client.send(request + "\r\nmn\r\n");
                client.expect(alone.readUntil("MN\r\n"));
            }
            for (MemcachedServer server : List.of(one, two, three)) {
                assertThat(statistic(server, "curr_items"))
                        .as("items of one backend")
                        .isGreaterThan(20);
            }
        }
    }

    @Test
    void eachBackendIsAskedOnceForAllItsKeys() {
        try (ScriptedBackend one = ScriptedBackend.start();
                ScriptedBackend two = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.empty()
                        .pool("one", one.port())
                        .pool("two", two.port())
                        .prefix("a", "one")
                        .otherwise("two"));
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection first = one.accept();
            ScriptedBackend.Connection second = two.accept();
            client.send("gets a/1 b/1 a/2 b/2 a/1\r\n");
            first.expect("gets a/1 a/2 a/1\r\n");
            second.expect("gets b/1 b/2\r\n");
            second.send("VALUE b/2 0 2 71\r\nb2\r\nEND\r\n");
            first.send("VALUE a/1 3 2 81\r\na1\r\nVALUE a/1 3 2 81\r\na1\r\nEND\r\n");
            client.expect("VALUE a/1 3 2 81\r\na1\r\nVALUE b/2 0 2 71\r\nb2\r\nVALUE a/1 3 2 81\r\na1\r\nEND\r\n");
        }
    }

    @Test
    void keysOfABackendThatFailsAreToldAsErrorsAmongTheOthersValues() {
        try (ScriptedBackend one = ScriptedBackend.start();
                ScriptedBackend two = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.empty()
                        .pool("one", one.port())
                        .pool("two", two.port())
                        .prefix("a", "one")
                        .otherwise("two"));
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection first = one.accept();
            ScriptedBackend.Connection second = two.accept();
            client.send("get a/1 b/1 a/2 b/2\r\nmn\r\n");
            first.readLine();
            first.close();
            second.expect("get b/1 b/2\r\n");
            second.send("VALUE b/1 0 2\r\nb1\r\nVALUE b/2 0 2\r\nb2\r\nEND\r\n");
            String failure = "SERVER_ERROR backend failure\r\n";
            client.expect(failure + "VALUE b/1 0 2\r\nb1\r\n" + failure + "VALUE b/2 0 2\r\nb2\r\nEND\r\nMN\r\n");
        }
    }

    @Test
    void aLineOfThousandsOfKeysIsAnsweredWhole() {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(one, two));
                RawClient client = proxy.connect()) {
            client.send("set key77 0 0 1\r\nx\r\n");
            client.expect("STORED\r\n");
            String keys = IntStream.range(0, 5000).mapToObj(i -> "key" + i).collect(Collectors.joining(" "));
            client.send("get " + keys + "\r\n");
            client.expect("VALUE key77 0 1\r\nx\r\nEND\r\n");
        }
    }

    /** epoll alone reads what a client has sent, although it has to wait, when it has shut its side. */
    @Test
    void keysThatWaitKeepTheirLineWhenTheClientSendsMoreAndHalfCloses() {
        assumeThat(Transport.EPOLL.available()).isTrue();
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(backend.port()),
                        options -> options.requestsInFlight(2).transport(Transport.EPOLL));
                RawClient waiting = proxy.connect();
                RawClient pinning = proxy.connect();
                RawClient busy = proxy.connect()) {
            ScriptedBackend.Connection connection = backend.accept();
            String line = "get a b c d\r\n";
            waiting.send(line);
            connection.expect("get a b\r\n");
            int answered = fillBlocks(busy);
            waiting.send("mn\r\n");
            waiting.halfClose();
            awaitRead(busy, line.length() + "mn\r\n".length() + answered);
            connection.send("VALUE a 0 1\r\n1\r\nVALUE b 0 1\r\n2\r\nEND\r\n");
            connection.expect("get c d\r\n");
            // Requests that wait keep their blocks of memory, so that the busy client's fill one after the other.
            pinning.send("get e\r\n");
            connection.expect("get e\r\n");
            fillBlocks(busy);
            connection.send("VALUE c 0 1\r\n3\r\nVALUE d 0 1\r\n4\r\nEND\r\nEND\r\n");
            waiting.expect("VALUE a 0 1\r\n1\r\nVALUE b 0 1\r\n2\r\n");
            waiting.expect("VALUE c 0 1\r\n3\r\nVALUE d 0 1\r\n4\r\nEND\r\nMN\r\n");
            waiting.expectClosed();
            pinning.expect("END\r\n");
        }
    }

    /** Sends more requests than a block of input memory holds, a few at a time. Returns how many bytes they were. */
    private static int fillBlocks(RawClient client) {
        String few = "mn\r\n".repeat(500);
        int sent = 0;
        while (sent < 80_000) {
            client.send(few);
            client.expect(few.toUpperCase(Locale.ROOT));
            sent += few.length();
        }
        return sent;
    }

    @Test
    void keysThatAreSentAgainAreSentAsTheirLineSaidWhateverCameSince() throws ConfigException {
        try (ScriptedBackend one = ScriptedBackend.start();
                ScriptedBackend two = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.startText(null, """
                        pools{ one = { backends = { "127.0.0.1:%d" } }, two = { backends = { "127.0.0.1:%d" } } }
                        routes{ default = route_failover{ children = { "one", "two" } } }
                        """.formatted(one.port(), two.port()));
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection first = one.accept();
            ScriptedBackend.Connection second = two.accept();
            client.send("gat 100 k1 k2\r\n");
            first.expect("gat 100 k1 k2\r\n");
            client.send("gat  7  k3   k4\r\n");
            first.expect("gat 7 k3 k4\r\n");
            first.close();
            second.expect("gat 100 k1 k2\r\ngat 7 k3 k4\r\n");
            second.send("VALUE k2 0 1\r\n2\r\nEND\r\nVALUE k3 0 1\r\n3\r\nVALUE k4 0 1\r\n4\r\nEND\r\n");
            client.expect("VALUE k2 0 1\r\n2\r\nEND\r\nVALUE k3 0 1\r\n3\r\nVALUE k4 0 1\r\n4\r\nEND\r\n");
        }
    }

    /** Waits until the proxy has read so many bytes besides those that ask for it. */
    private static void awaitRead(RawClient client, long bytes) {
        AtomicLong asked = new AtomicLong();
        Deadline.await("all bytes to be read", () -> {
            client.send("stats\r\n");
            String read = client.readUntil("END\r\n")
                    .lines()
                    .filter(each -> each.startsWith("STAT bytes_read "))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(read.split(" ")[2]) >= bytes + asked.addAndGet("stats\r\n".length());
        });
    }

    private static long statistic(MemcachedServer server, String name) {
        try (RawClient client = server.connect()) {
            client.send("stats\r\n");
            String all = client.readUntil("END\r\n");
            String line = all.lines()
                    .filter(each -> each.startsWith("STAT " + name + " "))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(line.split(" ")[2]);
        }
    }
}
