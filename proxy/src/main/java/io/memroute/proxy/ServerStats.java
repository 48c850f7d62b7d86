package io.memroute.proxy;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.proxy.backend.Backend;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.stats.ConfigurationCounters;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.FunctionCounters;
import io.memroute.proxy.stats.StatLines;
import io.netty.buffer.ByteBuf;
import java.lang.management.ManagementFactory;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The replies to {@code stats}. Sections are found by their first letters, as in memcached. Any thread.
 *
 * @see "proxy-api.md section 7"
 */
final class ServerStats {

    private static final List<String> SECTIONS =
            List.of("settings", "proxy", "proxyfuncs", "proxybe", "items", "slabs", "sizes", "conns", "reset");

    /** What asking for it changes nothing: all but {@code stats reset}. */
    static final List<String> READ_ONLY_SECTIONS =
            List.of("", "settings", "proxy", "proxyfuncs", "proxybe", "items", "slabs", "sizes", "conns");

    private static final Set<Counter> RESET_BY_STATS_RESET =
            EnumSet.of(Counter.REQUESTS, Counter.REQUEST_ERRORS, Counter.OUT_OF_MEMORY, Counter.CLOSED_FOR_MEMORY);

    /** In the order of memcached's proxy. */
    private static final List<Command> COUNTED = List.of(
            Command.MG, Command.MS, Command.MD, Command.MN, Command.MA, Command.ME, Command.GET, Command.GAT, Command.SET,
            Command.ADD, Command.CAS, Command.GETS, Command.GATS, Command.INCR, Command.DECR, Command.TOUCH, Command.APPEND,
            Command.PREPEND, Command.DELETE, Command.REPLACE);

    private final ProxyServer server;

    ServerStats(ProxyServer server) {
        this.server = server;
    }

    void write(String section, ByteBuf out) {
        StatLines lines = new StatLines(out);
        String whole = section.isEmpty()
                ? ""
                : SECTIONS.stream().filter(name -> name.startsWith(section)).findFirst().orElse("unknown");
        switch (whole) {
            case "" -> general(lines);
            case "settings" -> settings(lines);
            case "proxy" -> proxy(lines);
            case "proxyfuncs" -> functions(lines);
            case "proxybe" -> backends(lines);
            case "items" -> StoreStats.items(server.store(), lines);
            case "slabs" -> StoreStats.slabs(server.store(), lines);
            case "sizes" -> lines.end();
            case "conns" -> ConnectionStats.write(server.listeners(), lines);
            case "reset" -> reset(out);
            default -> out.writeBytes(Replies.ERROR);
        }
    }

    private long total(Counter counter) {
        return server.workers().stream().mapToLong(worker -> worker.counters().get(counter)).sum();
    }

    private long total(Command command) {
        return server.workers().stream().mapToLong(worker -> worker.counters().get(command)).sum();
    }

