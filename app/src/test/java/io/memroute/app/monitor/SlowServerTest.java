package io.memroute.app.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.admin.AdminListener;
import io.memroute.app.options.AdminAddress;
import io.memroute.app.server.AdminSite;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.DelayedServer;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A load of known size through a proxy with one server that is 20 ms slower than the others: everything that shows
 * numbers shows the same, the right counts and percentiles within 5 %.
 *
 * <p>The client measures each request, and the slow server how long it held each reply back. What is measured on a busy
 * machine may differ between them, so percentiles are compared until one load has met no delay; counts must be exact
 * every time.
 */
class SlowServerTest {

    private static final Duration DELAY = Duration.ofMillis(20);
    private static final int KEYS = 100;
    private static final double TOLERANCE = 0.05;

    @TempDir
    private Path directory;

    private final List<MemcachedServer> memcached = new ArrayList<>();
    private DelayedServer slow;
    private Path file;

    @BeforeEach
    void startServers() throws Exception {
        for (int i = 0; i < 4; i++) {
            memcached.add(MemcachedServer.start());
        }
        slow = DelayedServer.start(memcached.get(3).address(), DELAY);
        file = Files.writeString(directory.resolve("routes.lua"), """
                pools{ main = { backends = {
                  "127.0.0.1:%d fast1", "127.0.0.1:%d fast2", "127.0.0.1:%d fast3", "127.0.0.1:%d slow",
                } } }
                routes{ default = route_direct{ child = "main", name = "all" } }
                """.formatted(
                        memcached.get(0).port(),
                        memcached.get(1).port(),
                        memcached.get(2).port(),
                        slow.port()));
    }

    @AfterEach
    void stopServers() {
        slow.close();
        memcached.forEach(MemcachedServer::close);
    }

    /**
     * The times that a load has taken, in seconds, sorted.
     *
     * @param heldBack those for which the slow server held replies back
     * @param slow requests that the slow server says it has answered
     */
    private record Load(List<Double> gets, List<Double> all, List<Double> heldBack, long slow) {

        private static double percentile(List<Double> sorted, double percentile) {
            return sorted.get((int) Math.ceil(sorted.size() * percentile / 100) - 1);
        }
    }

    private static double time(RawClient client, String request, String reply) {
        long began = System.nanoTime();
        client.send(request);
        client.expect(reply);
        return (System.nanoTime() - began) / 1e9;
    }

    private Load load(ProxyServer server) {
        List<Double> gets = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        slow.forgetDelays();
        long before = requestsOfSlowServer();
        try (RawClient client =
                RawClient.connect((InetSocketAddress) server.addresses().getFirst())) {
            for (int i = 0; i < KEYS; i++) {
                all.add(time(client, "set key" + i + " 0 0 1\r\nx\r\n", "STORED\r\n"));
                gets.add(time(client, "get key" + i + "\r\n", "VALUE key" + i + " 0 1\r\nx\r\nEND\r\n"));
            }
        }
        all.addAll(gets);
        return new Load(
                gets.stream().sorted().toList(),
                all.stream().sorted().toList(),
                slow.delays().stream().map(nanos -> nanos / 1e9).sorted().toList(),
                requestsOfSlowServer() - before);
    }

    private long requestsOfSlowServer() {
        Map<String, String> stats = stats(memcached.get(3).address(), "");
        return Long.parseLong(stats.get("cmd_get")) + Long.parseLong(stats.get("cmd_set"));
    }

