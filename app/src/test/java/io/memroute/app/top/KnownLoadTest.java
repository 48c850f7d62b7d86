package io.memroute.app.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.memroute.app.live.Live;
import io.memroute.app.remote.ProxyWithAdmin;
import io.memroute.app.terminal.Figures;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.DelayingRelay;
import io.memroute.testkit.MemcachedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A load of known size, with one server slowed by 20 ms: the same numbers everywhere, and the slow server on top. */
class KnownLoadTest {

    private static final int GETS = 600;
    private static final double SLOW_SECONDS = 0.020;

    /** Less than what live numbers and quantiles are about. */
    private static final Duration WINDOW = Duration.ofSeconds(50);

    @TempDir
    private Path directory;

    private static Live live(ProxyWithAdmin proxy) {
        try {
            return proxy.remote().read("/api/live?seconds=60", Live.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double metric(ProxyWithAdmin proxy, String name) throws IOException {
        return proxy.remote()
                .text("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    private static double slowQuantile(ProxyWithAdmin proxy, String quantile) throws IOException {
        return metric(
                proxy, "memroute_backend_request_duration_seconds{backend=\"slow\",quantile=\"" + quantile + "\"}");
    }

    @Test
    void countsExactlyAndShowsTheSlowServerFirst() throws Exception {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                DelayingRelay slow = DelayingRelay.start(two.port(), Duration.ofMillis(20));
                ProxyWithAdmin proxy =
                        ProxyWithAdmin.start(directory.resolve("routes.lua"), """
                        pools{ main = { backends = { "127.0.0.1:%d fast", "127.0.0.1:%d slow" } } }
                        routes{ default = route_direct{ child = "main" } }
                        """.formatted(one.port(), slow.port()))) {
            long began = System.nanoTime();
            proxy.get(GETS / 2, "key%d");
            proxy.get(GETS / 2, "key%d");
            Deadline.await(
                    "the requests in a reading", () -> live(proxy).requests().total() == GETS);
            Live live = live(proxy);
            boolean recent = System.nanoTime() - began < WINDOW.toNanos();

            assertThat(metric(proxy, "memroute_requests_total{command=\"get\",result=\"miss\"}"))
                    .isEqualTo(GETS);
            assertThat(metric(proxy, "memroute_backend_requests_total{backend=\"fast\"}")
                            + metric(proxy, "memroute_backend_requests_total{backend=\"slow\"}"))
                    .isEqualTo(GETS);
            double measured = slowQuantile(proxy, "0.5");
            // However busy the machine is: not earlier than the relay lets replies through.
            assertThat(measured).isGreaterThan(0.95 * SLOW_SECONDS);
            Live.Backend slowest = live.backends().stream()
                    .filter(backend -> backend.label().equals("slow"))
                    .findFirst()
                    .orElseThrow();
            Live.Latency latency = slowest.latency();
            assertThat(latency).isNotNull();
            assertThat(latency.p50()).isGreaterThan(0.95 * SLOW_SECONDS);
            if (recent) {
                // Both are of the whole load, so nothing that the machine does can make a difference.
                assertThat(latency.p50()).isCloseTo(measured, withinPercentage(5));
                assertThat(latency.p99()).isCloseTo(slowQuantile(proxy, "0.99"), withinPercentage(5));
            }

            List<String> lines = TopPage.whole("9151", live, Order.LATENCY);
            assertThat(lines.get(1)).contains("   " + GETS + " in all   ");
            List<String> servers = lines.stream()
                    .filter(line -> line.startsWith("slow ") || line.startsWith("fast "))
                    .toList();
            assertThat(servers).hasSize(2);
            assertThat(servers.getFirst())
                    .startsWith("slow ")
                    .contains("  " + Figures.time(latency.p50()) + "  ", "  " + Figures.time(latency.p99()) + "  ");
        }
    }
}
