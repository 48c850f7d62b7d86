package io.memroute.app.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import io.memroute.testkit.ScriptedBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The numbers of servers and pools are exact: compared with those of memcached, and with what a client was answered.
 */
class ServerMetricsTest {

    @TempDir
    private Path directory;

    private final MemcachedServer memcached = MemcachedServer.start();
    private final RefusingPort dead = RefusingPort.reserve();
    private MonitoredProxy proxy;
    private AdminPageReader pages;

    @BeforeEach
    void start() throws Exception {
        run("""
                pools{
                  main = { backends = { "127.0.0.1:%1$d live" } },
                  gone = { backends = { "127.0.0.1:%2$d dead" } },
                  both = { backends = { "127.0.0.1:%1$d live", "127.0.0.1:%2$d dead" } },
                }
                routes{
                  map = { gone = route_direct{ child = "gone" } },
                  default = route_direct{ child = "main" },
                }
                """.formatted(memcached.port(), dead.port()));
    }

    private void run(String configuration) throws Exception {
        proxy = MonitoredProxy.start(Files.writeString(directory.resolve("routes.lua"), configuration), 1);
        pages = proxy.pages();
    }

    @AfterEach
    void stop() {
        proxy.close();
        dead.close();
        memcached.close();
    }

    private void ask(String requests) {
        try (RawClient client = RawClient.connect(proxy.server().addresses().getFirst())) {
            client.send(requests + "mn\r\n");
            client.readUntil("MN\r\n");
        }
    }

    private double metric(String name) {
        return pages.metrics().get(name);
    }

    private static String of(String name, String labels) {
        return "memroute_" + name + "{" + labels + "}";
    }

    /** The series of a family that have these labels and are not 0, by kind. */
    private static Map<String, Double> kinds(Map<String, Double> samples, String name, String label) {
        return samples.entrySet().stream()
                .filter(sample -> sample.getKey().startsWith("memroute_" + name + "{")
                        && sample.getKey().contains(label)
                        && sample.getValue() != 0)
                .collect(Collectors.toMap(
                        sample -> sample.getKey().replaceAll(".*kind=\"([a-z_]+)\".*", "$1"), Map.Entry::getValue));
    }

    @Test
    void repliesAreCountedByKind() {
        Deadline.await(
                "the dead server to be marked bad",
                () -> metric(of("backend_connections", "backend=\"dead\",state=\"bad\"")) == 1);
        ask("set a 0 0 1\r\nx\r\nset b 0 0 1\r\ny\r\nget a\r\nget b\r\nget none\r\nadd a 0 0 1\r\nz\r\n"
                + "cas a 0 0 1 9999\r\nz\r\nincr a 1\r\ndelete b\r\ndelete b\r\ntouch a 0\r\n");
        ask("get gone/1\r\nget gone/2\r\nset gone/3 0 0 1\r\nx\r\n");

        Map<String, Double> samples = pages.metrics();
        Map<String, Double> replies = Map.of(
                "stored",
                2.0,
                "hit",
                2.0,
                "miss",
                1.0,
                "not_stored",
                1.0,
                "exists",
                1.0,
                "error",
                1.0,
                "ok",
                2.0,
                "not_found",
                1.0);
        assertThat(kinds(samples, "backend_replies_total", "backend=\"live\"")).isEqualTo(replies);
        assertThat(kinds(samples, "backend_replies_total", "backend=\"dead\"")).isEmpty();
        assertThat(kinds(samples, "pool_replies_total", "pool=\"main\"")).isEqualTo(replies);
        assertThat(samples)
                .containsEntry(of("backend_requests_total", "backend=\"live\""), 11.0)
                .containsEntry(of("backend_requests_total", "backend=\"dead\""), 3.0)
                .containsEntry(of("backend_unanswered_total", "backend=\"live\""), 0.0)
                .containsEntry(of("backend_unanswered_total", "backend=\"dead\""), 3.0)
                .containsEntry(of("pool_requests_total", "pool=\"main\""), 11.0)
                .containsEntry(of("pool_requests_total", "pool=\"gone\""), 3.0)
                .containsEntry(of("pool_requests_total", "pool=\"both\""), 14.0)
                .containsEntry(of("pool_unanswered_total", "pool=\"main\""), 0.0)
                .containsEntry(of("pool_unanswered_total", "pool=\"both\""), 3.0)
                .containsEntry(of("pool_imbalance_ratio", "pool=\"main\""), 1.0)
                // 11 where the mean is 7.
                .containsEntry(of("pool_imbalance_ratio", "pool=\"both\""), 11 / 14.0 * 2);
    }

    @Test
    void bytesAreThoseThatTheServerCounts() {
        try (RawClient direct = memcached.connect()) {
            Map<String, Long> before = new TreeMap<>();
            long answered = stats(direct, before);
            Map<String, Double> earlier = pages.metrics();
            ask("set a 0 0 5\r\nvalue\r\nget a\r\nget none\r\n");
            String sent = of("backend_sent_bytes_total", "backend=\"live\"");
            String received = of("backend_received_bytes_total", "backend=\"live\"");
            Deadline.await("the same bytes on both sides", () -> {
                Map<String, Long> after = new TreeMap<>();
                // Its own question and the answer before are among what a server counts.
                long read = -"stats\r\n".length();
                long written = -answered;
                stats(direct, after);
                read += after.get("bytes_read") - before.get("bytes_read");
                written += after.get("bytes_written") - before.get("bytes_written");
                Map<String, Double> later = pages.metrics();
                return later.get(sent) - earlier.get(sent) == read
                        && later.get(received) - earlier.get(received) == written;
            });
        }
        assertThat(metric(of("backend_received_bytes_total", "backend=\"dead\"")))
                .isZero();
    }

