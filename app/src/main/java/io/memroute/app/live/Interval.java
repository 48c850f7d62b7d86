package io.memroute.app.live;

import io.memroute.app.live.Live.Latency;
import io.memroute.proxy.metrics.BackendNumbers;
import io.memroute.proxy.metrics.ClientNumbers;
import io.memroute.proxy.metrics.Distribution;
import io.memroute.proxy.metrics.HotKey;
import io.memroute.proxy.metrics.IdentityNumbers;
import io.memroute.proxy.metrics.LoopWatch;
import io.memroute.proxy.metrics.LoopWatch.LoopNumbers;
import io.memroute.proxy.metrics.Overview;
import io.memroute.proxy.metrics.PoolNumbers;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.proxy.metrics.RouteNumbers;
import io.memroute.proxy.metrics.SlowRequest;
import io.memroute.proxy.metrics.Traffic;
import io.memroute.proxy.stats.CommandClass;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.ReplyKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The difference between two readings. Where counting has started over in between, it counts from there. */
final class Interval {

    private static final ClientNumbers NO_CLIENTS = new ClientNumbers("", 0, 0, 0, 0, 0, 0, 0);

    private static final IdentityNumbers NO_IDENTITY = new IdentityNumbers("", 0, 0, Map.of());

    /** More than people look at. */
    private static final int MOST_IDENTITIES = 100;

    private final Reading<ProxyNumbers> before;
    private final Reading<ProxyNumbers> after;
    private final double seconds;

    Interval(Reading<ProxyNumbers> before, Reading<ProxyNumbers> after) {
        this.before = before;
        this.after = after;
        this.seconds = after.secondsSince(before);
    }

    /** @param slow the slowest requests */
    Live live(List<SlowRequest> slow) {
        ProxyNumbers now = after.numbers();
        Map<String, Traffic> traffic = traffic();
        return new Live(
                after.time(),
                seconds,
                now.readiness().ready(),
                requests(),
                Stream.of(CommandClass.values()).map(this::commandRate).toList(),
                clients(),
                workers(),
                now.pools().stream().map(pool -> pool(pool, traffic)).toList(),
                backends(traffic),
                routes(),
                now.hotKeys().stream().map(Interval::hotKey).toList(),
                slow);
    }

    private double rate(long now, long earlier) {
        return seconds <= 0 ? 0 : since(now, earlier) / seconds;
    }

    private double rate(long count) {
        return seconds <= 0 ? 0 : count / seconds;
    }

    static long since(long now, long earlier) {
        return now >= earlier ? now - earlier : now;
    }

    static @Nullable Double ratio(long part, long other) {
        return part + other == 0 ? null : (double) part / (part + other);
    }

    private Live.Requests requests() {
        Overview earlier = before.numbers().overview();
        Overview now = after.numbers().overview();
        return new Live.Requests(
                rate(now.requests(), earlier.requests()),
                now.requests(),
                ratio(
                        since(now.replies(ReplyKind.HIT), earlier.replies(ReplyKind.HIT)),
                        since(now.replies(ReplyKind.MISS), earlier.replies(ReplyKind.MISS))),
                rate(now.replies(ReplyKind.ERROR), earlier.replies(ReplyKind.ERROR)),
                now.active(),
                Latency.of(now.latency().minus(earlier.latency())));
    }

    private Live.CommandRate commandRate(CommandClass kind) {
        Distribution now = after.numbers().latency().getOrDefault(kind, Distribution.EMPTY);
        Distribution times = now.minus(before.numbers().latency().getOrDefault(kind, Distribution.EMPTY));
        return new Live.CommandRate(kind.word(), rate(times.count()), Latency.of(times));
    }

    private Live.Clients clients() {
        ProxyNumbers now = after.numbers();
        Map<String, ClientNumbers> earlier = byName(before.numbers().groups(), ClientNumbers::listener);
        return new Live.Clients(
                now.count(Counter.CURRENT_CONNECTIONS),
                now.clients().limit(),
                now.clients().refused(),
                now.watchers().now(),
                rate(now.watchers().skipped(), before.numbers().watchers().skipped()),
                now.groups().stream()
                        .map(group -> group(group, earlier.getOrDefault(group.listener(), NO_CLIENTS)))
                        .toList(),
                identities());
    }

    private List<Live.Identity> identities() {
        Map<String, IdentityNumbers> earlier = byName(before.numbers().identities(), IdentityNumbers::identity);
        return after.numbers().identities().stream()
                .map(now -> identity(now, earlier.getOrDefault(now.identity(), NO_IDENTITY)))
                .sorted(Comparator.comparingDouble(Live.Identity::rate).reversed())
                .limit(MOST_IDENTITIES)
                .toList();
    }

    private Live.Identity identity(IdentityNumbers now, IdentityNumbers earlier) {
        return new Live.Identity(
                now.identity(),
                rate(now.requests(), earlier.requests()),
                rate(now.denied(), earlier.denied()),
                rate(now.allExceeded(), earlier.allExceeded()),
                now.denied(),
                now.allExceeded());
    }

    private Live.Group group(ClientNumbers now, ClientNumbers earlier) {
        return new Live.Group(
                now.listener(),
                now.connections(),
                rate(now.accepted(), earlier.accepted()),
                now.refused(),
                rate(now.requests(), earlier.requests()),
                rate(now.errors(), earlier.errors()),
                rate(now.receivedBytes(), earlier.receivedBytes()),
                rate(now.sentBytes(), earlier.sentBytes()));
    }

