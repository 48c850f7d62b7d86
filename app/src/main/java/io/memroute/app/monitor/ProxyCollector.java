package io.memroute.app.monitor;

import static io.memroute.app.monitor.Families.by;

import io.memroute.app.monitor.Families.Samples;
import io.memroute.proxy.MemrouteVersion;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.metrics.BackendNumbers;
import io.memroute.proxy.metrics.BackendNumbers.State;
import io.memroute.proxy.metrics.ConfigurationNumbers;
import io.memroute.proxy.metrics.LoopWatch;
import io.memroute.proxy.metrics.LoopWatch.LoopNumbers;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.proxy.stats.ConfigurationCounters.Load;
import io.memroute.proxy.stats.Counter;
import io.netty.buffer.PooledByteBufAllocator;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of a running proxy. Reads the numbers when it is scraped; between scrapes it costs nothing. The page
 * docs/monitoring.md has the names and helps of this class, which a test compares.
 */
final class ProxyCollector implements MultiCollector {

    /** Servers with series of their own; Prometheus' guidance is hundreds of series for a metric, not thousands. */
    static final int MOST_BACKENDS = 500;

    /** The label of all servers beyond those. */
    private static final String OTHER_BACKENDS = "(other)";

    private final ProxyServer server;

    ProxyCollector(ProxyServer server) {
        this.server = server;
    }

    @Override
    public MetricSnapshots collect() {
        long startNanos = System.nanoTime();
        ProxyNumbers numbers = server.numbers();
        Families families = new Families();
        process(families, numbers);
        clients(families, numbers);
        requests(families, numbers);
        backends(families, numbers);
        eachBackend(families, numbers.backends());
        pools(families, numbers);
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
                        server.transport().label())
                .gauge(
                        "memroute_ready",
                        "1 if clients may be sent here, as /readyz says; else 0",
                        numbers.readiness().ready() ? 1 : 0)
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

    private static HistogramDataPointSnapshot lag(LoopNumbers loop) {
        return Families.histogramPoint(
                Labels.of("worker", Integer.toString(loop.worker())),
                LoopWatch.bounds(),
                loop.counts(),
                loop.sumSeconds());
    }

    private static void clients(Families families, ProxyNumbers numbers) {
        families.gauge(
                        "memroute_client_connections",
                        "Client connections open now",
                        numbers.count(Counter.CURRENT_CONNECTIONS))
                .gauge(
                        "memroute_client_connections_limit",
                        "Client connections allowed at one time (-c)",
                        numbers.clients().limit())
                .counter(
                        "memroute_client_connections_accepted_total",
                        "Client connections accepted",
                        numbers.count(Counter.TOTAL_CONNECTIONS))
                .counter(
                        "memroute_client_connections_rejected_total",
                        "Client connections closed because there were too many",
                        numbers.clients().refused())
                .counter(
                        "memroute_client_connections_closed_total",
                        "Client connections closed by the proxy, by reason",
                        by("reason")
                                .add(numbers.count(Counter.IDLE_KICKS), "idle")
                                .add(numbers.count(Counter.REQUEST_TIMEOUTS), "slow_request")
                                .add(numbers.count(Counter.DEAD_CLIENTS), "dead")
                                .add(numbers.count(Counter.CLOSED_FOR_MEMORY), "memory"))
                .counter(
                        "memroute_client_accept_pauses_total",
                        "Times that accepting paused for want of file descriptors",
                        numbers.clients().acceptPauses())
                .counter(
                        "memroute_client_received_bytes_total",
                        "Bytes received from clients",
                        numbers.count(Counter.BYTES_READ))
                .counter(
                        "memroute_client_sent_bytes_total",
                        "Bytes sent to clients",
                        numbers.count(Counter.BYTES_WRITTEN))
                .counter(
                        "memroute_client_protocol_errors_total",
                        "Malformed, unknown and too long requests",
                        numbers.count(Counter.REQUEST_ERRORS));
    }

    private static void requests(Families families, ProxyNumbers numbers) {
        Samples commands = by("command");
        numbers.commands().forEach((command, count) -> commands.add(count, command));
        Samples named = by("name");
        numbers.named().forEach((name, count) -> named.add(count, name));
        families.counter(
                        "memroute_requests_total",
                        "Requests given to a route, by command; each key of a multi-key get counts",
                        commands)
                .gauge(
                        "memroute_requests_active",
                        "Requests given to a route that are not answered, or of which something sent is not",
                        numbers.count(Counter.ACTIVE_REQUESTS))
                .gauge(
                        "memroute_requests_active_limit",
                        "Active requests allowed at one time (active_req_limit); 0: no limit",
                        numbers.limits().activeRequests())
                .counter(
                        "memroute_requests_rejected_total",
                        "Requests refused because of a limit, by limit",
                        by("reason")
                                .add(numbers.count(Counter.ACTIVE_LIMIT_REFUSALS), "active_limit")
                                .add(numbers.count(Counter.DEPTH_LIMIT_REFUSALS), "depth")
                                .add(numbers.count(Counter.OUT_OF_MEMORY), "memory"))
                .counter(
                        "memroute_errors_as_misses_total",
                        "Gets that a server failed to answer and miss_on_error answered with a miss",
                        numbers.count(Counter.ERRORS_AS_MISSES))
                .unknown(
                        "memroute_named_value",
                        "Counters named by the configuration and by Lua programs, which may also count down",
                        named)
                .gauge(
                        "memroute_buffer_memory_bytes",
                        "Values and replies held for requests on their way",
                        numbers.count(Counter.BUFFER_MEMORY))
                .gauge(
                        "memroute_buffer_memory_limit_bytes",
                        "Limit on them (buffer_memory_limit); 0: no limit",
                        numbers.limits().bufferMemoryBytes());
    }

