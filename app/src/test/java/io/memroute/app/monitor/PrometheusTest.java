package io.memroute.app.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.admin.AdminListener;
import io.memroute.app.options.AdminAddress;
import io.memroute.app.server.AdminSite;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.metrics.LoopWatch;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The metrics, the rules and the dashboard with a real Prometheus. */
class PrometheusTest {

    private static final Path OPS =
            Path.of("").toAbsolutePath().getParent().resolve("ops").normalize();
    private static final Path RULES = OPS.resolve("prometheus");
    private static final Pattern LISTENING = Pattern.compile("msg=\"Listening on\" address=(?<address>[0-9.:]+)");
    private static final Pattern RECORD = Pattern.compile("- record: (?<name>\\S+)");

    @TempDir
    private Path directory;

    private static Path program(String name) {
        return ChildProcess.require(name, "prometheus");
    }

    /** Runs promtool and expects that it finds nothing to say. */
    private void promtool(Path input, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(program("promtool").toString()));
        command.addAll(List.of(words));
        Path output = directory.resolve("promtool.out");
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectErrorStream(true)
                .start();
        int status = process.waitFor();
        assertThat(status).as(() -> command + ": " + read(output)).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void promtoolFindsTheRulesGood() throws Exception {
        Path nothing = Path.of("/dev/null");
        promtool(
                nothing,
                "check",
                "rules",
                RULES.resolve("memroute-rules.yml").toString(),
                RULES.resolve("memroute-alerts.yml").toString());
        promtool(nothing, "test", "rules", RULES.resolve("memroute-tests.yml").toString());
    }

    @Test
    void prometheusScrapesWhatTheRulesAndTheDashboardAskFor() throws Exception {
        try (MemcachedServer memcached = MemcachedServer.start();
                RefusingPort dead = RefusingPort.reserve();
                ProxyServer server = ProxyServer.start(options(memcached.port(), dead.port()));
                AdminSite site = AdminSite.open(server);
                AdminListener listener = AdminListener.start(AdminAddress.parse("0"), site::pages)) {
            listener.every(LoopWatch.INTERVAL, server.loopWatch()::probe);
            Path exposition = Files.writeString(
                    directory.resolve("metrics.txt"),
                    new AdminPageReader(listener.address()).get("/metrics").body());
            promtool(exposition, "check", "metrics");

            try (ChildProcess prometheus = startPrometheus(((InetSocketAddress) listener.address()).getPort());
                    RawClient client = RawClient.connect(
                            (InetSocketAddress) server.addresses().getFirst())) {
                Prometheus asked = new Prometheus(prometheus);
                List<String> queries = new ArrayList<>(dashboardQueries());
                assertThat(queries).hasSizeGreaterThan(30);
                List<String> records = recordedNames();
                assertThat(records).hasSizeGreaterThan(5);
                queries.addAll(records);
                // A server that is marked bad is an alert in waiting from the first evaluation on.
                queries.add("ALERTS{alertname=\"MemrouteBackendBad\", backend=\"dead\"}");
                for (String query : queries) {
                    Deadline.await("data for " + query, () -> {
                        client.send("get x/1 x/2 x/3 x/4 x/5 x/6 x/7 x/8\r\nmn\r\n");
                        client.readUntil("MN\r\n");
                        return asked.returnsData(query);
                    });
                }
                String rules = asked.get("/api/v1/rules");
                assertThat(rules)
                        .contains("\"health\":\"ok\"")
                        .doesNotContain("\"health\":\"err\"", "\"health\":\"unknown\"");
            }
        }
    }

    private ServerOptions options(int live, int dead) throws IOException {
        Path file = Files.writeString(directory.resolve("routes.lua"), """
                settings{ backend_retry_waittime = 1 }
                pools{ main = { backends = { "127.0.0.1:%d live", "127.0.0.1:%d dead" } } }
                routes{ map = { x = route_direct{ child = "main", name = "x" } }, default = route_null{} }
                """.formatted(live, dead));
        return ServerOptions.builder()
                .workers(2)
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .configuration(ConfigSource.ofFile(file.toString()))
                .build();
    }

    private ChildProcess startPrometheus(int target) throws IOException {
        Path config = Files.writeString(directory.resolve("prometheus.yml"), """
                global:
                  scrape_interval: 1s
                  evaluation_interval: 1s
                rule_files: [ '%s/memroute-rules.yml', '%s/memroute-alerts.yml' ]
                scrape_configs:
                  - job_name: memroute
                    static_configs: [ { targets: [ '127.0.0.1:%d' ] } ]
                """.formatted(RULES, RULES, target));
        return ChildProcess.start(
                List.of(
                        program("prometheus").toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:0"),
                Map.of());
    }

    private static List<String> recordedNames() throws IOException {
        return RECORD.matcher(Files.readString(RULES.resolve("memroute-rules.yml")))
                .results()
                .map(match -> match.group("name"))
                .toList();
    }

    /** With the variables as Grafana fills them in when everything is chosen. */
    private static List<String> dashboardQueries() throws IOException {
        List<String> queries = new ArrayList<>();
        try (JsonParser json = new JsonFactory()
                .createParser(ObjectReadContext.empty(), Files.readString(OPS.resolve("grafana/memroute.json")))) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && json.currentName().equals("expr")) {
                    json.nextToken();
                    queries.add(json.getString()
                            .replace("$__rate_interval", "15s")
                            .replace("$job", ".*")
                            .replace("$instance", ".*"));
                }
            }
        }
        return queries;
    }

    private static final class Prometheus {
        private final HttpClient http = HttpClient.newHttpClient();
        private final String address;

        private Prometheus(ChildProcess process) {
            AtomicReference<String> found = new AtomicReference<>();
            Deadline.await("Prometheus to listen", () -> {
                Matcher matcher = LISTENING.matcher(process.output());
                if (matcher.find()) {
                    found.set(matcher.group("address"));
                }
                return found.get() != null;
            });
            address = found.get();
        }

        private String get(String path) {
            try {
                return http.send(
                                HttpRequest.newBuilder(URI.create("http://" + address + path))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private boolean returnsData(String query) {
            String answer = get("/api/v1/query?query=" + URLEncoder.encode(query, UTF_8));
            assertThat(answer).as(query).doesNotContain("\"status\":\"error\",\"errorType\":\"bad_data\"");
            return answer.contains("\"value\":[");
        }
    }
}
