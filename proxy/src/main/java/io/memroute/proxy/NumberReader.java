package io.memroute.proxy;

import io.memroute.protocol.Command;
import io.memroute.proxy.access.QuotaKind;
import io.memroute.proxy.metrics.BackendNumbers;
import io.memroute.proxy.metrics.ClientNumbers;
import io.memroute.proxy.metrics.ConfigurationDigest;
import io.memroute.proxy.metrics.ConfigurationNumbers;
import io.memroute.proxy.metrics.Distribution;
import io.memroute.proxy.metrics.HotKey;
import io.memroute.proxy.metrics.IdentityNumbers;
import io.memroute.proxy.metrics.Overview;
import io.memroute.proxy.metrics.PoolNumbers;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.proxy.metrics.ProxyNumbers.Clients;
import io.memroute.proxy.metrics.ProxyNumbers.Limits;
import io.memroute.proxy.metrics.ProxyNumbers.Readiness;
import io.memroute.proxy.metrics.ProxyNumbers.StoreNumbers;
import io.memroute.proxy.metrics.ProxyNumbers.Watchers;
import io.memroute.proxy.metrics.RouteNumbers;
import io.memroute.proxy.metrics.SlowRequest;
import io.memroute.proxy.route.NamedRoute;
import io.memroute.proxy.stats.ClientCounters;
import io.memroute.proxy.stats.CommandClass;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.IdentityCounters;
import io.memroute.proxy.stats.ReplyKind;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Adds up the numbers of a server's workers. Any thread. */
final class NumberReader {

    private final ProxyServer server;
    private final ConfigurationDigest digest = new ConfigurationDigest();

    NumberReader(ProxyServer server) {
        this.server = server;
    }

    ProxyNumbers read() {
        List<BackendNumbers> backends = backends();
        return new ProxyNumbers(
                readiness(),
                counters(),
                commands(),
                results(),
                latency(),
                named(),
                new Clients(
                        server.options().maxConnections(),
                        server.listeners().refusedConnections(),
                        server.listeners().acceptPauses()),
                new Limits(
                        server.running().settings().activeRequestLimit(),
                        server.memoryLimit().bytes()),
                backends,
                pools(backends),
                groups(),
                identities(),
                refusals(),
                routes(),
                hotKeys(),
                ConfigurationNumbers.of(
                        server.running().isPresent(),
                        server.configuration().map(digest::of),
                        server.running().counters()),
                server.loopWatch().numbers(),
                new Watchers(
                        server.streams().watcherCount(),
                        server.streams().sentCount(),
                        server.streams().skippedCount()),
                store());
    }

    List<BackendNumbers> backends() {
        return BackendNumbers.of(server.workers().stream()
                .flatMap(worker -> worker.backends().readings().stream())
                .toList());
    }

    List<PoolNumbers> pools(List<BackendNumbers> backends) {
        return server.configuration()
                .map(config -> PoolNumbers.of(config, backends))
                .orElse(List.of());
    }

    List<HotKey> hotKeys() {
        return HotKey.merged(
                server.workers().stream().map(worker -> worker.hotKeys().read()).toList(),
                server.workers().getFirst().nanoTime());
    }

    Overview overview() {
        return Overview.of(counters(), results(), latency());
    }

    List<SlowRequest> slowRequests() {
        long now = server.workers().getFirst().nanoTime();
        return SlowRequest.of(
                server.workers().stream()
                        .flatMap(worker -> worker.slowRequests().read(now).stream())
                        .toList(),
                now);
    }

    private Readiness readiness() {
        return new Readiness(
                server.listeners().listening().iterator().hasNext(),
                !server.running().isPresent() || server.running().plan().isPresent(),
                server.isEnding());
    }

    private Map<Counter, Long> counters() {
        Map<Counter, Long> counters = new EnumMap<>(Counter.class);
        for (Counter counter : Counter.values()) {
            counters.put(counter, total(worker -> worker.counters().get(counter)));
        }
        return counters;
    }

    private Map<String, Long> commands() {
        Map<String, Long> commands = new LinkedHashMap<>();
        for (Command command : Command.values()) {
            if (command.isStorage()) {
                commands.put(command.word(), total(worker -> worker.counters().get(command)));
            }
        }
        return commands;
    }

