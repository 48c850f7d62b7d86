package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.memroute.testkit.DelayingRelay;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code route_reshard}, {@code route_warm} and {@code route_migrate} while real servers cannot be reached. */
class MoveFailuresTest {

    private static final String RESHARD =
            "route_reshard{ from = 'old', to = 'renewed', stats = true, stats_name = 'm' }";
    private static final String WARM = "route_warm{ cold = 'renewed', warm = 'old', stats = true, stats_name = 'm' }";

    /** Half of the keys have moved, and go on moving for so long that none does so during a test. */
    private static final String MIGRATE = "route_migrate{ from = 'old', to = 'renewed', start = '"
            + Instant.now().minus(Duration.ofDays(10)) + "', window = "
            + Duration.ofDays(20).toSeconds() + " }";

    private static final int KEYS = 50;

    private final MemcachedServer old = MemcachedServer.start();
    private final MemcachedServer renewed = MemcachedServer.start();
    private final DelayingRelay toOld = DelayingRelay.start(old.port(), Duration.ZERO);
    private final DelayingRelay toRenewed = DelayingRelay.start(renewed.port(), Duration.ZERO);
    private ProxyUnderTest proxy;
    private RawClient client;

    private Configuration configuration(String route) {
        return Configuration.empty()
                .setting("backend_failure_limit", 1_000_000)
                .pool("old", toOld.port())
                .pool("renewed", toRenewed.port())
                .otherwise(route);
    }

    private void start(String route) {
        proxy = ProxyUnderTest.start(configuration(route));
        client = proxy.connect();
    }

    @AfterEach
    void stopEverything() {
        client.close();
        proxy.close();
        toOld.close();
        toRenewed.close();
        old.close();
        renewed.close();
    }

    private static String ask(MemcachedServer server, String request) {
        try (RawClient asking = server.connect()) {
            asking.send(request + "\r\n");
            return asking.readLine();
        }
    }

    private String ask(String request) {
        client.send(request + "\r\n");
        return client.readLine();
    }

