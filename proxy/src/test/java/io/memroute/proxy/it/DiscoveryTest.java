package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.discovery.SourceReading;
import io.memroute.proxy.explain.KeySample;
import io.memroute.proxy.explain.Plan;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pools whose servers come from a source, in a server that serves. */
class DiscoveryTest {

    private static final int KEYS = 3_000;

    @TempDir
    private Path directory;

    private final List<MemcachedServer> servers = new ArrayList<>();

    @AfterEach
    void endServers() {
        servers.forEach(MemcachedServer::close);
    }

    @Test
    void aStatefulSetThatScalesMovesTheKeysThatPlanSaysAndGivesNoWrongAnswer() throws Exception {
        startServers(5);
        list(3);
        try (ProxyServer proxy = start("grace = 0.5, debounce = 0.1");
                RawClient client = RawClient.connect(port(proxy))) {
            try (Traffic traffic = new Traffic(port(proxy))) {
                setAll(client);
                assertThat(misses(client)).isZero();
                list(5);
                awaitServers(proxy, 5);
                assertThat(misses(client)).isPositive().isEqualTo(plannedMoves(3, 5));
                // What lies where it was before would be found there again.
                servers.forEach(DiscoveryTest::flush);
                setAll(client);
                list(4);
                // Its slot is kept, down, so that no key moves before the grace time is over.
                Deadline.await("four servers in the place of five", () -> slots(proxy) == 4);
                assertThat(misses(client)).isPositive().isEqualTo(plannedMoves(5, 4));
                traffic.end();
                assertThat(traffic.wrong.get()).isZero();
                assertThat(traffic.right.get()).isPositive();
            }
        }
    }

    @Test
    void aChangeOfServersDoesNotPutInForceWhatIsBeingEdited() throws Exception {
        startServers(2);
        list(1);
        try (ProxyServer proxy = start("debounce = 0")) {
            Files.writeString(directory.resolve("proxy.lua"), "pools{ main = { half a");
            list(2);
            awaitServers(proxy, 2);
            assertThat(proxy.reload().join().succeeded()).isFalse();
            list(1);
            Deadline.await(
                    "a change after a failed reload",
                    () -> proxy.sources().getFirst().slots().stream()
                                    .filter(slot -> slot.down())
                                    .count()
                            == 1);
        }
    }

    @Test
    void failuresKeepTheServersAndAreShown() throws Exception {
        startServers(2);
        list(2);
        try (ProxyServer proxy = start("debounce = 0");
                RawClient client = RawClient.connect(port(proxy))) {
            Files.writeString(directory.resolve("servers"), "mc 0:x\n");
            Deadline.await("a failure", () -> proxy.sources().getFirst().error().isPresent());
            SourceReading reading = proxy.sources().getFirst();
            assertThat(reading.error()).hasValue("expected HOST:PORT, got \"mc 0:x\"");
            assertThat(reading.slots()).hasSize(2);
            assertThat(reading.failures()).isPositive();
            assertThat(reading.answeredAge()).isPresent();
            setAll(client);
            assertThat(misses(client)).isZero();
        }
    }

    @Test
    void aStartWithoutTheSourceUsesTheServersThatWereKept() throws Exception {
        startServers(2);
        list(2);
        start("").close();
        Files.delete(directory.resolve("servers"));
        try (ProxyServer proxy = start("");
                RawClient client = RawClient.connect(port(proxy))) {
            assertThat(slots(proxy)).isEqualTo(2);
            assertThat(proxy.sources().getFirst().answeredAge()).isEmpty();
            setAll(client);
            assertThat(misses(client)).isZero();
        }
    }

    @Test
    void aStartWithoutAnyServerSaysWhichSourceItIs() {
        assertThatThrownBy(() -> start(""))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("proxy.lua:2")
                .hasMessageContaining("backend 1 of pool \"main\": file+" + directory.resolve("servers")
                        + ": no such file, and no servers of it are saved from an earlier run");
    }

