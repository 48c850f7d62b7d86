package io.memroute.app.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.admin.AdminRequest;
import io.memroute.app.admin.AdminResponse;
import io.memroute.app.monitor.AdminPageReader.Answer;
import io.memroute.proxy.metrics.LoopWatch;
import io.memroute.proxy.metrics.LoopWatch.LoopNumbers;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.proxy.stats.CommandClass;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Health, state and metrics of a proxy with a server that lives and one that is dead. */
class MonitorPagesTest {

    @TempDir
    private Path directory;

    private MemcachedServer memcached;
    private RefusingPort dead;
    private Path file;
    private MonitoredProxy proxy;
    private AdminPageReader pages;

    @BeforeEach
    void start() throws Exception {
        memcached = MemcachedServer.start();
        dead = RefusingPort.reserve();
        file = Files.writeString(directory.resolve("routes.lua"), configuration());
        proxy = MonitoredProxy.start(file, 2);
        pages = proxy.pages();
    }

    @AfterEach
    void stop() {
        proxy.close();
        dead.close();
        memcached.close();
    }

    private String configuration() {
        return """
                pools{
                  main = { backends = { "127.0.0.1:%d live", "127.0.0.1:%d dead" } },
                }
                routes{
                  map = { x = route_direct{ child = "main", name = "x" } },
                  default = route_null{},
                }
                """.formatted(memcached.port(), dead.port());
    }

    private RawClient client() {
        return RawClient.connect((InetSocketAddress) proxy.server().addresses().getFirst());
    }

    private void awaitDeadIsBad() {
        Deadline.await(
                "the dead server to be marked bad",
                () -> pages.metrics().get("memroute_backend_connections{backend=\"dead\",state=\"bad\"}") == 2);
    }

    @Test
    void livesWhileItsWorkersAnswer() {
        proxy.server().loopWatch().probe();
        assertThat(pages.get("/livez").body()).isEqualTo("ok\n");
        assertThat(pages.get("/-/healthy").status()).isEqualTo(200);
        assertThat(pages.get("/livez?verbose").body()).isEqualTo("[+]worker 0 ok\n[+]worker 1 ok\nok\n");
    }

    @Test
    void livesNoMoreWhenAWorkerHasNotAnsweredForLong() {
        long[] none = new long[LoopWatch.bounds().length + 1];
        AdminRequest request = new AdminRequest("/livez", Map.of(), "");
        AdminResponse answer = HealthPages.live(
                request,
                List.of(
                        new LoopNumbers(0, none, 0, HealthPages.WORKER_LIMIT),
                        new LoopNumbers(1, none, 0, Duration.ofMillis(5120))));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(new String(answer.body()))
                .isEqualTo("[+]worker 0 ok\n[-]worker 1 failed: has not answered for 5.1 s\nfailed\n");
    }

    @Test
    void isReadyWhateverItsServersDo() {
        awaitDeadIsBad();
        assertThat(pages.get("/readyz").body()).isEqualTo("ok\n");
        assertThat(pages.get("/-/ready?verbose").body())
                .isEqualTo("[+]listening ok\n[+]configuration ok\n[+]staying ok\nok\n");
    }

    @Test
    void isReadyForAPoolWithEnoughServers() {
        awaitDeadIsBad();
        assertThat(pages.get("/readyz?pool=main").status()).isEqualTo(200);
        Answer tooFew = pages.get("/readyz?pool=main&min=2");
        assertThat(tooFew.status()).isEqualTo(503);
        assertThat(tooFew.body()).contains("[-]pool main failed: 1 of 2 servers are up, 2 are needed\n");
        assertThat(pages.get("/readyz?pool=nothing"))
                .extracting(Answer::status, Answer::body)
                .containsExactly(400, "there is no pool named \"nothing\"\n");
        assertThat(pages.get("/readyz?pool=main&min=-1").status()).isEqualTo(400);
        assertThat(pages.get("/readyz?min=3"))
                .extracting(Answer::status, Answer::body)
                .containsExactly(400, "min: expected the name of the pool, too: ?pool=NAME&min=NUMBER\n");
    }