    private String stat(String name) {
        client.send("stats proxy\r\n");
        return client.readUntil("END\r\n")
                .lines()
                .filter(line -> line.startsWith("STAT user_" + name + " "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElse("none");
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.of(RESHARD, "_old", "set key 0 0 1\r\n2", "STORED"),
                Arguments.of(RESHARD, "_old", "incr key 1", "2"),
                Arguments.of(RESHARD, "_old", "append key 0 0 1\r\n2", "STORED"),
                Arguments.of(RESHARD, "_old", "touch key -1", "TOUCHED"),
                Arguments.of(WARM, "_warm", "set key 0 0 1\r\n2", "STORED"),
                Arguments.of(WARM, "_warm", "ms key 1\r\n2", "HD"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whatTheOldSideCouldNotBeToldIsDeletedThere(String route, String side, String change, String reply) {
        start(route);
        for (MemcachedServer server : new MemcachedServer[] {old, renewed}) {
            assertThat(ask(server, "set key 0 0 1\r\n1")).isEqualTo("STORED");
        }
        assertThat(ask("mg key")).isEqualTo("HD");
        toOld.cut();
        assertThat(ask(change)).isEqualTo(reply);
        assertThat(ask(old, "mg key")).isEqualTo("HD");
        Deadline.await(
                "the failure to be counted", () -> stat("m" + side + "_failed").equals("1"));
        toOld.mend();
        Deadline.await("the item to be deleted on the old side", () -> {
            ask("mg else");
            return ask(old, "mg key").equals("EN");
        });
        Deadline.await(
                "the deletion to be counted",
                () -> stat("m" + side + "_deleted").equals("1"));
        assertThat(stat("m" + side + "_lost")).isEqualTo("0");
        ask(renewed, "md key");
        assertThat(ask("mg key")).isEqualTo("EN");
    }

    @ParameterizedTest
    @MethodSource("sides")
    void whatIsOwedOutlivesAReload(String route, String side) {
        start(route);
        for (MemcachedServer server : new MemcachedServer[] {old, renewed}) {
            assertThat(ask(server, "set key 0 0 1\r\n1")).isEqualTo("STORED");
        }
        toOld.cut();
        assertThat(ask("set key 0 0 1\r\n2")).isEqualTo("STORED");
        proxy.reload(configuration(route));
        ask(renewed, "md key");
        toOld.mend();
        Deadline.await("the item to be deleted on the old side", () -> {
            assertThat(ask("mg key")).isNotEqualTo("HD");
            return ask(old, "mg key").equals("EN");
        });
        Deadline.await(
                "the deletion to be counted",
                () -> stat("m" + side + "_deleted").equals("1"));
        assertThat(stat("m" + side + "_failed")).isEqualTo("1");
        assertThat(stat("m" + side + "_lost")).isEqualTo("0");
    }

    static Stream<Arguments> sides() {
        return Stream.of(Arguments.of(RESHARD, "_old"), Arguments.of(WARM, "_warm"));
    }

    @Test
    void aMoveThatIsOverStaysOverAfterAReloadThatLeavesItAsItIs() {
        String quiet = RESHARD.replace(" }", ", quiet = 1 }");
        start(quiet);
        Deadline.await("the old side to be asked no more", () -> {
            String asked = stat("m_old_misses");
            for (int key = 0; key < KEYS; key++) {
                assertThat(ask("mg none" + key)).isEqualTo("EN");
            }
            return stat("m_old_misses").equals(asked);
        });
        assertThat(ask(old, "set only 0 0 1\r\n1")).isEqualTo("STORED");
        assertThat(ask("mg only")).isEqualTo("EN");
        proxy.reload(configuration(quiet).setting("backend_connect_timeout", 4));
        assertThat(ask("mg only")).isEqualTo("EN");
        proxy.reload(configuration(quiet.replace("quiet = 1", "quiet = 2")));
        assertThat(ask("mg only")).isEqualTo("HD");
    }

    @Test
    void aDeleteThatTheOldSideDidNotGetFailsAndIsDoneLater() {
        start(RESHARD);
        assertThat(ask("set key 0 0 1\r\n1")).isEqualTo("STORED");
        toOld.cut();
        assertThat(ask("delete key")).startsWith("SERVER_ERROR");
        assertThat(ask(renewed, "mg key")).isEqualTo("EN");
        toOld.mend();
        Deadline.await("the item to be deleted on the old side", () -> {
            assertThat(ask("mg key")).isEqualTo("EN");
            return ask(old, "mg key").equals("EN");
        });
    }

    @Test
    void whileKeysMigrateAServerThatIsDownConcernsItsKeysAlone() {
        start(MIGRATE);
        storeAll();
        toOld.cut();
        Set<String> moved = moved();
        for (int key = 0; key < KEYS; key++) {
            assertThat(ask("mg key" + key)).startsWith(moved.contains("key" + key) ? "HD" : "SERVER_ERROR");
        }
        toOld.mend();
        Deadline.await(
                "the old side to be asked again",
                () -> keys().filter(key -> !moved.contains(key))
                        .noneMatch(key -> ask("mg " + key).startsWith("SERVER_ERROR")));
        for (int key = 0; key < KEYS; key++) {
            assertThat(ask("mg key" + key)).isEqualTo("HD");
        }
    }

    @Test
    void aDeleteWhileOneSideIsDownFailsAndReachesTheOther() {
        start(MIGRATE);
        storeAll();
        toOld.cut();
        for (int key = 0; key < KEYS; key++) {
            boolean moved = ask(renewed, "mg key" + key).equals("HD");
            assertThat(ask("delete key" + key)).startsWith("SERVER_ERROR");
            assertThat(ask(renewed, "mg key" + key)).isEqualTo("EN");
            assertThat(ask(old, "mg key" + key)).isEqualTo(moved ? "EN" : "HD");
        }
    }

    @Test
    void aConnectionLostWhileKeysMigrateFailsWhatWasOnItsWayAndNothingElse() {
        start(MIGRATE);
        storeAll();
        Set<String> moved = moved();
        old.freeze();
        // The reply to one that has moved shows that the proxy has sent the others on.
        List<String> order = Stream.concat(
                        keys().filter(moved::contains).limit(1), keys().filter(key -> !moved.contains(key)))
                .toList();
        client.send(order.stream().map(key -> "get " + key + "\r\n").collect(Collectors.joining()));
        client.expect("VALUE " + order.getFirst() + " 0 1\r\n");
        client.expect(order.getFirst().charAt(order.getFirst().length() - 1) + "\r\nEND\r\n");
        toOld.closeConnections();
        old.thaw();
        for (String key : order.subList(1, order.size())) {
            assertThat(client.readLine()).as(key).startsWith("SERVER_ERROR");
        }
        for (int key = 0; key < KEYS; key++) {
            assertThat(ask("mg key" + key)).isEqualTo("HD");
        }
    }

    private static Stream<String> keys() {
        return IntStream.range(0, KEYS).mapToObj(key -> "key" + key);
    }

    /** The keys that the new side has: some, and not all. */
    private Set<String> moved() {
        Set<String> moved =
                keys().filter(key -> ask(renewed, "mg " + key).equals("HD")).collect(Collectors.toSet());
        assertThat(moved).hasSizeBetween(1, KEYS - 1);
        return moved;
    }

    private void storeAll() {
        for (int key = 0; key < KEYS; key++) {
            assertThat(ask("set key" + key + " 0 0 1\r\n" + key % 10)).isEqualTo("STORED");
        }
    }
}
