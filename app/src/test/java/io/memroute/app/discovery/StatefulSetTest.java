package io.memroute.app.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.explain.KeySample;
import io.memroute.proxy.explain.Plan;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.DnsMasq;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A StatefulSet of memcached servers that scales from 3 to 5 to 4, and has a pod come back at another address, behind
 * each kind of discovery, with traffic: no answer is wrong, and as many keys move as {@code plan} says. The program in
 * a process of its own, and real memcached processes, each on a loopback address of its own.
 */
class StatefulSetTest {

    private static final int PODS = 5;
    private static final int KEYS = 3_000;

    /** For a change: a name server is asked every second, a file as often. */
    private static final Duration CHANGE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    /** In the order of their names, which is that of their slots. */
    private final List<MemcachedServer> pods = new ArrayList<>();

    /** The loopback address of each. */
    private final List<String> addresses = new ArrayList<>();

    /** Tells discovery how many pods there are. */
    @FunctionalInterface
    private interface Scale {
        void to(int pods) throws IOException;
    }

    /** Something that happens to five pods. */
    @FunctionalInterface
    private interface Event {
        void happens() throws IOException;
    }

    @BeforeEach
    void startPods() {
        for (int i = 0; i < PODS; i++) {
            addresses.add("127.0.0." + (11 + i));
            pods.add(pod(i));
        }
    }

    @AfterEach
    void endPods() {
        pods.forEach(MemcachedServer::close);
    }

    @Test
    void isFollowedByAFile() throws Exception {
        Path file = directory.resolve("servers");
        Scale scale = number -> {
            String servers = addresses.stream()
                    .limit(number)
                    .map(address -> address + ':' + port())
                    .collect(Collectors.joining("\n"));
            Path written = Files.writeString(directory.resolve("servers.new"), servers);
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        };
        scale.to(3);
        try (ChildProcess proxy = start("file+" + file, "", Map.of())) {
            growsAndShrinks(proxy, scale, () -> {});
        }
    }

    @Test
    void isFollowedByTheNamesOfItsService() throws Exception {
        try (DnsMasq names = DnsMasq.start(records(3))) {
            Scale scale = number -> names.restart(records(number));
            String settings = "dns_servers = { \"" + names.address() + "\" },";
            try (ChildProcess proxy = start("dnssrv+_memcache._tcp.mc.caches.test", settings, Map.of())) {
                growsAndShrinks(proxy, scale, () -> aPodComesBackElsewhere(proxy, scale));
            }
        }
    }

    @Test
    void isFollowedByTheEndpointsOfKubernetes() throws Exception {
        Path account = Files.createDirectory(directory.resolve("account"));
        try (KubernetesApi api = new KubernetesApi(account)) {
            Scale scale = number -> api.endpoints(addressesByName(number), port());
            scale.to(3);
            Map<String, String> environment =
                    Map.of("MEMROUTE_KUBERNETES_API", api.address(), "MEMROUTE_KUBERNETES_ACCOUNT", account.toString());
            try (ChildProcess proxy = start("k8s+mc.caches", "", environment)) {
                growsAndShrinks(proxy, scale, () -> {
                    api.newToken();
                    aPodComesBackElsewhere(proxy, scale);
                    int lists = api.asked("list");
                    api.forget();
                    Deadline.await("another list", CHANGE, () -> api.asked("list") > lists);
                });
                assertThat(api.asked("gone")).isPositive();
            }
        }
    }

    private void growsAndShrinks(ChildProcess proxy, Scale scale, Event between) throws Exception {
        try (RawClient client = RawClient.connect(ProgramUnderTest.port(proxy));
                Traffic traffic = new Traffic(ProgramUnderTest.port(proxy))) {
            setAll(client);
            assertThat(ask(client)).isEqualTo(new Asked(0, 0));
            scale.to(5);
            awaitServers(proxy, 5);
            assertThat(ask(client).misses).isPositive().isEqualTo(plannedMoves(3, 5));
            // What lies where it was before would be found there again.
            pods.forEach(StatefulSetTest::flush);
            setAll(client);
            between.happens();
            setAll(client);
            scale.to(4);
            // Its slot is kept, down, so that no key moves before the grace time is over.
            awaitServers(proxy, 4);
            assertThat(ask(client).misses).isPositive().isEqualTo(plannedMoves(5, 4));
            traffic.end();
        }
        assertThat(proxy.isAlive()).isTrue();
    }

