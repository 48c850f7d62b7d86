package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tools that know memcached's statistics find here. */
class StatsTest {

    /** All that memcached 1.6.45 answers {@code stats} with. */
    private static final String OF_MEMCACHED = """
            pid uptime time version libevent pointer_size rusage_user rusage_system max_connections curr_connections
            total_connections rejected_connections connection_structures response_obj_oom response_obj_count \
            response_obj_bytes
            read_buf_count read_buf_bytes read_buf_bytes_free read_buf_oom reserved_fds cmd_get cmd_set cmd_flush \
            cmd_touch cmd_meta
            get_hits get_misses get_expired get_flushed delete_misses delete_hits incr_misses incr_hits decr_misses \
            decr_hits
            cas_misses cas_hits cas_badval touch_hits touch_misses store_too_large store_no_memory auth_cmds \
            auth_errors bytes_read
            bytes_written limit_maxbytes accepting_conns listen_disabled_num time_in_listen_disabled_us threads \
            conn_yields
            hash_power_level hash_bytes hash_is_expanding slab_reassign_rescues slab_reassign_chunk_rescues
            slab_reassign_inline_reclaim slab_reassign_busy_items slab_reassign_busy_deletes slab_reassign_busy_nomem
            slab_reassign_last_busy_status slab_reassign_running slabs_moved lru_crawler_running lru_crawler_starts
            lru_maintainer_juggles malloc_fails log_worker_dropped log_worker_written log_watcher_skipped \
            log_watcher_sent
            log_watchers unexpected_napi_ids round_robin_fallback bytes curr_items total_items slab_global_page_pool
            expired_unfetched evicted_unfetched evicted_active evictions reclaimed crawler_reclaimed \
            crawler_items_checked
            lrutail_reflocked moves_to_cold moves_to_warm moves_within_lru direct_reclaims lru_bumps_dropped""";

    /**
     * All that it answers {@code stats settings} with, but for what docs/protocol.md leaves out: {@code ext_*},
     * {@code ssl_*}.
     */
    private static final String SETTINGS_OF_MEMCACHED = """
            maxbytes maxconns tcpport udpport inter verbosity oldest evictions domain_socket umask shutdown_command \
            growth_factor
            chunk_size num_threads num_threads_per_udp stat_key_prefix detail_enabled reqs_per_event cas_enabled \
            tcp_backlog
            binding_protocol auth_enabled_sasl auth_enabled_ascii item_size_max maxconns_fast hashpower_init \
            slab_reassign
            slab_automove slab_automove_ratio slab_automove_window slab_chunk_max lru_crawler lru_crawler_sleep \
            lru_crawler_tocrawl
            tail_repair_time flush_enabled dump_enabled hash_algorithm lru_maintainer_thread lru_segmented \
            hot_lru_pct warm_lru_pct
            hot_max_factor warm_max_factor temp_lru temporary_ttl idle_timeout watcher_logbuf_size worker_logbuf_size
            read_buf_mem_limit track_sizes inline_ascii_response slab_automove_freeratio ssl_enabled proxy_enabled
            proxy_uring_enabled num_napi_ids memory_file client_flags_size""";

    private MemcachedServer server;
    private ProxyUnderTest proxy;
    private RawClient client;

    @BeforeEach
    void start() {
        server = MemcachedServer.start();
        proxy = ProxyUnderTest.start(Configuration.direct(server));
        client = proxy.connect();
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        server.close();
    }

    private List<String> names(String request) {
        List<String> names = new ArrayList<>();
        client.send(request + "\r\n");
        for (String line = client.readLine(); !line.equals("END"); line = client.readLine()) {
            assertThat(line).matches("STAT \\S+ \\S.*");
            names.add(line.split(" ")[1]);
        }
        return names;
    }

    @Test
    void haveEveryNameOfMemcachedOnce() {
        assertThat(names("stats")).doesNotHaveDuplicates().contains(OF_MEMCACHED.split("\\s+"));
    }

