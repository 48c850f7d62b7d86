package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.access.QuotaKind;
import io.memroute.proxy.stats.Counter;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients use what {@code quotas{}} leaves them, and stay in step above it. */
class QuotaTest {

    private static final String ROUTES = "routes{ default = route_direct{ child = 'internal' } }\n";

    private static final String EXCEEDED = "SERVER_ERROR quota exceeded: ";

    private ProxyUnderTest proxy;

    /** Two listeners: one without a tag, one with the tag {@code tenant}. */
    private void start(String lua) {
        proxy = ProxyUnderTest.startText(
                lua,
                options -> options.workers(2)
                        .listener(ListenerSpec.tcp("127.0.0.1", 0).tagged("tenant")));
    }

    @AfterEach
    void close() {
        if (proxy != null) {
            proxy.close();
        }
    }

    private RawClient tenant() {
        return proxy.connect(1);
    }

    private static void expect(RawClient client, String requests, String replies) {
        client.send(requests + "version\r\n");
        assertThat(client.readUntil("1.6.45\r\n")).isEqualTo(replies + "VERSION 1.6.45\r\n");
    }

    private static String rest(RawClient client) {
        return new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
    }

    private long exceeded(QuotaKind kind) {
        return proxy.numbers().identities().stream()
                .mapToLong(each -> each.exceeded().get(kind))
                .sum();
    }

