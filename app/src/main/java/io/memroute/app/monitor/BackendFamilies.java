package io.memroute.app.monitor;

import static io.memroute.app.monitor.Families.by;
import static io.memroute.app.monitor.Families.durationsBy;

import io.memroute.app.monitor.Families.Durations;
import io.memroute.app.monitor.Families.Samples;
import io.memroute.proxy.metrics.BackendNumbers;
import io.memroute.proxy.metrics.BackendNumbers.State;
import io.memroute.proxy.metrics.Distribution;
import io.memroute.proxy.metrics.PoolNumbers;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.proxy.metrics.Traffic;
import io.memroute.proxy.stats.Counter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The metrics about servers and pools. */
final class BackendFamilies {

    /** Servers with series of their own; Prometheus' guidance is hundreds of series for a metric, not thousands. */
    static final int MOST_BACKENDS = 500;

    /** Pools with series of their own: each has a histogram of 17. */
    static final int MOST_POOLS = 100;

    /** Fewer than of clients' requests, since they are multiplied by the number of servers. */
    private static final double[] QUANTILES = {0.5, 0.9, 0.99};

    private BackendFamilies() {}

    /** @param earlier the numbers that recent quantiles begin with */
    static void add(Families families, ProxyNumbers numbers, ProxyNumbers earlier) {
        Map<String, Traffic> before = new HashMap<>();
        earlier.backends().forEach(backend -> before.put(backend.label(), backend.traffic()));
        states(families, numbers);
        eachBackend(families, numbers.backends());
        traffic(families, numbers.backends());
        times(families, numbers.backends(), before);
        pools(families, numbers.pools());
        poolTraffic(families, numbers, before);
    }