    @Test
    void haveEverySettingOfMemcachedOnce() {
        assertThat(names("stats settings")).doesNotHaveDuplicates().contains(SETTINGS_OF_MEMCACHED.split("\\s+"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            stats cachedump 1 0   ; END
            stats cachedump 1 100 ; END
            stats cachedump       ; CLIENT_ERROR bad command line
            stats cachedump 1     ; CLIENT_ERROR bad command line
            stats cachedump x 1   ; CLIENT_ERROR bad command line format
            stats cachedump 1 x   ; CLIENT_ERROR bad command line format
            stats cachedump 99 1  ; CLIENT_ERROR Illegal slab id
            stats detail on       ; OK
            stats detail dump     ; END
            stats detail off      ; OK
            stats detail          ; CLIENT_ERROR usage: stats detail on|off|dump
            stats extstore        ; END
            stats sizes           ; STAT sizes_status disabled~END
            stats nonsense        ; ERROR
            """)
    void answerWhatToolsAskAsMemcachedDoes(String request, String reply) {
        client.send(request + "\r\nmn\r\n");
        client.expect(reply.replace("~", "\r\n") + "\r\nMN\r\n");
    }

    private Map<String, String> numbers(String request) {
        Map<String, String> numbers = new LinkedHashMap<>();
        client.send(request + "\r\n");
        for (String line = client.readLine(); !line.equals("END"); line = client.readLine()) {
            String[] words = line.split(" ", 3);
            numbers.put(words[1], words[2]);
        }
        return numbers;
    }

    private void send(String request, String reply) {
        client.send(request);
        client.expect(reply);
    }

    @Test
    void tellLatencyByClassOfCommandsPoolAndServer() {
        send("set a 0 0 1\r\nx\r\n", "STORED\r\n");
        send("get a b\r\n", "VALUE a 0 1\r\nx\r\nEND\r\n");
        send("mg a v\r\nmd a q\r\nmg b q\r\nmn\r\n", "VA 1\r\nx\r\nMN\r\n");
        send(
                "set a 0 0 1 noreply\r\nx\r\nincr a 1\r\n",
                "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n");
        Map<String, String> latency = numbers("stats latency");
        assertThat(latency)
                // The get with two keys is one request, and what is quiet is none.
                .containsEntry("class:get:count", "2")
                .containsEntry("class:store:count", "1")
                .containsEntry("class:delete:count", "0")
                .containsEntry("class:arithmetic:count", "1")
                .containsEntry("class:touch:count", "0")
                .containsEntry("pool:main:count", "8")
                .containsKeys("class:get:p50_us", "class:get:max_us", "pool:main:queue:p99_us")
                .doesNotContainKey("class:touch:p50_us");
        assertThat(Long.parseLong(latency.get("class:get:max_us"))).isPositive();
    }

    @Test
    void tellHotKeysEscaped() {
        send("get plain\r\nget plain\r\nget \u0001\r\n", "END\r\nEND\r\nEND\r\n");
        send("set plain 0 0 3\r\nabc\r\n", "STORED\r\n");
        assertThat(numbers("stats hotkeys"))
                .containsEntry("1:key", "plain")
                .containsEntry("1:share", "0.7500")
                .containsEntry("1:pool", "main")
                .containsEntry("1:size_bytes", "3")
                .containsEntry("2:key", "\\x01")
                .containsEntry("2:size_bytes", "0");
    }

    @Test
    void startLatencyAndHotKeysOverOnReset() {
        send("get a\r\n", "END\r\n");
        assertThat(numbers("stats latency")).containsEntry("class:get:count", "1");
        send("stats reset\r\n", "RESET\r\n");
        Deadline.await(
                "the reset",
                () -> numbers("stats latency").get("class:get:count").equals("0"));
        assertThat(numbers("stats latency")).containsEntry("pool:main:count", "0");
        assertThat(numbers("stats hotkeys")).isEmpty();
        send("get a\r\n", "END\r\n");
        assertThat(numbers("stats latency")).containsEntry("class:get:count", "1");
        assertThat(numbers("stats hotkeys")).containsEntry("1:share", "1.0000");
    }

    @Test
    void writeNamesFromTheConfigurationAsOneWordOfUtf8() throws ConfigException {
        try (ProxyUnderTest named = ProxyUnderTest.startText(null, """
                settings{ backend_failure_limit = 0 }
                pools{ main = { backends = { { host = "127.0.0.1", port = 1, label = "kühl eins\\r\\nEND" } } } }
                routes{ default = route_direct{ child = "main" } }
                """);
                RawClient operator = named.connect()) {
            operator.send("get k\r\n");
            operator.expect("SERVER_ERROR backend failure\r\n");
            operator.send("stats proxybe\r\n");
            String line = operator.readLine();
            assertThat(new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                    .isEqualTo("STAT bad_kühl\\x20eins\\r\\nEND 1");
            operator.expect("END\r\n");
        }
    }
}