    @Test
    void isSeenByEveryReaderWithExactCountsAndPercentilesWithinFivePercent() throws Exception {
        ServerOptions options = ServerOptions.builder()
                .workers(2)
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .configuration(ConfigSource.ofFile(file.toString()))
                .build();
        Deadline.await("a load without delays of the machine", Deadline.OF_WORK, () -> {
            try (ProxyServer server = ProxyServer.start(options);
                    AdminSite site = AdminSite.open(server);
                    AdminListener listener = AdminListener.start(AdminAddress.parse("0"), site::pages)) {
                Load load = load(server);
                AdminPageReader pages = new AdminPageReader(listener.address());
                Map<String, Double> metrics = pages.metrics();
                Map<String, String> stats = stats(server.addresses().getFirst(), "latency");
                countsAreExact(load, metrics, stats);
                return percentilesAreClose(load, metrics, stats) && liveIsClose(load, pages);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static void countsAreExact(Load load, Map<String, Double> metrics, Map<String, String> stats) {
        double slowOnes = load.slow;
        assertThat(load.slow).isBetween(10L, KEYS * 2L - 10);
        assertThat(metrics)
                .containsEntry("memroute_requests_total{command=\"get\",result=\"hit\"}", (double) KEYS)
                .containsEntry("memroute_requests_total{command=\"set\",result=\"stored\"}", (double) KEYS)
                .containsEntry("memroute_request_duration_seconds_count{class=\"get\"}", (double) KEYS)
                .containsEntry("memroute_request_duration_seconds_count{class=\"store\"}", (double) KEYS)
                .containsEntry("memroute_route_duration_seconds_count{route=\"all\"}", 2.0 * KEYS)
                .containsEntry("memroute_pool_request_duration_seconds_count{pool=\"main\"}", 2.0 * KEYS)
                .containsEntry("memroute_backend_request_duration_seconds_count{backend=\"slow\"}", slowOnes)
                .containsEntry("memroute_backend_queue_duration_seconds_count{backend=\"slow\"}", slowOnes)
                .containsEntry("memroute_backend_requests_total{backend=\"slow\"}", slowOnes);
        assertThat(metrics.get("memroute_request_duration_seconds_count{class=\"get\"}")
                        - metrics.get("memroute_request_duration_seconds_bucket{class=\"get\",le=\"0.01\"}"))
                .isGreaterThanOrEqualTo(slowOnes / 2);
        assertThat(stats)
                .containsEntry("class:get:count", Integer.toString(KEYS))
                .containsEntry("class:store:count", Integer.toString(KEYS))
                .containsEntry("route:all:count", Integer.toString(2 * KEYS))
                .containsEntry("pool:main:count", Integer.toString(2 * KEYS))
                .containsEntry("backend:slow:count", Long.toString(load.slow));
    }

    private static boolean percentilesAreClose(Load load, Map<String, Double> metrics, Map<String, String> stats) {
        double gets = Load.percentile(load.gets, 99);
        double held = Load.percentile(load.heldBack, 50);
        return near(gets, metrics.get("memroute_request_recent_duration_seconds{class=\"get\",quantile=\"0.99\"}"))
                && near(gets, Double.parseDouble(stats.get("class:get:p99_us")) / 1e6)
                && near(
                        held,
                        metrics.get("memroute_backend_request_duration_seconds{backend=\"slow\",quantile=\"0.5\"}"))
                && near(held, Double.parseDouble(stats.get("backend:slow:p50_us")) / 1e6)
                && metrics.get("memroute_backend_request_duration_seconds{backend=\"fast1\",quantile=\"0.5\"}")
                        < DELAY.toMillis() / 4e3;
    }

    private static boolean near(double expected, double actual) {
        return Math.abs(actual - expected) <= expected * TOLERANCE;
    }

    /** Live numbers are those since a reading before the load; the next reading has all of it. */
    private static boolean liveIsClose(Load load, AdminPageReader pages) {
        Deadline.await(
                "a reading with the whole load",
                () -> number(pages.get("/api/live?seconds=60").body(), "\"requests\" : \\{.*?\"total\" : ")
                        == 2 * KEYS);
        String live = pages.get("/api/live?seconds=60").body();
        return near(Load.percentile(load.all, 99), number(live, "\"requests\" : \\{.*?\"latency\" : \\{.*?\"p99\" : "))
                && near(
                        Load.percentile(load.heldBack, 50),
                        number(live, "\"label\" : \"slow\".*?\"latency\" : \\{.*?\"p50\" : "));
    }

    private static double number(String json, String before) {
        Matcher matcher = Pattern.compile("(?s)" + before + "([0-9.E-]+)").matcher(json);
        assertThat(matcher.find()).as(() -> before + " in " + json).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    private static Map<String, String> stats(SocketAddress server, String section) {
        Map<String, String> stats = new TreeMap<>();
        try (RawClient client = RawClient.connect(server)) {
            client.send(("stats " + section).strip() + "\r\n");
            for (String line = client.readLine(); !line.equals("END"); line = client.readLine()) {
                String[] words = line.split(" ", 3);
                stats.put(words[1], words[2]);
            }
        }
        return stats;
    }
}