    @Test
    void aChangeThatMovesTooManyKeysWaitsForTheOperator() throws Exception {
        startServers(4);
        list(2);
        try (ProxyServer proxy = start("debounce = 0, max_moved = 0.4")) {
            list(4);
            Deadline.await(
                    "a refusal", () -> proxy.sources().getFirst().heldBack().isPresent());
            assertThat(proxy.sources().getFirst().heldBack().orElseThrow())
                    .matches("pool \"main\": new: .*; [45]\\d\\.\\d % of its keys move;"
                            + " that is more than max_moved = 0.4.*");
            assertThat(slots(proxy)).isEqualTo(2);
            assertThat(proxy.reload().join().succeeded()).isTrue();
            assertThat(slots(proxy)).isEqualTo(4);
            assertThat(proxy.sources().getFirst().heldBack()).isEmpty();
        }
    }

    @Test
    void anAnswerWithTooFewServersWaitsForTheOperator() throws Exception {
        startServers(5);
        list(5);
        try (ProxyServer proxy = start("debounce = 0, grace = 0")) {
            list(1);
            Deadline.await(
                    "an answer that is held back",
                    () -> proxy.sources().getFirst().heldBack().isPresent());
            assertThat(proxy.sources().getFirst().heldBack()).hasValue("it names only 1 of 5 servers");
            assertThat(slots(proxy)).isEqualTo(5);
            assertThat(proxy.reload().join().succeeded()).isTrue();
            assertThat(slots(proxy)).isEqualTo(1);
        }
    }

    @Test
    void aSourceThatAReloadNoLongerNamesIsNotWatched() throws Exception {
        startServers(1);
        list(1);
        try (ProxyServer proxy = start("")) {
            configuration("", "\"127.0.0.1:" + servers.getFirst().port() + "\"");
            assertThat(proxy.reload().join().succeeded()).isTrue();
            assertThat(proxy.sources()).isEmpty();
        }
    }