    @Test
    void isNotReadyWhileItEnds() {
        try (RawClient client = client()) {
            // Half a request, for which the end waits.
            client.send("get x");
            Deadline.await("the bytes", () -> pages.metrics().get("memroute_client_received_bytes_total") == 5);
            CompletableFuture<Void> end = CompletableFuture.runAsync(proxy.server()::shutDown);
            Deadline.await("the end", () -> pages.get("/readyz").status() == 503);
            assertThat(pages.get("/readyz").body()).contains("[-]staying failed: the proxy is ending\n");
            assertThat(pages.get("/livez").status()).isEqualTo(200);
            client.send("/1\r\n");
            end.join();
        }
    }

    @Test
    void countsExactly() {
        awaitDeadIsBad();
        Map<String, Double> before = pages.metrics();
        try (RawClient client = client()) {
            String requests = "get y\r\nset y 0 0 1\r\na\r\nwhat\r\nmg x/k v\r\ndelete x/k\r\nget x/1 x/2\r\nmn\r\n";
            client.send(requests);
            client.readUntil("MN\r\n");
            Map<String, Double> after = pages.metrics();
            assertThat(requests(after, "get")).isEqualTo(3);
            assertThat(requests(after, "set")).isEqualTo(1);
            assertThat(requests(after, "mg")).isEqualTo(1);
            assertThat(requests(after, "delete")).isEqualTo(1);
            assertThat(after.get("memroute_requests_total{command=\"touch\",result=\"ok\"}"))
                    .isZero();
            assertThat(after.get("memroute_listener_requests_total{listener=\"\"}"))
                    .isEqualTo(8);
            assertThat(after.get("memroute_listener_received_bytes_total{listener=\"\"}"))
                    .isEqualTo(requests.length());
            assertThat(after.get("memroute_client_protocol_errors_total")).isEqualTo(1);
            assertThat(after.get("memroute_client_connections")).isEqualTo(1);
            assertThat(after.get("memroute_client_received_bytes_total")).isEqualTo(requests.length());
            assertThat(after.get("memroute_named_value{name=\"x_requests\"}")).isEqualTo(4);
            assertThat(total(after, "memroute_backend_requests_total")
                            - total(before, "memroute_backend_requests_total"))
                    .isEqualTo(4);
            assertThat(after.get("memroute_backends{state=\"up\"}")).isEqualTo(1);
            assertThat(after.get("memroute_backends{state=\"bad\"}")).isEqualTo(1);
            assertThat(after.get("memroute_backend_up{backend=\"live\"}")).isEqualTo(1);
            assertThat(after.get("memroute_backend_up{backend=\"dead\"}")).isZero();
            assertThat(after.get("memroute_backend_failures_total{backend=\"live\"}"))
                    .isZero();
            assertThat(after.get("memroute_backend_failures_total{backend=\"dead\"}"))
                    .isEqualTo(after.get("memroute_backend_failures_by_reason_total{reason=\"connecting\"}"));
            assertThat(after.get("memroute_pool_backends{pool=\"main\"}")).isEqualTo(2);
            assertThat(after.get("memroute_pool_backends_up{pool=\"main\"}")).isEqualTo(1);
        }
    }