    @Test
    void requestsAboveTheRateAreRefusedWithTheirValues() {
        start("quotas{ { who = 'tag:tenant', requests = 1, burst = 5 } }\n" + ROUTES);
        long before = System.nanoTime();
        String set = "set a 0 0 12\r\nget x\r\nget y\r\n";
        try (RawClient client = tenant();
                RawClient other = proxy.connect()) {
            client.send(set.repeat(40) + "quit\r\n");
            String replies = rest(client);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before) + 1;
            int stored = replies.split("STORED", -1).length - 1;
            assertThat((long) stored).isBetween(5L, 5 + seconds);
            assertThat(replies.replace("STORED\r\n", "")).isEqualTo((EXCEEDED + "requests\r\n").repeat(40 - stored));
            expect(other, set.repeat(20), "STORED\r\n".repeat(20));
            assertThat(exceeded(QuotaKind.REQUESTS)).isGreaterThanOrEqualTo(40 - stored);
            assertThat(proxy.numbers().count(Counter.QUOTA_EXCEEDED)).isEqualTo(exceeded(QuotaKind.REQUESTS));
            assertThat(proxy.numbers().refusals()).hasSize(1).allSatisfy((rule, count) -> {
                assertThat(rule).endsWith(".lua:1");
                assertThat(count).isEqualTo(exceeded(QuotaKind.REQUESTS));
            });
        }
    }

    @Test
    void aRequestWhoseValueComesLaterCountsOnce() {
        start("quotas{ { who = 'tag:tenant', requests = 1, burst = 10 } }\n" + ROUTES);
        try (RawClient client = tenant()) {
            for (int i = 0; i < 10; i++) {
                client.send("version\r\nset a 0 0 3\r\n");
                client.expect("VERSION 1.6.45\r\n");
                client.send("abc\r\n");
                client.expect("STORED\r\n");
            }
        }
    }

    @Test
    void getsAboveMayBeMisses() {
        start("quotas{ { who = 'tag:tenant', bytes = 1, above = 'miss' } }\n" + ROUTES);
        try (RawClient client = tenant()) {
            expect(client, "set a 0 0 1000\r\n" + "x".repeat(1000) + "\r\n", "STORED\r\n");
            client.send(
                    "get a\r\nget a b\r\nmg a v\r\nmg a v q\r\nmg a v q k\r\ngat 0 a\r\nset a 0 0 1 noreply\r\n1\r\n"
                            + "ms a 1 q\r\n1\r\nget a\r\n");
            client.expect("END\r\nEND\r\nEN\r\nEND\r\n" + EXCEEDED + "bytes\r\nEND\r\n");
        }
    }

    @Test
    void aSilencedMissKeepsItsPlace() {
        start("quotas{ { who = 'tag:tenant', keys = 'slow:', requests = 1, burst = 0.001, above = 'miss' } }\n"
                + ROUTES);
        try (RawClient client = tenant()) {
            client.send("get slow:a\r\nmg slow:a q v\r\nget slow:a\r\nset b 0 0 1\r\n1\r\nget b\r\n");
            client.expect("END\r\nEND\r\nSTORED\r\nVALUE b 0 1\r\n1\r\nEND\r\n");
        }
    }

    @Test
    void requestsInFlightCountOverAllConnections() {
        try (ScriptedBackend mute = ScriptedBackend.start()) {
            start("settings{ backend_read_timeout = 60 }\npools{ mute = { backends = { '127.0.0.1:" + mute.port()
                    + "' } } }\n"
                    + "quotas{ { who = 'tag:tenant', in_flight = 2 } }\n"
                    + "routes{ default = route_direct{ child = 'mute' } }\n");
            try (RawClient first = tenant();
                    RawClient second = tenant();
                    RawClient other = proxy.connect()) {
                first.send("get a\r\nget b\r\n");
                Deadline.await("two requests under way", () -> proxy.numbers().count(Counter.ACTIVE_REQUESTS) == 2);
                second.send("get c\r\ngets c d\r\n");
                second.expect(EXCEEDED + "in_flight\r\n" + EXCEEDED + "in_flight\r\n");
                other.send("get c\r\n");
                Deadline.await("one more", () -> proxy.numbers().count(Counter.ACTIVE_REQUESTS) == 3);
            }
        }
    }

    /** Who goes and comes again has no more under way than who stays. */
    @Test
    void requestsOfAClientThatHasGoneAreInFlightUntilTheyAreAnswered() {
        try (ScriptedBackend slow = ScriptedBackend.start()) {
            start("settings{ backend_read_timeout = 60 }\npools{ slow = { backends = { '127.0.0.1:" + slow.port()
                    + "' } } }\n"
                    + "quotas{ { who = 'tag:tenant', in_flight = 1 } }\n"
                    + "routes{ default = route_direct{ child = 'slow' } }\n");
            try (RawClient gone = tenant()) {
                gone.send("get a\r\n");
                Deadline.await("a request under way", () -> proxy.numbers().count(Counter.ACTIVE_REQUESTS) == 1);
                gone.reset();
            }
            Deadline.await("its end", () -> proxy.numbers().count(Counter.CURRENT_CONNECTIONS) == 0);
            try (RawClient next = tenant()) {
                next.send("get b\r\n");
                next.expect(EXCEEDED + "in_flight\r\n");
                // Each worker has one.
                List<ScriptedBackend.Connection> connections = List.of(slow.accept(), slow.accept());
                answer(connections, "get a\r\n");
                Deadline.await("no request under way", () -> proxy.numbers().count(Counter.ACTIVE_REQUESTS) == 0);
                next.send("get b\r\n");
                answer(connections, "get b\r\n");
                next.expect("END\r\n");
            }
        }
    }

    private static void answer(List<ScriptedBackend.Connection> connections, String request) {
        Deadline.await(request, () -> connections.stream().anyMatch(ScriptedBackend.Connection::hasReceived));
        ScriptedBackend.Connection asked = connections.stream()
                .filter(ScriptedBackend.Connection::hasReceived)
                .findFirst()
                .orElseThrow();
        asked.expect(request);
        asked.send("END\r\n");
    }

    @Test
    void answeredRequestsAreNotInFlight() {
        start("quotas{ { who = 'tag:tenant', in_flight = 1 } }\n" + ROUTES);
        try (RawClient client = tenant()) {
            for (int i = 0; i < 50; i++) {
                expect(client, "get a\r\n", "END\r\n");
            }
        }
    }

    @Test
    void connectionsCountAlsoAfterAReload() {
        String quota = "quotas{ { who = 'tag:tenant', connections = 1 } }\n";
        start(quota + ROUTES);
        try (RawClient first = tenant()) {
            expect(first, "get a\r\n", "END\r\n");
            assertExcess();
            assertThat(proxy.reload("\n\n" + quota + ROUTES).succeeded()).isTrue();
            assertExcess();
            expect(first, "get a\r\n", "END\r\n");
            try (RawClient other = proxy.connect()) {
                expect(other, "get a\r\n", "END\r\n");
            }
        }
        Deadline.await("room again", () -> {
            try (RawClient next = tenant()) {
                next.send("get a\r\n");
                return next.readUntil("\r\n").equals("END\r\n");
            }
        });
    }

    private void assertExcess() {
        try (RawClient excess = tenant()) {
            excess.send("set a 0 0 5\r\nget a\r\nget a\r\n");
            assertThat(rest(excess)).isEqualTo(EXCEEDED + "connections\r\n");
        }
    }
}