    @Test
    void clientsThatLookForTheNodesOfAClusterAreToldThoseOfTheSettings() throws Exception {
        startServers(1);
        list(1);
        try (ProxyServer proxy = start("");
                RawClient client = RawClient.connect(port(proxy))) {
            client.send("config get cluster\r\n");
            client.expect("ERROR\r\n");
            Path file = directory.resolve("proxy.lua");
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replace(
                                    "settings{",
                                    "settings{ cluster = { \"proxy-1:11211\", \"127.0.0.1:11212\", version = 7 },"));
            assertThat(proxy.reload().join().succeeded()).isTrue();
            String payload = "7\nproxy-1||11211 127.0.0.1|127.0.0.1|11212\n";
            String answer = "CONFIG cluster 0 " + payload.length() + "\r\n" + payload + "\r\nEND\r\n";
            client.send("get a\r\nconfig get cluster\r\nget b\r\nconfig get cluster\nconfig get other\r\n");
            client.expect("END\r\n" + answer + "END\r\n" + answer + "ERROR\r\n");
        }
    }

    /** Clients that go on meanwhile: a value tells its key, so that a value of another key is noticed. */
    private static final class Traffic implements AutoCloseable {
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicInteger right = new AtomicInteger();
        private final AtomicInteger wrong = new AtomicInteger();
        private final Thread thread;

        Traffic(int port) {
            thread = Thread.ofPlatform().daemon().start(() -> run(port));
        }

        private void run(int port) {
            try (RawClient client = RawClient.connect(port)) {
                for (int i = 0; !ended.get(); i++) {
                    String key = "traffic" + i % 500;
                    String value = "of-" + key;
                    client.send("set " + key + " 0 0 " + value.length() + "\r\n" + value + "\r\nget " + key + "\r\n");
                    String stored = client.readLine();
                    String first = client.readLine();
                    boolean failed = first.equals("SERVER_ERROR backend failure") || first.equals("END");
                    boolean good = failed
                            || first.equals("VALUE " + key + " 0 " + value.length())
                                    && client.readLine().equals(value)
                                    && client.readLine().equals("END");
                    good &= stored.equals("STORED") || stored.equals("SERVER_ERROR backend failure");
                    (good ? right : wrong).incrementAndGet();
                }
            }
        }

        void end() throws InterruptedException {
            ended.set(true);
            thread.join(Deadline.USUAL);
            assertThat(thread.isAlive()).isFalse();
        }

        @Override
        public void close() {
            ended.set(true);
        }
    }

    // ---- servers ----

    /** In the order of their ports, which is the order of their slots. */
    private void startServers(int number) {
        IntStream.range(0, number).forEach(i -> servers.add(MemcachedServer.start()));
        servers.sort(Comparator.comparingInt(MemcachedServer::port));
    }

    /** Has the source name the first servers. */
    private void list(int number) throws IOException {
        Path file = directory.resolve("servers");
        Path written = Files.writeString(
                directory.resolve("servers.new"),
                servers.subList(0, number).stream()
                        .map(server -> "127.0.0.1:" + server.port())
                        .collect(Collectors.joining("\n")));
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void flush(MemcachedServer server) {
        try (RawClient client = server.connect()) {
            client.send("flush_all\r\n");
            client.expect("OK\r\n");
        }
    }

    private void setAll(RawClient client) {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < KEYS; i++) {
            requests.append("set key:").append(i).append(" 0 0 1\r\nx\r\n");
        }
        client.send(requests.toString());
        client.expect("STORED\r\n".repeat(KEYS));
    }

    private static int misses(RawClient client) {
        int misses = 0;
        for (int i = 0; i < KEYS; i++) {
            client.send("get key:" + i + "\r\n");
            String line = client.readLine();
            if (line.equals("END")) {
                misses++;
            } else {
                assertThat(line).isEqualTo("VALUE key:" + i + " 0 1");
                client.expect("x\r\nEND\r\n");
            }
        }
        return misses;
    }

    private int plannedMoves(int before, int after) throws ConfigException, IOException {
        return Plan.compare(fixed(before), fixed(after), KeySample.generated(KEYS))
                .gets()
                .getFirst()
                .keysMoved();
    }

    private ProxyConfig fixed(int number) throws ConfigException, IOException {
        Path file = Files.writeString(
                directory.resolve("fixed.lua"),
                text(
                        "",
                        servers.subList(0, number).stream()
                                .map(server -> "\"127.0.0.1:" + server.port() + "\"")
                                .collect(Collectors.joining(", "))));
        return ConfigLoader.load(ConfigSource.ofFile(file.toString()), new ConfigHost());
    }

    // ---- the proxy ----

    private ProxyServer start(String discovery) throws ConfigException, IOException {
        configuration(discovery, "\"file+" + directory.resolve("servers") + "\"");
        return ProxyServer.start(ServerOptions.builder()
                .listener(new ListenerSpec("", ListenerSpec.Protocol.PROXY, new InetSocketAddress("127.0.0.1", 0)))
                .workers(2)
                .configuration(
                        ConfigSource.ofFile(directory.resolve("proxy.lua").toString()))
                .build());
    }

    private void configuration(String discovery, String backends) throws IOException {
        Files.writeString(directory.resolve("proxy.lua"), text(discovery, backends));
    }

    private String text(String discovery, String backends) {
        return """
                settings{ discovery = { state = "%s", %s } }
                pools{ main = { backends = { %s } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(directory.resolve("state"), discovery, backends);
    }

    private static int port(ProxyServer proxy) {
        return ((InetSocketAddress) proxy.addresses().getFirst()).getPort();
    }

    private static int slots(ProxyServer proxy) {
        return proxy.sources().getFirst().slots().size();
    }

    private static void awaitServers(ProxyServer proxy, int number) {
        Deadline.await("another number of servers", Duration.ofSeconds(20), () -> slots(proxy) == number);
    }
}