    /** Returns the length of the answer. */
    private static long stats(RawClient client, Map<String, Long> into) {
        client.send("stats\r\n");
        String answer = client.readUntil("END\r\n");
        answer.lines()
                .map(line -> line.split(" "))
                .filter(words -> words.length == 3 && words[2].matches("[0-9]+"))
                .forEach(words -> into.put(words[1], Long.parseLong(words[2])));
        return answer.length();
    }

    @Test
    void theHighestQueueIsRemembered() {
        memcached.freeze();
        try (RawClient client = RawClient.connect(proxy.server().addresses().getFirst())) {
            client.send("get 1\r\nget 2\r\nget 3\r\nget 4\r\nget 5\r\n");
            Deadline.await("the queue", () -> metric(of("backend_queue_depth", "backend=\"live\"")) == 5);
            memcached.thaw();
            client.readUntil("END\r\nEND\r\nEND\r\nEND\r\nEND\r\n");
        }
        assertThat(metric(of("backend_queue_depth", "backend=\"live\""))).isZero();
        assertThat(metric(of("backend_queue_depth_peak", "backend=\"live\""))).isEqualTo(5);
    }

    @Test
    void connectionsThatAreLostAndMadeAgainAreCounted() throws Exception {
        proxy.close();
        double began = System.currentTimeMillis() / 1e3;
        try (ScriptedBackend backend = ScriptedBackend.start()) {
            run("""
                    pools{ main = { backends = { "127.0.0.1:%d live" } } }
                    routes{ default = route_direct{ child = "main" } }
                    """.formatted(backend.port()));
            ScriptedBackend.Connection first = backend.accept();
            Deadline.await("a handshake", () -> metric(of("backend_handshakes_total", "backend=\"live\"")) == 1);
            assertThat(metric(of("backend_last_failure_timestamp_seconds", "backend=\"live\"")))
                    .isZero();
            first.close();
            backend.accept();
            Deadline.await("another", () -> metric(of("backend_handshakes_total", "backend=\"live\"")) == 2);
            Map<String, Double> samples = pages.metrics();
            assertThat(samples)
                    .containsEntry("memroute_backend_reconnects_total", 1.0)
                    .containsEntry(of("backend_failures_total", "backend=\"live\""), 1.0)
                    .containsEntry("memroute_backend_marked_bad_total", 0.0);
            assertThat(samples.get(of("backend_last_failure_timestamp_seconds", "backend=\"live\"")))
                    .isBetween(began - 1, System.currentTimeMillis() / 1e3 + 1);
        }
    }

    @Test
    void theTrafficOfServersBeyondTheCapIsSummedUp() throws Exception {
        proxy.close();
        String first = IntStream.range(0, BackendFamilies.MOST_BACKENDS)
                .mapToObj(i -> "\"127.0.0.1:%d a%d _down_\"".formatted(10_000 + i, i))
                .collect(Collectors.joining(", "));
        run("""
                pools{
                  first = { backends = { %1$s } },
                  last = { backends = { "127.0.0.1:%2$d z1", "127.0.0.1:%2$d z2" } },
                }
                routes{ default = route_direct{ child = "last" } }
                """.formatted(first, memcached.port()));
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            requests.append("set key")
                    .append(i)
                    .append(" 0 0 1\r\nx\r\nget key")
                    .append(i)
                    .append("\r\n");
        }
        ask(requests.toString());
        String other = "backend=\"(other)\"";
        Map<String, Double> samples = pages.metrics();
        assertThat(samples)
                .containsEntry("memroute_backends_omitted", 2.0)
                .containsEntry(of("backend_requests_total", other), 100.0)
                .containsEntry(of("backend_unanswered_total", other), 0.0)
                .containsEntry(of("backend_handshakes_total", other), 2.0)
                .containsEntry(of("backend_request_duration_seconds_count", other), 100.0);
        assertThat(kinds(samples, "backend_replies_total", other)).isEqualTo(Map.of("stored", 50.0, "hit", 50.0));
        assertThat(samples).doesNotContainKey(of("backend_requests_total", "backend=\"z1\""));
    }

    @Test
    void theRequestsToRoutesBeyondTheCapAreSummedUp() throws Exception {
        proxy.close();
        int routes = ClientFamilies.MOST_ROUTES + 2;
        String map = IntStream.range(0, routes)
                .mapToObj("r%1$d = route_direct{ child = \"main\", name = \"r%1$d\" }"::formatted)
                .collect(Collectors.joining(", "));
        run("""
                pools{ main = { backends = { "127.0.0.1:%d" } } }
                routes{ map = { %s } }
                """.formatted(memcached.port(), map));
        ask(IntStream.range(0, routes).mapToObj("get r%d/a\r\n"::formatted).collect(Collectors.joining()));
        Map<String, Double> samples = pages.metrics();
        assertThat(samples.keySet().stream()
                        .filter(name -> name.startsWith("memroute_route_requests_total{") && name.contains("\"miss\""))
                        .count())
                .isEqualTo(ClientFamilies.MOST_ROUTES + 1);
        assertThat(samples)
                .containsEntry(of("route_requests_total", "result=\"miss\",route=\"(other)\""), 2.0)
                .containsEntry(of("route_requests_total", "result=\"hit\",route=\"(other)\""), 0.0)
                .containsEntry(of("route_duration_seconds_count", "route=\"(other)\""), 2.0);
    }
}
