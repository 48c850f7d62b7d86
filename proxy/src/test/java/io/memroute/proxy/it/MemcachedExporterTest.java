package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.testkit.RawClient;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The statistics that the public memcached_exporter reads are there, in the form that it reads.
 *
 * @see "prometheus/memcached_exporter, pkg/exporter/exporter.go"
 */
class MemcachedExporterTest {

    private static final List<String> NUMBERS = List.of(
            "uptime",
            "time",
            "cas_badval",
            "cas_misses",
            "cas_hits",
            "cmd_flush",
            "cmd_set",
            "get_hits",
            "get_misses",
            "delete_hits",
            "delete_misses",
            "incr_hits",
            "incr_misses",
            "decr_hits",
            "decr_misses",
            "touch_hits",
            "touch_misses",
            "bytes",
            "limit_maxbytes",
            "curr_items",
            "total_items",
            "bytes_read",
            "bytes_written",
            "curr_connections",
            "total_connections",
            "rejected_connections",
            "conn_yields",
            "listen_disabled_num",
            "evictions",
            "reclaimed",
            "store_too_large",
            "store_no_memory",
            "lru_crawler_starts",
            "direct_reclaims",
            "crawler_items_checked",
            "crawler_reclaimed",
            "moves_to_cold",
            "moves_to_warm",
            "moves_within_lru",
            "accepting_conns");

    /** Read if {@code proxy_backend_total} is there. */
    private static final List<String> PROXY_NUMBERS = List.of(
            "proxy_backend_total",
            "proxy_conn_requests",
            "proxy_conn_errors",
            "proxy_conn_oom",
            "proxy_req_active",
            "proxy_config_reloads",
            "proxy_config_reload_fails",
            "proxy_config_cron_runs",
            "proxy_config_cron_fails",
            "proxy_backend_marked_bad",
            "proxy_backend_failed",
            "proxy_request_failed_depth",
            "round_robin_fallback",
            "unexpected_napi_ids");

    @TempDir
    private Path directory;

    private static Map<String, String> stats(ProxyServer server, String section) {
        Map<String, String> stats = new LinkedHashMap<>();
        try (RawClient client =
                RawClient.connect((InetSocketAddress) server.addresses().getFirst())) {
            client.send(("stats " + section).strip() + "\r\n");
            for (String line = client.readLine(); !line.equals("END"); line = client.readLine()) {
                String[] words = line.split(" ", 3);
                stats.put(words[1], words[2]);
            }
        }
        return stats;
    }

    @Test
    void findsEverythingThatItReads() throws Exception {
        Path file = Files.writeString(directory.resolve("routes.lua"), """
                pools{ main = { backends = { "127.0.0.1:1" } } }
                routes{ default = route_direct{ child = "main" } }
                """);
        try (ProxyServer server = ProxyServer.start(ServerOptions.builder()
                .workers(1)
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .configuration(ConfigSource.ofFile(file.toString()))
                .build())) {
            Map<String, String> stats = stats(server, "");
            for (String name : NUMBERS) {
                assertThat(stats.get(name)).as(name).matches("[0-9]+");
            }
            for (String name : PROXY_NUMBERS) {
                assertThat(stats.get(name)).as(name).matches("[0-9]+");
            }
            for (String name : List.of("rusage_user", "rusage_system")) {
                assertThat(stats.get(name)).as(name).matches("[0-9]+\\.[0-9]{6}");
            }
            assertThat(stats.get("version")).matches("[0-9]+\\.[0-9]+\\.[0-9]+");
            assertThat(stats(server, "settings").get("maxconns")).matches("[0-9]+");
            // With "yes" it reads eight more.
            assertThat(stats(server, "settings").getOrDefault("lru_crawler", "no"))
                    .isEqualTo("no");
        }
    }
}