    /** Its name stays, so no key moves: those that were lost with it miss, and no others. */
    private void aPodComesBackElsewhere(ChildProcess proxy, Scale scale) throws IOException {
        int had;
        try (RawClient before = pods.get(1).connect()) {
            had = KEYS - ask(before).misses;
        }
        pods.get(1).close();
        addresses.set(1, "127.0.0.21");
        pods.set(1, pod(1));
        scale.to(5);
        try (RawClient client = RawClient.connect(ProgramUnderTest.port(proxy))) {
            Deadline.await("the pod at its new address", CHANGE, () -> ask(client).failures == 0);
            assertThat(ask(client).misses).isPositive().isEqualTo(had);
        }
    }

    // ---- pods, and what discovery says of them ----

    /** All listen on the port that the first one has chosen. */
    private MemcachedServer pod(int number) {
        MemcachedServer.Options options = MemcachedServer.options().host(addresses.get(number));
        return MemcachedServer.start(number == 0 ? options : options.port(port()));
    }

    private int port() {
        return pods.getFirst().port();
    }

    private Map<String, String> addressesByName(int number) {
        Map<String, String> pairs = new TreeMap<>();
        IntStream.range(0, number).forEach(i -> pairs.put("mc-" + i, addresses.get(i)));
        return pairs;
    }

    /** As the name server of a cluster has them for a headless service. */
    private String[] records(int number) {
        return addressesByName(number).entrySet().stream()
                .flatMap(pod -> {
                    String name = pod.getKey() + ".mc.caches.test";
                    return Stream.of(
                            "--srv-host=_memcache._tcp.mc.caches.test," + name + ',' + port(),
                            "--host-record=" + name + ',' + pod.getValue());
                })
                .toArray(String[]::new);
    }

    private static void flush(MemcachedServer server) {
        try (RawClient client = server.connect()) {
            client.send("flush_all\r\n");
            client.expect("OK\r\n");
        }
    }

    // ---- keys ----

    private record Asked(int misses, int failures) {}

    private static void setAll(RawClient client) {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < KEYS; i++) {
            requests.append("set key:").append(i).append(" 0 0 1\r\nx\r\n");
        }
        client.send(requests.toString());
        client.expect("STORED\r\n".repeat(KEYS));
    }

    private static Asked ask(RawClient client) {
        int misses = 0;
        int failures = 0;
        for (int i = 0; i < KEYS; i++) {
            client.send("get key:" + i + "\r\n");
            String line = client.readLine();
            switch (line) {
                case "END" -> misses++;
                case "SERVER_ERROR backend failure" -> failures++;
                default -> {
                    assertThat(line).isEqualTo("VALUE key:" + i + " 0 1");
                    client.expect("x\r\nEND\r\n");
                }
            }
        }
        return new Asked(misses, failures);
    }

    private int plannedMoves(int before, int after) throws ConfigException, IOException {
        return Plan.compare(fixed(before), fixed(after), KeySample.generated(KEYS))
                .gets()
                .getFirst()
                .keysMoved();
    }

    private ProxyConfig fixed(int number) throws ConfigException, IOException {
        String servers = addresses.stream()
                .limit(number)
                .map(address -> '"' + address + ':' + port() + '"')
                .collect(Collectors.joining(", "));
        Path file = Files.writeString(directory.resolve("fixed.lua"), configuration("", servers));
        return ConfigLoader.load(ConfigSource.ofFile(file.toString()), new ConfigHost());
    }

    // ---- the proxy ----

    private String configuration(String settings, String backends) {
        return """
                settings{ %s discovery = { state = "%s", grace = 0.5, debounce = 0.1 }, backend_retry_waittime = 1 }
                pools{ main = { backends = { %s } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(settings, directory.resolve("state"), backends);
    }

    private ChildProcess start(String source, String settings, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(directory.resolve("proxy.lua"), configuration(settings, '"' + source + '"'));
        return ChildProcess.start(
                ProgramUnderTest.command(List.of(
                        "run",
                        file.toString(),
                        "-t",
                        "2",
                        "-p",
                        "-1",
                        "-l",
                        "127.0.0.1",
                        "--admin",
                        admin().toString())),
                environment);
    }

    private Path admin() {
        return directory.resolve("admin.sock");
    }

    /** Waits until so many servers are in force, and no slot of one that has left. */
    private void awaitServers(ChildProcess proxy, int number) {
        Deadline.await(
                number + " servers",
                CHANGE,
                () -> {
                    String metrics = metrics();
                    return metrics.contains("state=\"named\"} " + number + ".0\n")
                            && metrics.contains("state=\"kept\"} 0.0\n");
                },
                proxy::output);
    }

    private String metrics() {
        try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(admin()))) {
            client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
            return new String(client.readToEnd(), UTF_8);
        }
    }
}