    private static void states(Families families, ProxyNumbers numbers) {
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
            String label = i < MOST_BACKENDS ? backend.label() : Families.OTHER;
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

    private static void traffic(Families families, List<BackendNumbers> backends) {
        Samples replies = by("backend", "kind");
        for (int i = 0; i < backends.size(); i++) {
            String label = i < MOST_BACKENDS ? backends.get(i).label() : Families.OTHER;
            backends.get(i).traffic().replies().forEach((kind, count) -> replies.add(count, label, kind.word()));
        }
        families.counter("memroute_backend_replies_total", "Replies of the server, by kind", replies)
                .counter(
                        "memroute_backend_unanswered_total",
                        "Requests to the server without a reply: refused at once, or their connection was lost",
                        each(backends, backend -> backend.traffic().unanswered()))
                .counter(
                        "memroute_backend_received_bytes_total",
                        "Bytes received from the server",
                        each(backends, backend -> backend.traffic().receivedBytes()))
                .counter(
                        "memroute_backend_sent_bytes_total",
                        "Bytes sent to the server",
                        each(backends, backend -> backend.traffic().sentBytes()))
                .counter(
                        "memroute_backend_handshakes_total",
                        "Connections to the server that were made and answered the handshake",
                        each(backends, BackendNumbers::handshakes))
                .gauge(
                        "memroute_backend_queue_depth_peak",
                        "Most requests that have waited for a reply of the server at one time on one connection",
                        highest(backends, BackendNumbers::mostQueued))
                .gauge(
                        "memroute_backend_last_failure_timestamp_seconds",
                        "When a connection to the server was last lost or not made; 0 if that has not happened",
                        highest(
                                backends,
                                backend -> backend.lastFailure()
                                        .map(last -> last.time().toEpochMilli() / 1e3)
                                        .orElse(0.0)));
    }

    private static void times(Families families, List<BackendNumbers> backends, Map<String, Traffic> before) {
        families.summary(
                        "memroute_backend_request_duration_seconds",
                        "Time from when a request was written to the server until its reply was read; quantiles are"
                                + " of the last minute",
                        QUANTILES,
                        durations(backends, Map.of(), Traffic::serverTime),
                        durations(backends, before, Traffic::serverTime))
                .summary(
                        "memroute_backend_queue_duration_seconds",
                        "Time for which a request to the server waits to be written; quantiles are of the last"
                                + " minute",
                        QUANTILES,
                        durations(backends, Map.of(), Traffic::queueTime),
                        durations(backends, before, Traffic::queueTime));
    }

    private static Durations durations(
            List<BackendNumbers> backends, Map<String, Traffic> before, Function<Traffic, Distribution> which) {
        Durations durations = durationsBy("backend");
        for (int i = 0; i < backends.size(); i++) {
            BackendNumbers backend = backends.get(i);
            Traffic earlier = before.getOrDefault(backend.label(), Traffic.NONE);
            durations.add(
                    which.apply(backend.traffic()).minus(which.apply(earlier)),
                    i < MOST_BACKENDS ? backend.label() : Families.OTHER);
        }
        return durations;
    }

    private static Samples each(List<BackendNumbers> backends, ToDoubleFunction<BackendNumbers> number) {
        Samples samples = by("backend");
        for (int i = 0; i < backends.size(); i++) {
            samples.add(
                    number.applyAsDouble(backends.get(i)),
                    i < MOST_BACKENDS ? backends.get(i).label() : Families.OTHER);
        }
        return samples;
    }

    /** As {@link #each}, but of the servers beyond the first the highest number is shown, not the sum. */
    private static Samples highest(List<BackendNumbers> backends, ToDoubleFunction<BackendNumbers> number) {
        Samples samples = by("backend");
        backends.stream()
                .limit(MOST_BACKENDS)
                .forEach(backend -> samples.add(number.applyAsDouble(backend), backend.label()));
        backends.stream()
                .skip(MOST_BACKENDS)
                .mapToDouble(number)
                .max()
                .ifPresent(most -> samples.add(most, Families.OTHER));
        return samples;
    }

    private static void pools(Families families, List<PoolNumbers> pools) {
        Samples members = by("pool");
        Samples up = by("pool");
        Samples readTimeout = by("pool");
        pools.stream().limit(MOST_POOLS).forEach(pool -> {
            members.add(pool.backends().size(), pool.name());
            up.add(pool.up(), pool.name());
            if (pool.readTimeoutSeconds() > 0) {
                readTimeout.add(pool.readTimeoutSeconds(), pool.name());
            }
        });
        families.gauge("memroute_pool_backends", "Servers of the pool", members)
                .gauge("memroute_pool_backends_up", "Servers of the pool that are up", up)
                .gauge(
                        "memroute_pool_read_timeout_seconds",
                        "Time in which the servers of the pool have to answer, the shortest if they differ; none"
                                + " if there is no limit",
                        readTimeout);
    }

    private static void poolTraffic(Families families, ProxyNumbers numbers, Map<String, Traffic> before) {
        List<PoolNumbers> pools = numbers.pools();
        Samples requests = by("pool");
        Samples replies = by("pool", "kind");
        Samples unanswered = by("pool");
        Samples imbalance = by("pool");
        Durations durations = durationsBy("pool");
        Map<String, Traffic> recent = new HashMap<>();
        numbers.backends()
                .forEach(backend -> recent.put(
                        backend.label(), backend.traffic().minus(before.getOrDefault(backend.label(), Traffic.NONE))));
        pools.stream().limit(MOST_POOLS).forEach(pool -> {
            Traffic traffic = pool.traffic();
            requests.add(traffic.requests(), pool.name());
            traffic.replies().forEach((kind, count) -> replies.add(count, pool.name(), kind.word()));
            unanswered.add(traffic.unanswered(), pool.name());
            imbalance.add(PoolNumbers.imbalance(pool.shares(recent)), pool.name());
            durations.add(traffic.serverTime(), pool.name());
        });
        families.counter(
                        "memroute_pool_requests_total",
                        "Requests given to connections to the servers of the pool",
                        requests)
                .counter("memroute_pool_replies_total", "Replies of the servers of the pool, by kind", replies)
                .counter(
                        "memroute_pool_unanswered_total",
                        "Requests to the servers of the pool without a reply",
                        unanswered)
                .gauge(
                        "memroute_pool_imbalance_ratio",
                        "Requests of the busiest server of the pool in comparison with the mean of all, over the last"
                                + " minute; 1 is even, 0 means no requests",
                        imbalance)
                .histogram(
                        "memroute_pool_request_duration_seconds",
                        "Time from when a request was written to a server of the pool until its reply was read",
                        durations);
    }
}