    private static void backends(Families families, ProxyNumbers numbers) {
        Samples states = by("state");
        for (State state : State.values()) {
            states.add(0, state.name().toLowerCase(Locale.ROOT));
        }
        Samples reasons = by("reason");
        BackendNumbers.reasons().forEach(reason -> reasons.add(0, reason));
        for (BackendNumbers backend : numbers.backends()) {
            states.add(1, backend.state().name().toLowerCase(Locale.ROOT));
            backend.failures().forEach((reason, count) -> reasons.add(count, reason));
        }
        families.gauge(
                        "memroute_backends",
                        "Servers by state: up, connecting (no connection yet), bad (a connection is marked bad), down"
                                + " (as configured)",
                        states)
                .counter(
                        "memroute_backend_failures_by_reason_total",
                        "Connections to servers lost or not made, by memcached's word for the reason",
                        reasons)
                .counter(
                        "memroute_backend_marked_bad_total",
                        "Times a connection to a server was marked bad",
                        numbers.count(Counter.BACKEND_MARKED_BAD))
                .counter(
                        "memroute_backend_reconnects_total",
                        "Connections to servers lost and reconnected at once",
                        numbers.count(Counter.BACKEND_RECONNECTS))
                .counter(
                        "memroute_backend_commands_total",
                        "Command lines written to servers",
                        numbers.count(Counter.BACKEND_COMMANDS))
                .counter(
                        "memroute_backend_merged_gets_total",
                        "Gets that travelled in the command line of the get before them",
                        numbers.count(Counter.MERGED_GETS));
    }

    private static void eachBackend(Families families, List<BackendNumbers> backends) {
        List<BackendNumbers> shown = backends.subList(0, Math.min(backends.size(), MOST_BACKENDS));
        Samples up = by("backend");
        shown.forEach(backend -> up.add(backend.state() == State.UP ? 1 : 0, backend.label()));
        Samples connections = by("backend", "state");
        for (int i = 0; i < backends.size(); i++) {
            BackendNumbers backend = backends.get(i);
            String label = i < MOST_BACKENDS ? backend.label() : OTHER_BACKENDS;
            connections
                    .add(backend.ready(), label, "ready")
                    .add(backend.connecting(), label, "connecting")
                    .add(backend.bad(), label, "bad");
        }
        families.gauge("memroute_backend_up", "1 if the server is up, else 0", up)
                .gauge(
                        "memroute_backend_connections",
                        "Connections to the server, of all workers, by state",
                        connections)
                .counter(
                        "memroute_backend_requests_total",
                        "Requests given to connections to the server",
                        each(backends, BackendNumbers::requests))
                .counter(
                        "memroute_backend_failures_total",
                        "Connections to the server lost or not made",
                        each(backends, BackendNumbers::failureCount))
                .gauge(
                        "memroute_backend_queue_depth",
                        "Requests that wait for a reply of the server",
                        each(backends, BackendNumbers::queued))
                .gauge(
                        "memroute_backends_omitted",
                        "Servers without series of their own; their numbers are under backend=\"(other)\"",
                        backends.size() - shown.size());
    }

    private static Samples each(List<BackendNumbers> backends, ToDoubleFunction<BackendNumbers> number) {
        Samples samples = by("backend");
        for (int i = 0; i < backends.size(); i++) {
            samples.add(
                    number.applyAsDouble(backends.get(i)),
                    i < MOST_BACKENDS ? backends.get(i).label() : OTHER_BACKENDS);
        }
        return samples;
    }

    private static void pools(Families families, ProxyNumbers numbers) {
        Samples members = by("pool");
        Samples up = by("pool");
        numbers.pools().stream().limit(MOST_BACKENDS).forEach(pool -> {
            members.add(pool.backends().size(), pool.name());
            up.add(pool.up(), pool.name());
        });
        families.gauge("memroute_pool_backends", "Servers of the pool", members)
                .gauge("memroute_pool_backends_up", "Servers of the pool that are up", up);
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
                        "1 if the last load succeeded, or none was needed; 0 if the configuration before is in force",
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
