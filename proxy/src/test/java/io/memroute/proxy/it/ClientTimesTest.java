package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.Transport;
import io.memroute.proxy.client.time.ClientTimes;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.LogWatcher;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that are idle, or slow with a request. In all of these a second passes between what is allowed and what is
 * not.
 */
class ClientTimesTest {

    private static final String TOO_SLOW = "CLIENT_ERROR request took too long to arrive\r\n";

    @TempDir
    private Path directory;

    static List<Transport> transports() {
        return Transport.allAvailable();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void closesIdleClientsAsMemcachedDoes(Transport transport) {
        Path socket = directory.resolve("memroute.sock");
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(server),
                        options -> options.transport(transport)
                                .clientTimes(new ClientTimes(1, 30))
                                .listener(ListenerSpec.unix(socket.toString())));
                LogWatcher watcher = LogWatcher.on(proxy.port(), "connevents");
                RawClient unix = RawClient.connect(socket)) {
            // Two listeners accept in no particular order.
            unix.send("mn\r\n");
            unix.expect("MN\r\n");
            watcher.expectMatching("type=conn_new .*transport=local.*");
            try (RawClient idle = proxy.connect()) {
                idle.send("mn\r\n");
                idle.expect("MN\r\n");
                idle.expectClosed();
            }
            watcher.expectMatching("type=conn_new .*transport=tcp.*");
            watcher.expectMatching("type=conn_close .*transport=tcp.* reason=idle_timeout .*");
            // Those that watch, and those of UNIX sockets, have been idle as long.
            unix.send("mn\r\n");
            unix.expect("MN\r\n");
            assertThat(statistic(unix, "idle_kicks")).isEqualTo(1);
        }
    }

    @Test
    void aClientThatWaitsForAReplyIsNotIdle() {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(backend.port()).setting("backend_read_timeout", 600),
                        options -> options.clientTimes(new ClientTimes(1, 30)))) {
            ScriptedBackend.Connection connection = backend.accept();
            try (RawClient waiting = proxy.connect()) {
                waiting.send("mg key v\r\n");
                connection.expect("mg key v\r\n");
                for (int i = 0; i < 2; i++) {
                    try (RawClient idle = proxy.connect()) {
                        idle.expectClosed();
                    }
                }
                connection.send("EN\r\n");
                waiting.expect("EN\r\n");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void closesClientsWhoseRequestDoesNotEnd(Transport transport) {
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(server),
                        options -> options.transport(transport).clientTimes(new ClientTimes(0, 1)));
                RawClient idle = proxy.connect()) {
            idle.send("mn\r\n");
            idle.expect("MN\r\n");
            List<RawClient> slow = new ArrayList<>();
            for (String begun : List.of(
                    "get ke",
                    "mn\r\nget ke",
                    "set key 0 0 100\r\nabc",
                    "set key 0 0 30000\r\nabc",
                    "set " + "k".repeat(300) + " 0 0 30000\r\nabc")) {
                slow.add(proxy.connect());
                slow.getLast().send(begun);
            }
            for (RawClient client : slow) {
                client.readUntil(TOO_SLOW);
                client.expectClosed();
                client.close();
            }
            idle.send("mn\r\n");
            idle.expect("MN\r\n");
            assertThat(statistic(idle, "proxy_conn_slow")).isEqualTo(5);
            assertThat(statistic(idle, "buffer_memory_used", "proxy")).isZero();
        }
    }

    @Test
    void aClientThatTricklesKeepsNothingOpen() {
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(server), options -> options.clientTimes(new ClientTimes(0, 1)));
                RawClient other = proxy.connect();
                RawClient slow = proxy.connect()) {
            slow.send("set key 0 0 100000000\r\n");
            Deadline.await("the end of a client that trickles", () -> !sends(slow) || slow.hasReceived());
            assertThat(statistic(other, "proxy_conn_slow")).isEqualTo(1);
        }
    }

    /**
     * Sends a byte; false if the connection has been closed, which may have taken the last words of the proxy with it.
     */
    private static boolean sends(RawClient client) {
        try {
            client.send("x");
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    private static long statistic(RawClient client, String name, String... section) {
        client.send("stats" + (section.length == 0 ? "" : " " + section[0]) + "\r\n");
        return client.readUntil("END\r\n")
                .lines()
                .filter(line -> line.startsWith("STAT " + name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("stats has no " + name));
    }
}
