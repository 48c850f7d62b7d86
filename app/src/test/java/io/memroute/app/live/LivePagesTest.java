package io.memroute.app.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.admin.AdminListener;
import io.memroute.app.options.AdminAddress;
import io.memroute.app.server.AdminSite;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.access.QuotaKind;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.metrics.IdentityNumbers;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The numbers of the last seconds of a proxy with a server that lives and one that is dead, by HTTP. */
@Timeout(60)
class LivePagesTest {

    @TempDir
    private Path directory;

    private MemcachedServer memcached;
    private RefusingPort dead;
    private Path file;
    private ProxyServer server;
    private AdminSite site;
    private AdminListener listener;
    private HttpClient http;

    @BeforeEach
    void start() throws Exception {
        memcached = MemcachedServer.start();
        dead = RefusingPort.reserve();
        file = Files.writeString(directory.resolve("routes.lua"), """
                pools{
                  main = { backends = { "127.0.0.1:%d live" } },
                  other = { backends = { "127.0.0.1:%d dead" } },
                }
                routes{
                  map = { x = route_direct{ child = "main", name = "x" } },
                  default = route_direct{ child = "main" },
                }
                """.formatted(memcached.port(), dead.port()));
        server = ProxyServer.start(ServerOptions.builder()
                .workers(2)
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .configuration(ConfigSource.ofFile(file.toString()))
                .build());
        site = AdminSite.open(server);
        listener = AdminListener.start(AdminAddress.parse("0"), site::pages);
        http = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        listener.close();
        site.close();
        server.close();
        dead.close();
        memcached.close();
    }

    private HttpRequest request(String uri) {
        int port = ((InetSocketAddress) listener.address()).getPort();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + uri))
                .build();
    }

    private String get(String uri) {
        try {
            return http.send(request(uri), BodyHandlers.ofString(UTF_8)).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void requests(int count) {
        try (RawClient client =
                RawClient.connect((InetSocketAddress) server.addresses().getFirst())) {
            for (int i = 0; i < count; i++) {
                client.send("set x/a 0 0 1\r\n1\r\n");
                client.expect("STORED\r\n");
            }
        }
    }

    @Test
    void countsWhatTheLastSecondsBrought() {
        requests(10);
        // The interval goes back to before them.
        Deadline.await(
                "the requests and their rate",
                () -> get("/api/live?seconds=60")
                        .matches("(?s).*\"requests\" : \\{\\s*\"rate\" : [0-9.]*[1-9][0-9.]*,\\s*\"total\" : 10,.*"));
    }

    @Test
    void namesEveryPoolServerAndRoute() {
        assertThat(get("/api/live"))
                .contains("\"name\" : \"main\"", "\"name\" : \"other\"", "\"label\" : \"live\"", "\"label\" : \"dead\"")
                .contains("\"ready\" : true");
    }

    @Test
    void showsTheIdentitiesThatAskedMostInTheInterval() {
        List<IdentityNumbers> earlier = List.of(identity("user:a", 1000, 4, 1));
        List<IdentityNumbers> later =
                new ArrayList<>(List.of(identity("user:a", 1400, 10, 3), identity("user:b", 900, 0, 0)));
        for (int i = 0; i < 100; i++) {
            later.add(identity("user:" + i, 0, 0, 0));
        }
        Instant time = Instant.EPOCH;
        Interval interval = new Interval(
                new Reading<>(0, time, numbers(earlier)),
                new Reading<>(2_000_000_000L, time.plusSeconds(2), numbers(later)));
        assertThat(interval.live(List.of()).clients().identities())
                .as("what a screen can show")
                .hasSize(100)
                .startsWith(
                        new Live.Identity("user:b", 450, 0, 0, 0, 0), new Live.Identity("user:a", 200, 3, 1, 10, 3));
    }

    private static IdentityNumbers identity(String name, long requests, long denied, long exceeded) {
        return new IdentityNumbers(name, requests, denied, Map.of(QuotaKind.REQUESTS, exceeded));
    }

    private ProxyNumbers numbers(List<IdentityNumbers> identities) {
        ProxyNumbers numbers = server.numbers();
        return new ProxyNumbers(
                numbers.readiness(),
                numbers.counters(),
                numbers.commands(),
                numbers.results(),
                numbers.latency(),
                numbers.named(),
                numbers.clients(),
                numbers.limits(),
                numbers.backends(),
                numbers.pools(),
                numbers.groups(),
                identities,
                numbers.refusals(),
                numbers.routes(),
                numbers.hotKeys(),
                numbers.configuration(),
                numbers.loops(),
                numbers.watchers(),
                numbers.store());
    }

    @Test
    void refusesAnIntervalThatItDoesNotKeep() {
        for (String seconds : List.of("0", "61", "-1", "x", "")) {
            assertThat(get("/api/live?seconds=" + seconds)).isEqualTo("seconds: expected a number from 1 to 60\n");
        }
    }

    @Test
    void keepsAPointOfEachSecond() {
        requests(3);
        Deadline.await("a point with requests", () -> get("/api/history").matches("(?s).*\"rate\":\\[[^\\]]*[1-9].*"));
    }

    @Test
    void streamsNumbersEventsAndReloadsUntilTheListenerCloses() throws Exception {
        Stream<String> lines =
                http.send(request("/api/stream"), BodyHandlers.ofLines()).body();
        Iterator<String> stream = lines.iterator();
        assertThat(stream.next()).isEqualTo("event: live");
        List<String> seen = new ArrayList<>();
        awaitLine(stream, seen, "event: point");
        memcached.close();
        awaitLine(stream, seen, "event: backend");
        Files.writeString(file, "this is no Lua\n");
        server.reload().join();
        awaitLine(stream, seen, "event: reload");
        assertThat(stream.next()).startsWith("data: {\"ended\":").contains("routes.lua:1:");
        listener.close();
        // Ends.
        stream.forEachRemaining(seen::add);
    }

    private static void awaitLine(Iterator<String> stream, List<String> seen, String line) {
        while (!seen.contains(line)) {
            seen.add(stream.next());
        }
    }
}