    private void general(StatLines lines) {
        long uptime = TimeUnit.MILLISECONDS.toSeconds(ManagementFactory.getRuntimeMXBean().getUptime());
        lines.add("pid", ProcessHandle.current().pid())
                .add("uptime", uptime)
                .add("time", TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()))
                .add("version", MemrouteVersion.MEMCACHED)
                .add("memroute_version", MemrouteVersion.TEXT)
                .add("pointer_size", 64)
                .add("max_connections", server.options().maxConnections())
                .add("curr_connections", total(Counter.CURRENT_CONNECTIONS))
                .add("total_connections", total(Counter.TOTAL_CONNECTIONS))
                .add("rejected_connections", server.listeners().refusedConnections())
                .add("listen_disabled_num", server.listeners().acceptPauses())
                .add("proxy_conn_slow", total(Counter.REQUEST_TIMEOUTS))
                .add("proxy_conn_dead", total(Counter.DEAD_CLIENTS));
        if (server.options().clientTimes().idleSeconds() > 0) {
            lines.add("idle_kicks", total(Counter.IDLE_KICKS));
        }
        // Lines go to watchers directly: there is no buffer of a worker's where any could be lost.
        lines.add("log_worker_dropped", 0)
                .add("log_worker_written", server.streams().writtenCount())
                .add("log_watcher_skipped", server.streams().skippedCount())
                .add("log_watcher_sent", server.streams().sentCount())
                .add("log_watchers", server.streams().watcherCount());
        if (server.running().isPresent()) {
            for (Counter counter : PROXY_COUNTERS) {
                lines.add(counter.statName(), total(counter));
            }
            ConfigurationCounters configurations = server.running().counters();
            lines.add("proxy_config_reloads", configurations.loads())
                    .add("proxy_config_reload_fails", configurations.failedLoads())
                    .add("proxy_config_cron_runs", configurations.cronRuns())
                    .add("proxy_config_cron_fails", configurations.cronFailures())
                    .add("proxy_backend_total",
                            server.workers().stream().mapToLong(worker -> worker.backends().all().size()).sum());
        }
        server.store().stats().forEach(lines::add);
        lines.add("bytes_read", total(Counter.BYTES_READ))
                .add("bytes_written", total(Counter.BYTES_WRITTEN))
                .add("limit_maxbytes", server.options().storeBytes())
                .add("accepting_conns", 1)
                .add("threads", server.options().workers())
                .end();
    }

    private static final List<Counter> PROXY_COUNTERS = List.of(
            Counter.REQUESTS, Counter.REQUEST_ERRORS, Counter.OUT_OF_MEMORY, Counter.CLOSED_FOR_MEMORY, Counter.ACTIVE_REQUESTS,
            Counter.ACTIVE_LIMIT_REFUSALS, Counter.BACKEND_MARKED_BAD, Counter.BACKEND_RECONNECTS,
            Counter.DEPTH_LIMIT_REFUSALS, Counter.BACKEND_COMMANDS, Counter.MERGED_GETS, Counter.ERRORS_AS_MISSES);

    private void settings(StatLines lines) {
        ServerOptions options = server.options();
        lines.add("memroute_version", MemrouteVersion.TEXT)
                .add("maxbytes", options.storeBytes())
                .add("maxconns", options.maxConnections())
                .add("verbosity", options.verbosity())
                .add("umask", Integer.toOctalString(options.unixSocketMask()))
                .add("shutdown_command", options.allowShutdown())
                .add("num_threads", options.workers())
                .add("cas_enabled", true)
                .add("flush_enabled", server.running().isPresent() ? server.running().settings().allowFlushAll() : options.allowFlushAll())
                .add("item_size_max", options.itemSizeLimitBytes())
                .add("binding_protocol", server.running().isPresent() ? "proxy" : "ascii")
                .add("proxy_enabled", server.running().isPresent())
                .add("proxy_uring_enabled", server.transport() == Transport.IO_URING || server.transport() == Transport.URING)
                .add("idle_timeout", options.clientTimes().idleSeconds())
                .add("request_timeout", options.clientTimes().requestSeconds())
                .add("transport", server.transport().label())
                .add("requests_in_flight", options.requestsInFlight())
                .add("watcher_logbuf_size", options.watcherBufferBytes())
                .add("value_size_max", options.valueLimitBytes())
                .add("merge_gets", server.running().settings().mergeGets())
                .end();
    }

    private void proxy(StatLines lines) {
        Settings settings = server.running().settings();
        Map<String, Long> named = new LinkedHashMap<>();
        server.workers().forEach(worker -> worker.userCounters().addTo(named));
        named.forEach((name, count) -> lines.add("user_" + name, Long.toUnsignedString(count)));
        lines.add("active_req_limit", settings.activeRequestLimit())
                .add("buffer_memory_limit", server.memoryLimit().bytes())
                .add("buffer_memory_used", total(Counter.BUFFER_MEMORY))
                // What scripts use is part of the heap, and collected with it.
                .add("vm_gc_runs", ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(collector -> Math.max(0, collector.getCollectionCount()))
                        .sum())
                .add("vm_memory_kb", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10);
        for (Command command : COUNTED) {
            lines.add("cmd_" + command.word(), total(command));
        }
        lines.end();
    }

    private void functions(StatLines lines) {
        TreeMap<String, FunctionCounters.Count> byName = new TreeMap<>();
        server.workers().forEach(worker -> worker.functions().addTo(byName));
        byName.forEach((name, count) ->
                lines.add("funcs_" + name, count.functions()).add("slots_" + name, count.slots()));
        lines.end();
    }

    private void backends(StatLines lines) {
        Map<String, Long> badByLabel = new TreeMap<>();
        for (Worker worker : server.workers()) {
            for (Backend backend : worker.backends().all()) {
                int bad = backend.badConnections();
                if (bad > 0) {
                    badByLabel.merge(backend.spec().label(), (long) bad, Long::sum);
                }
            }
        }
        badByLabel.forEach((label, bad) -> lines.add("bad_" + label, bad));
        lines.end();
    }

    private void reset(ByteBuf out) {
        for (Worker worker : server.workers()) {
            worker.loop().execute(() -> RESET_BY_STATS_RESET.forEach(worker.counters()::reset));
        }
        server.store().resetStats();
        out.writeBytes(Replies.RESET);
    }
}
