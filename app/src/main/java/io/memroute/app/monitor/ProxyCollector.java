package io.memroute.app.monitor;

import static io.memroute.app.monitor.Families.by;

import io.memroute.proxy.MemrouteVersion;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.metrics.ConfigurationNumbers;
import io.memroute.proxy.metrics.LoopWatch;
import io.memroute.proxy.metrics.LoopWatch.LoopNumbers;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.proxy.stats.ConfigurationCounters.Load;
import io.netty.buffer.PooledByteBufAllocator;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;

/**
 * The metrics of a running proxy. Reads the numbers when it is scraped; between scrapes it costs nothing. The page
 * docs/monitoring.md has the names and helps of this class, which a test compares.
 */
final class ProxyCollector implements MultiCollector {

    private final ProxyServer server;
    private final Supplier<ProxyNumbers> earlier;

    /** @param earlier the numbers that recent quantiles begin with */
    ProxyCollector(ProxyServer server, Supplier<ProxyNumbers> earlier) {
        this.server = server;
        this.earlier = earlier;
    }

    @Override
    public MetricSnapshots collect() {
        long startNanos = System.nanoTime();
        ProxyNumbers before = earlier.get();
        ProxyNumbers numbers = server.numbers();
        Families families = new Families();
        process(families, numbers);
        ClientFamilies.add(families, numbers, before);
        BackendFamilies.add(families, numbers, before);
        TrustFamilies.add(families, server, numbers);
        SourceFamilies.add(families, server.sources());
        configuration(families, numbers.configuration());
        rest(families, numbers);
        families.gauge(
                "memroute_collection_duration_seconds",
                "Time it took to read the numbers of this scrape",
                (System.nanoTime() - startNanos) / 1e9);
        return families.all();
    }

    private void process(Families families, ProxyNumbers numbers) {
        families.info(
                "memroute_build_info",
                "Versions of memroute and of Java, and the transport in use; always 1",
                "version",
                MemrouteVersion.TEXT,
                "java",
                Runtime.version().toString(),
                "transport",
                server.transport().label());
        readiness(families, numbers.readiness().ready())
                .gauge("memroute_workers", "Worker threads", server.options().workers())
                .histogram(
                        "memroute_worker_lag_seconds",
                        "Time that a task waits for a worker's event loop, measured four times a second",
                        (family, all) -> numbers.loops().forEach(loop -> family.dataPoint(lag(loop))))
                .gauge(
                        "memroute_direct_memory_bytes",
                        "Memory outside the heap that the pools of network buffers hold",
                        PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
                .gauge(
                        "jvm_threads_current",
                        "Threads of the JVM",
                        ManagementFactory.getThreadMXBean().getThreadCount());
    }

    static Families readiness(Families families, boolean ready) {
        return families.gauge(
                "memroute_ready", "1 if clients may be sent here, as /readyz says; else 0", ready ? 1 : 0);
    }

    private static HistogramDataPointSnapshot lag(LoopNumbers loop) {
        return Families.histogramPoint(
                Labels.of("worker", Integer.toString(loop.worker())),
                LoopWatch.bounds(),
                loop.counts(),
                loop.sumSeconds());
    }

    private static void configuration(Families families, ConfigurationNumbers configuration) {
        families.info(
                        "memroute_config_info",
                        "Digest of the configuration in force, equal for proxies that do the same; always 1",
                        "digest",
                        configuration.digest().orElse(""))
                .counter(
                        "memroute_config_reloads_total",
                        "Loads of the configuration, the first one included, by result",
                        by("result")
                                .add(configuration.loads() - configuration.failedLoads(), "success")
                                .add(configuration.failedLoads(), "failure"))
                .gauge(
                        "memroute_config_last_reload_successful",
                        "1 if the last load succeeded, or none was needed; 0 if the previous configuration is in force",
                        configuration.recent().stream()
                                        .findFirst()
                                        .flatMap(Load::errors)
                                        .isEmpty()
                                ? 1
                                : 0)
                .gauge(
                        "memroute_config_last_reload_success_timestamp_seconds",
                        "When the configuration in force was loaded; 0 without one",
                        configuration
                                .lastSuccess()
                                .map(time -> time.toEpochMilli() / 1e3)
                                .orElse(0.0))
                .gauge(
                        "memroute_config_last_reload_duration_seconds",
                        "Time that the last load took",
                        configuration.recent().stream()
                                .findFirst()
                                .map(load -> load.took().toNanos() / 1e9)
                                .orElse(0.0))
                .counter(
                        "memroute_config_cron_runs_total",
                        "Runs of crons of Lua programs, by result",
                        by("result")
                                .add(configuration.cronRuns() - configuration.cronFailures(), "success")
                                .add(configuration.cronFailures(), "failure"));
    }

    private static void rest(Families families, ProxyNumbers numbers) {
        families.gauge(
                        "memroute_watchers",
                        "Clients that watch",
                        numbers.watchers().now())
                .counter(
                        "memroute_watcher_lines_total",
                        "Lines for clients that watch, by result",
                        by("result")
                                .add(numbers.watchers().sent(), "sent")
                                .add(numbers.watchers().skipped(), "skipped"))
                .gauge(
                        "memroute_store_items",
                        "Items in the embedded store",
                        numbers.store().items())
                .gauge(
                        "memroute_store_bytes",
                        "Bytes of the items in the embedded store",
                        numbers.store().bytes())
                .gauge(
                        "memroute_store_limit_bytes",
                        "Bytes that the embedded store may hold (-m)",
                        numbers.store().limitBytes())
                .counter(
                        "memroute_store_evictions_total",
                        "Items that left the embedded store because it was full",
                        numbers.store().evictions());
    }
}
