package io.memroute.proxy;

import com.sun.management.OperatingSystemMXBean;
import io.memroute.proxy.stats.ConfigurationCounters;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.StatLines;
import io.memroute.proxy.tls.ClientTls;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * {@code stats} without a section: every name that memcached 1.6.45 has, so that no tool misses one, and those of its
 * proxy.
 *
 * @see "docs/reference/proxy-api.md section 7"
 */
final class GeneralStats {

    private static final List<Counter> PROXY_COUNTERS = List.of(
            Counter.REQUESTS,
            Counter.REQUEST_ERRORS,
            Counter.OUT_OF_MEMORY,
            Counter.CLOSED_FOR_MEMORY,
            Counter.ACTIVE_REQUESTS,
            Counter.ACTIVE_LIMIT_REFUSALS,
            Counter.BACKEND_MARKED_BAD,
            Counter.BACKEND_RECONNECTS,
            Counter.DEPTH_LIMIT_REFUSALS,
            Counter.BACKEND_COMMANDS,
            Counter.MERGED_GETS,
            Counter.ERRORS_AS_MISSES);

    /**
     * The statistics of parts of memcached that memroute does not have: its allocator, its crawler, its log threads.
     */
    private static final List<String> ALWAYS_ZERO = List.of(
            "response_obj_oom",
            "response_obj_count",
            "response_obj_bytes",
            "read_buf_count",
            "read_buf_bytes",
            "read_buf_bytes_free",
            "read_buf_oom",
            "reserved_fds",
            "time_in_listen_disabled_us",
            "conn_yields",
            "hash_power_level",
            "hash_bytes",
            "hash_is_expanding",
            "slab_reassign_rescues",
            "slab_reassign_chunk_rescues",
            "slab_reassign_inline_reclaim",
            "slab_reassign_busy_items",
            "slab_reassign_busy_deletes",
            "slab_reassign_busy_nomem",
            "slab_reassign_running",
            "slabs_moved",
            "slab_global_page_pool",
            "lru_crawler_running",
            "lru_crawler_starts",
            "lru_maintainer_juggles",
            "malloc_fails",
            "unexpected_napi_ids",
            "round_robin_fallback",
            "crawler_reclaimed",
            "crawler_items_checked",
            "lrutail_reflocked",
            "lru_bumps_dropped",
            // Lines go to watchers directly: there is no buffer of a worker's where any could be lost.
            "log_worker_dropped");

    private final ProxyServer server;

    GeneralStats(ProxyServer server) {
        this.server = server;
    }

    void write(StatLines lines) {
        process(lines);
        connections(lines);
        if (server.running().isPresent()) {
            proxy(lines);
        }
        server.store().stats().forEach(lines::add);
        lines.add("bytes_read", total(Counter.BYTES_READ))
                .add("bytes_written", total(Counter.BYTES_WRITTEN))
                .add("accepting_conns", 1)
                .add("threads", server.options().workers())
                .add("log_worker_written", server.streams().writtenCount())
                .add("log_watcher_skipped", server.streams().skippedCount())
                .add("log_watcher_sent", server.streams().sentCount())
                .add("log_watchers", server.streams().watcherCount())
                .add("slab_reassign_last_busy_status", "none");
        lines.add("auth_cmds", total(Counter.AUTH_COMMANDS))
                .add("auth_errors", total(Counter.AUTH_ERRORS))
                .add(Counter.ACCESS_DENIED.statName(), total(Counter.ACCESS_DENIED))
                .add(Counter.QUOTA_EXCEEDED.statName(), total(Counter.QUOTA_EXCEEDED));
        server.trust().tls().ifPresent(tls -> tls(tls, lines));
        ALWAYS_ZERO.forEach(name -> lines.add(name, 0));
        lines.end();
    }

    private static void process(StatLines lines) {
        lines.add("pid", ProcessHandle.current().pid())
                .add(
                        "uptime",
                        TimeUnit.MILLISECONDS.toSeconds(
                                ManagementFactory.getRuntimeMXBean().getUptime()))
                .add("time", TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()))
                .add("version", MemrouteVersion.MEMCACHED)
                .add("memroute_version", MemrouteVersion.TEXT)
                .add("libevent", "none")
                .add("pointer_size", 64)
                // The JVM tells only the sum.
                .add("rusage_user", seconds(cpuNanos()))
                .add("rusage_system", seconds(0));
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? Math.max(0, system.getProcessCpuTime())
                : 0;
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.6f", nanos / 1e9);
    }

    private void connections(StatLines lines) {
        lines.add("max_connections", server.options().maxConnections())
                .add("curr_connections", total(Counter.CURRENT_CONNECTIONS))
                .add("total_connections", total(Counter.TOTAL_CONNECTIONS))
                .add("rejected_connections", server.listeners().refusedConnections())
                .add("connection_structures", total(Counter.CURRENT_CONNECTIONS))
                .add("listen_disabled_num", server.listeners().acceptPauses())
                .add("proxy_conn_slow", total(Counter.REQUEST_TIMEOUTS))
                .add("proxy_conn_dead", total(Counter.DEAD_CLIENTS));
        if (server.options().clientTimes().idleSeconds() > 0) {
            lines.add("idle_kicks", total(Counter.IDLE_KICKS));
        }
    }

    private static void tls(ClientTls tls, StatLines lines) {
        if (tls.settings().sessionCache()) {
            lines.add("ssl_new_sessions", tls.counters().newSessions());
        }
        lines.add("ssl_handshake_errors", tls.counters().handshakeErrors())
                .add("ssl_proto_errors", tls.counters().protocolErrors())
                .add("time_since_server_cert_refresh", tls.age().toSeconds());
    }

    private void proxy(StatLines lines) {
        for (Counter counter : PROXY_COUNTERS) {
            lines.add(counter.statName(), total(counter));
        }
        ConfigurationCounters configurations = server.running().counters();
        lines.add("proxy_config_reloads", configurations.loads())
                .add("proxy_config_reload_fails", configurations.failedLoads())
                .add("proxy_config_cron_runs", configurations.cronRuns())
                .add("proxy_config_cron_fails", configurations.cronFailures())
                .add(
                        "proxy_backend_total",
                        server.workers().stream()
                                .mapToLong(worker -> worker.backends().all().size())
                                .sum());
    }

    private long total(Counter counter) {
        return server.workers().stream()
                .mapToLong(worker -> worker.counters().get(counter))
                .sum();
    }
}