    /** Requests of one command, with any outcome. */
    private static double requests(Map<String, Double> samples, String command) {
        return samples.entrySet().stream()
                .filter(sample -> sample.getKey().startsWith("memroute_requests_total{command=\"" + command + "\""))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static double total(Map<String, Double> samples, String name) {
        return samples.entrySet().stream()
                .filter(sample -> sample.getKey().startsWith(name + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    @Test
    void countsGoOnWhenAReloadReplacesAServer() throws Exception {
        try (RawClient client = client()) {
            client.send("get x/1 x/2 x/3 x/4 x/5 x/6 x/7 x/8\r\n");
            client.readUntil("END\r\n");
            double before = total(pages.metrics(), "memroute_backend_requests_total");
            assertThat(before).isEqualTo(8);
            Files.writeString(file, "settings{ backend_options = { connections = 2 } }\n" + configuration());
            assertThat(proxy.server().reload().get().succeeded()).isTrue();
            client.send("get x/1\r\n");
            client.readUntil("\r\n");
            assertThat(total(pages.metrics(), "memroute_backend_requests_total"))
                    .isEqualTo(before + 1);
        }
    }

    @Test
    void tellsHowReloadsWent() throws Exception {
        Map<String, Double> before = pages.metrics();
        assertThat(before.get("memroute_config_reloads_total{result=\"success\"}"))
                .isEqualTo(1);
        assertThat(before.get("memroute_config_last_reload_successful")).isEqualTo(1);
        double now = System.currentTimeMillis() / 1e3;
        assertThat(before.get("memroute_config_last_reload_success_timestamp_seconds"))
                .isBetween(now - 60, now + 1);

        Files.writeString(file, configuration().replace("child = \"main\"", "child = \"mian\""));
        proxy.server().reload().join();
        Map<String, Double> after = pages.metrics();
        assertThat(after.get("memroute_config_reloads_total{result=\"failure\"}"))
                .isEqualTo(1);
        assertThat(after.get("memroute_config_last_reload_successful")).isZero();
        assertThat(after.get("memroute_config_last_reload_success_timestamp_seconds"))
                .isEqualTo(before.get("memroute_config_last_reload_success_timestamp_seconds"));
        assertThat(pages.get("/api/reloads").body())
                .contains("\"loads\" : 2", "\"failed\" : 1", "no pool named \\\"mian\\\" (did you mean \\\"main\\\"?)");
        assertThat(pages.get("/api/configuration").body())
                .contains("\"source\" : \"" + file + "\"", "\"digest\" : \"", "\"last_errors\" : \"");
        assertThat(pages.get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void showsTheStateAsJson() {
        awaitDeadIsBad();
        Answer backends = pages.get("/api/backends");
        assertThat(backends.head()).containsIgnoringCase("content-type: application/json\r\n");
        assertThat(backends.body())
                .contains("\"label\" : \"dead\"", "\"state\" : \"bad\"", "\"connecting\" : 0", "\"bad\" : 2");
        assertThat(pages.get("/api/pools").body()).contains("\"name\" : \"main\"", "\"up\" : 1");
        assertThat(pages.get("/api/events").body())
                .contains("\"backend\" : \"dead\"", "\"event\" : \"markedbad\"", "\"event\" : \"connecting\"");
    }

    @Test
    void speaksOpenMetricsToThoseWhoAcceptIt() {
        Answer text = pages.get("/metrics", "Accept: text/html,*/*");
        assertThat(text.head()).containsIgnoringCase("content-type: text/plain; version=0.0.4; charset=utf-8");
        assertThat(text.body())
                .contains("# TYPE memroute_requests_total counter\n")
                .doesNotContain("# EOF");

        Answer openMetrics = pages.get(
                "/metrics",
                "Accept: application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1");
        assertThat(openMetrics.head())
                .containsIgnoringCase("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(openMetrics.body())
                .contains("# TYPE memroute_requests counter\n", "# UNIT memroute_worker_lag_seconds seconds\n")
                .endsWith("# EOF\n");
    }

    @Test
    void sendsTheFormatThatIsPreferred() {
        String openMetrics = "application/openmetrics-text";
        Map<String, String> formats = Map.of(
                "application/openmetrics-text;q=0, text/plain", "text/plain",
                "application/openmetrics-text;version=1.0.0;q=0.0", "text/plain",
                "application/openmetrics-text;q=0.3, text/plain;q=0.5", "text/plain",
                "application/openmetrics-text;q=0.5,text/plain;q=0.3", openMetrics,
                "Application/OpenMetrics-Text ; Q=0.1", openMetrics,
                "text/*;q=0.9", "text/plain");
        formats.forEach((accept, format) -> assertThat(pages.get("/metrics?name[]=memroute_ready", "Accept: " + accept)
                        .head())
                .as(accept)
                .containsIgnoringCase("content-type: " + format + ";"));
    }

    @Test
    void quantilesAreOfRequestsSinceTheEarlierReading() {
        try (RawClient client = client()) {
            client.send("get y\r\n");
            client.expect("END\r\n");
            awaitGets(1);
            // However seldom it is scraped: the first scrape does not tell of what was before, either.
            ProxyNumbers earlier = proxy.server().numbers();
            assertThat(recentGets(new ProxyCollector(proxy.server(), () -> earlier)))
                    .isNotEmpty()
                    .allMatch(quantile -> Double.isNaN(quantile.getValue()));
            client.send("get y\r\n");
            client.expect("END\r\n");
            awaitGets(2);
            assertThat(recentGets(new ProxyCollector(proxy.server(), () -> earlier)))
                    .allMatch(quantile -> quantile.getValue() > 0);
        }
    }

    private void awaitGets(int count) {
        Deadline.await(
                "the time of the get",
                () -> proxy.server().numbers().latency().get(CommandClass.GET).count() == count);
    }

    private static List<Quantile> recentGets(ProxyCollector collector) {
        return collector.collect().stream()
                .filter(family ->
                        family.getMetadata().getPrometheusName().equals("memroute_request_recent_duration_seconds"))
                .map(SummarySnapshot.class::cast)
                .flatMap(family -> family.getDataPoints().stream())
                .filter(point -> "get".equals(point.getLabels().get("class")))
                .flatMap(point -> StreamSupport.stream(point.getQuantiles().spliterator(), false))
                .toList();
    }

    @Test
    void showsSomeMetricsOnly() {
        Answer some = pages.get("/metrics?name[]=memroute_ready&name%5B%5D=memroute_requests_total&name[]=nothing");
        assertThat(some.body().lines().filter(line -> line.startsWith("# TYPE")))
                .containsExactly("# TYPE memroute_ready gauge", "# TYPE memroute_requests_total counter");
        assertThat(pages.get("/metrics?name[]=nothing").body()).isEmpty();
    }

    @Test
    void hasTheUsualMetricsOfTheProcess() {
        assertThat(pages.metrics())
                .containsKeys(
                        "process_cpu_seconds_total",
                        "process_start_time_seconds",
                        "process_open_fds",
                        "process_max_fds",
                        "process_resident_memory_bytes",
                        "jvm_threads_current",
                        "jvm_memory_used_bytes{area=\"heap\"}",
                        "jvm_buffer_pool_used_bytes{pool=\"direct\"}");
    }

    @Test
    void gathersServersBeyondTheCap() throws Exception {
        int servers = BackendFamilies.MOST_BACKENDS + 100;
        String list = IntStream.range(0, servers)
                .mapToObj(i -> "\"127.0.0.1:%d s%d _down_\"".formatted(10_000 + i, i))
                .collect(Collectors.joining(", "));
        Files.writeString(
                file,
                "pools{ main = { backends = { " + list + " } } } routes{ default = route_direct{ child = \"main\" } }");
        assertThat(proxy.server().reload().get().succeeded()).isTrue();
        Deadline.await(
                "the servers before to go", () -> pages.metrics().get("memroute_backends{state=\"down\"}") == servers);
        Map<String, Double> samples = pages.metrics();
        assertThat(samples.get("memroute_backends_omitted")).isEqualTo(100);
        assertThat(samples.keySet().stream().filter(name -> name.startsWith("memroute_backend_queue_depth{")))
                .hasSize(BackendFamilies.MOST_BACKENDS + 1)
                .contains("memroute_backend_queue_depth{backend=\"(other)\"}");
    }

    @Test
    void isScrapedDuringReloadsAndAFlood() {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> reloads = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                proxy.server().reload().join();
            }
        });
        CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> {
            try (RawClient client = client()) {
                while (!over.get()) {
                    client.send("get y\r\n".repeat(1000) + "mn\r\n");
                    client.readUntil("MN\r\n");
                }
            }
        });
        try {
            double last = 0;
            for (int i = 0; i < 50; i++) {
                double requests = requests(pages.metrics(), "get");
                assertThat(requests).isGreaterThanOrEqualTo(last);
                last = requests;
                assertThat(pages.get("/readyz").status()).isEqualTo(200);
                assertThat(pages.get("/api/backends").status()).isEqualTo(200);
            }
            assertThat(last).isPositive();
        } finally {
            over.set(true);
            CompletableFuture.allOf(reloads, flood).join();
        }
    }
}