    private List<Live.Worker> workers() {
        Map<Integer, LoopNumbers> earlier = byName(before.numbers().loops(), LoopNumbers::worker);
        return after.numbers().loops().stream()
                .map(loop -> worker(loop, Optional.ofNullable(earlier.get(loop.worker()))))
                .toList();
    }

    private Live.Worker worker(LoopNumbers now, Optional<LoopNumbers> earlier) {
        double[] bounds = LoopWatch.bounds();
        long probes = 0;
        int slowest = -1;
        for (int bucket = 0; bucket < now.counts().length; bucket++) {
            long count = now.counts()[bucket];
            if (earlier.isPresent()) {
                count -= earlier.get().counts()[bucket];
            }
            probes += count;
            slowest = count > 0 ? bucket : slowest;
        }
        double sum = now.sumSeconds() - earlier.map(LoopNumbers::sumSeconds).orElse(0.0);
        return new Live.Worker(
                now.worker(),
                probes == 0 ? null : sum / probes,
                slowest < 0 ? null : slowest < bounds.length ? (Double) bounds[slowest] : (Double) sum,
                now.pending().toNanos() / 1e9);
    }

    /** Returns the traffic of each server, by label. */
    private Map<String, Traffic> traffic() {
        Map<String, BackendNumbers> earlier = byName(before.numbers().backends(), BackendNumbers::label);
        Map<String, Traffic> traffic = new HashMap<>();
        for (BackendNumbers now : after.numbers().backends()) {
            BackendNumbers then = earlier.get(now.label());
            traffic.put(
                    now.label(), then == null ? now.traffic() : now.traffic().minus(then.traffic()));
        }
        return traffic;
    }

    private Live.Pool pool(PoolNumbers pool, Map<String, Traffic> traffic) {
        // A server that is listed twice counts once.
        Traffic sum = pool.backends().stream()
                .distinct()
                .map(label -> traffic.getOrDefault(label, Traffic.NONE))
                .reduce(Traffic.NONE, Traffic::plus);
        return new Live.Pool(
                pool.name(),
                pool.backends().size(),
                pool.up(),
                rate(sum.requests()),
                ratio(sum.replies(ReplyKind.HIT), sum.replies(ReplyKind.MISS)),
                rate(sum.errors()),
                Latency.of(sum.serverTime()),
                sum.requests() == 0 ? null : PoolNumbers.imbalance(pool.shares(traffic)));
    }

    private List<Live.Backend> backends(Map<String, Traffic> traffic) {
        Map<String, List<String>> pools = new LinkedHashMap<>();
        Map<String, Long> requestsOfPool = new HashMap<>();
        for (PoolNumbers pool : after.numbers().pools()) {
            long requests = 0;
            for (String label : Set.copyOf(pool.backends())) {
                pools.computeIfAbsent(label, added -> new ArrayList<>()).add(pool.name());
                requests += traffic.getOrDefault(label, Traffic.NONE).requests();
            }
            requestsOfPool.put(pool.name(), requests);
        }
        return after.numbers().backends().stream()
                .map(backend -> backend(
                        backend,
                        traffic.getOrDefault(backend.label(), Traffic.NONE),
                        pools.getOrDefault(backend.label(), List.of()),
                        requestsOfPool))
                .toList();
    }

    private Live.Backend backend(
            BackendNumbers now, Traffic traffic, List<String> pools, Map<String, Long> requestsOfPool) {
        long all = pools.stream()
                .mapToLong(pool -> requestsOfPool.getOrDefault(pool, 0L))
                .max()
                .orElse(0);
        return new Live.Backend(
                now.label(),
                now.address(),
                now.state(),
                pools,
                rate(traffic.requests()),
                all == 0 ? null : (double) traffic.requests() / all,
                ratio(traffic.replies(ReplyKind.HIT), traffic.replies(ReplyKind.MISS)),
                rate(traffic.errors()),
                now.queued(),
                now.mostQueued(),
                new Live.Connections(now.ready(), now.connecting(), now.bad()),
                rate(traffic.receivedBytes()),
                rate(traffic.sentBytes()),
                Latency.of(traffic.serverTime()),
                Latency.of(traffic.queueTime()),
                now.failureCount(),
                now.reconnects(),
                now.lastFailure().orElse(null));
    }

    private List<Live.Route> routes() {
        Map<String, RouteNumbers> earlier = byName(before.numbers().routes(), RouteNumbers::name);
        return after.numbers().routes().stream()
                .map(route -> {
                    RouteNumbers then = earlier.get(route.name());
                    return then == null
                            ? route(route, new RouteNumbers(route.name(), 0, 0, 0, 0, Distribution.EMPTY))
                            : route(route, then);
                })
                .toList();
    }

    private Live.Route route(RouteNumbers now, RouteNumbers earlier) {
        return new Live.Route(
                now.name(),
                rate(now.requests(), earlier.requests()),
                ratio(since(now.hits(), earlier.hits()), since(now.misses(), earlier.misses())),
                rate(now.errors(), earlier.errors()),
                Latency.of(now.latency().minus(earlier.latency())));
    }

    private static Live.HotKeyShare hotKey(HotKey key) {
        return new Live.HotKeyShare(
                key.key(), key.share(), key.pool(), key.backend(), key.sizeBytes() == 0 ? null : key.sizeBytes());
    }

    private static <K, V> Map<K, V> byName(Collection<V> all, Function<V, K> name) {
        return all.stream().collect(Collectors.toMap(name, Function.identity(), (first, second) -> first));
    }
}