    private Map<String, Map<ReplyKind, Long>> results() {
        Map<String, Map<ReplyKind, Long>> results = new LinkedHashMap<>();
        for (Command command : Command.values()) {
            if (command.isStorage() && command != Command.MN) {
                Map<ReplyKind, Long> kinds = new EnumMap<>(ReplyKind.class);
                for (ReplyKind kind : ReplyKind.values()) {
                    kinds.put(kind, total(worker -> worker.requests().get(command, kind)));
                }
                results.put(command.word(), kinds);
            }
        }
        return results;
    }

    Map<CommandClass, Distribution> latency() {
        Map<CommandClass, Distribution> latency = new EnumMap<>(CommandClass.class);
        for (CommandClass kind : CommandClass.values()) {
            latency.put(
                    kind,
                    Distribution.of(server.workers().stream()
                            .map(worker -> worker.requests().latency(kind))
                            .toList()));
        }
        return latency;
    }

    private List<ClientNumbers> groups() {
        Stream<String> tags = server.options().listeners().stream().map(ListenerSpec::tag);
        return Stream.concat(
                        tags, server.workers().stream().flatMap(worker -> worker.clients().groups().keySet().stream()))
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .map(this::group)
                .toList();
    }

    private ClientNumbers group(String listener) {
        List<ClientCounters> counters = server.workers().stream()
                .map(worker -> worker.clients().groups().get(listener))
                .filter(Objects::nonNull)
                .toList();
        ToLongFunction<ClientCounters.Count> sum =
                count -> counters.stream().mapToLong(each -> each.get(count)).sum();
        return new ClientNumbers(
                listener,
                sum.applyAsLong(ClientCounters.Count.CONNECTIONS),
                sum.applyAsLong(ClientCounters.Count.ACCEPTED),
                server.listeners().refusedConnections(listener),
                sum.applyAsLong(ClientCounters.Count.REQUESTS),
                sum.applyAsLong(ClientCounters.Count.ERRORS),
                sum.applyAsLong(ClientCounters.Count.RECEIVED_BYTES),
                sum.applyAsLong(ClientCounters.Count.SENT_BYTES));
    }

    private List<IdentityNumbers> identities() {
        return server.workers().stream()
                .flatMap(worker -> worker.clients().identities().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .map(this::identity)
                .toList();
    }

    /** Refused requests by the rule that has refused them. */
    private Map<String, Long> refusals() {
        Map<String, Long> refusals = new TreeMap<>();
        server.workers()
                .forEach(worker -> worker.clients()
                        .refusals()
                        .forEach((rule, count) -> refusals.merge(rule.toString(), count.get(), Long::sum)));
        return refusals;
    }

    private IdentityNumbers identity(String name) {
        ToLongFunction<IdentityCounters.Count> sum = count -> server.workers().stream()
                .map(worker -> worker.clients().identities().get(name))
                .filter(Objects::nonNull)
                .mapToLong(counters -> counters.get(count))
                .sum();
        Map<QuotaKind, Long> exceeded = new EnumMap<>(QuotaKind.class);
        for (QuotaKind kind : QuotaKind.values()) {
            exceeded.put(kind, sum.applyAsLong(IdentityCounters.Count.exceeded(kind)));
        }
        return new IdentityNumbers(
                name,
                sum.applyAsLong(IdentityCounters.Count.REQUESTS),
                sum.applyAsLong(IdentityCounters.Count.DENIED),
                exceeded);
    }

    List<RouteNumbers> routes() {
        Map<String, Long> named = named();
        return server.workers().getFirst().routeTimes().names().stream()
                .map(name -> new RouteNumbers(
                        name,
                        named.getOrDefault(name + NamedRoute.Counters.REQUESTS, 0L),
                        named.getOrDefault(name + NamedRoute.Counters.HITS, 0L),
                        named.getOrDefault(name + NamedRoute.Counters.MISSES, 0L),
                        named.getOrDefault(name + NamedRoute.Counters.ERRORS, 0L),
                        Distribution.of(server.workers().stream()
                                .map(worker -> worker.routeTimes().of(name))
                                .toList())))
                .toList();
    }

    private Map<String, Long> named() {
        Map<String, Long> named = new LinkedHashMap<>();
        server.workers().forEach(worker -> worker.userCounters().addTo(named));
        return named;
    }

    private StoreNumbers store() {
        Map<String, String> stats = server.store().stats();
        return new StoreNumbers(
                Long.parseLong(stats.get("curr_items")),
                Long.parseLong(stats.get("bytes")),
                server.store().maximumBytes(),
                Long.parseLong(stats.get("evictions")));
    }

    private long total(ToLongFunction<Worker> number) {
        return server.workers().stream().mapToLong(number).sum();
    }
}
