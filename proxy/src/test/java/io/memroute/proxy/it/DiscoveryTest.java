package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.discovery.Slot;
import io.memroute.proxy.discovery.SourceReading;
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
    void aChangeOfServersDoesNotPutInForceWhatIsBeingEdited() throws Exception {
        startServers(2);
        list(1);
        try (ProxyServer proxy = start("debounce = 0")) {
            Files.writeString(directory.resolve("proxy.lua"), "pools{ main = { half a");
            list(2);
            awaitServers(proxy, 2);
            assertThat(proxy.reload().join().succeeded()).isFalse();
            list(1);
            Deadline.await("a change after a failed reload", () -> down(proxy) == 1);
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
    void aRestartWithinTheGraceTimeKeepsTheSlotOfAServerThatHasLeft() throws Exception {
        startServers(3);
        list(3);
        String rules = "grace = 3600, debounce = 0";
        try (ProxyServer proxy = start(rules);
                RawClient client = RawClient.connect(port(proxy))) {
            setAll(client);
            list(2);
            Deadline.await("a slot that is down", () -> down(proxy) == 1);
        }
        servers.get(2).kill();
        for (int i = 0; i < 2; i++) {
            try (ProxyServer proxy = start(rules)) {
                assertThat(slots(proxy)).isEqualTo(3);
                assertThat(down(proxy)).isEqualTo(1);
                assertThat(proxy.sources().getFirst().answeredAge()).isPresent();
            }
        }
        list(3);
        servers.get(2).restart();
        try (ProxyServer proxy = start(rules);
                RawClient client = RawClient.connect(port(proxy))) {
            assertThat(down(proxy)).isZero();
            int lost = misses(client);
            assertThat(lost).as("those of the server that is new").isPositive().isLessThan(KEYS / 2);
        }
    }

    @Test
    void aRestartIsNoConfirmationOfAnAnswerWithTooFewServers() throws Exception {
        startServers(5);
        list(5);
        start("").close();
        list(1);
        try (ProxyServer proxy = start("")) {
            assertThat(slots(proxy)).isEqualTo(5);
            assertThat(down(proxy)).isZero();
            assertThat(proxy.sources().getFirst().heldBack()).hasValue("it names only 1 of 5 servers");
            assertThat(proxy.reload().join().succeeded()).isTrue();
            assertThat(down(proxy)).isEqualTo(4);
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

    private static long down(ProxyServer proxy) {
        return proxy.sources().getFirst().slots().stream().filter(Slot::down).count();
    }

    private static void awaitServers(ProxyServer proxy, int number) {
        Deadline.await("another number of servers", Duration.ofSeconds(20), () -> slots(proxy) == number);
    }
}
