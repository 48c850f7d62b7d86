package io.memroute.proxy;

import io.memroute.protocol.Command;
import io.memroute.proxy.metrics.BackendNumbers;
import io.memroute.proxy.metrics.ConfigurationDigest;
import io.memroute.proxy.metrics.ConfigurationNumbers;
import io.memroute.proxy.metrics.Distribution;
import io.memroute.proxy.metrics.PoolNumbers;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.proxy.metrics.ProxyNumbers.Clients;
import io.memroute.proxy.metrics.ProxyNumbers.Limits;
import io.memroute.proxy.metrics.ProxyNumbers.Readiness;
import io.memroute.proxy.metrics.ProxyNumbers.StoreNumbers;
import io.memroute.proxy.metrics.ProxyNumbers.Watchers;
import io.memroute.proxy.metrics.Traffic;
import io.memroute.proxy.stats.CommandClass;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.ReplyKind;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Adds up the numbers of a server's workers. Any thread. */
final class NumberReader {

    private final ProxyServer server;
    private final ConfigurationDigest digest = new ConfigurationDigest();

    NumberReader(ProxyServer server) {
        this.server = server;
    }

    ProxyNumbers read() {
        List<BackendNumbers> backends = BackendNumbers.of(server.workers().stream()
                .flatMap(worker -> worker.backends().readings().stream())
                .toList());
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
                server.configuration()
                        .map(config -> PoolNumbers.of(config, backends))
                        .orElse(List.of()),
                List.of(),
                List.of(),
                List.of(),
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

    private static Map<String, Map<ReplyKind, Long>> results() {
        Map<String, Map<ReplyKind, Long>> results = new LinkedHashMap<>();
        for (Command command : Command.values()) {
            if (command.isStorage()) {
                results.put(command.word(), Traffic.NONE.replies());
            }
        }
        return results;
    }

    private static Map<CommandClass, Distribution> latency() {
        Map<CommandClass, Distribution> latency = new EnumMap<>(CommandClass.class);
        for (CommandClass kind : CommandClass.values()) {
            latency.put(kind, Distribution.EMPTY);
        }
        return latency;
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
