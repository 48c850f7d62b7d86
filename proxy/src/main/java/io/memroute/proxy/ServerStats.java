package io.memroute.proxy;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.RequestError;
import io.memroute.proxy.backend.Backend;
import io.memroute.proxy.config.Settings;
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
import java.util.stream.Stream;

/**
 * The replies to {@code stats}. Sections are found by their first letters, as in memcached. Any thread.
 *
 * @see "docs/reference/proxy-api.md section 7"
 */
final class ServerStats {

    private static final List<String> SECTIONS = List.of(
            "settings",
            "proxy",
            "proxyfuncs",
            "proxybe",
            "items",
            "slabs",
            "sizes",
            "conns",
            "extstore",
            "reset",
            "latency",
            "hotkeys");

    /** The sections that can be asked for without changing anything: all but {@code stats reset}. */
    static final List<String> READ_ONLY_SECTIONS = Stream.concat(
                    Stream.of(""), SECTIONS.stream().filter(section -> !section.equals("reset")))
            .toList();

    private static final byte[] DETAIL_USAGE = Replies.line("CLIENT_ERROR usage: stats detail on|off|dump");
    private static final byte[] CACHEDUMP_USAGE = Replies.line("CLIENT_ERROR bad command line");
    private static final byte[] ILLEGAL_SLAB = Replies.line("CLIENT_ERROR Illegal slab id");
    /** The highest number that memcached takes for one of a slab class. */
    private static final int LAST_SLAB_CLASS = 63;

    private static final String NUMBER = "[0-9]{1,9}";

    private static final Set<Counter> RESET_BY_STATS_RESET =
            EnumSet.of(Counter.REQUESTS, Counter.REQUEST_ERRORS, Counter.OUT_OF_MEMORY, Counter.CLOSED_FOR_MEMORY);

    /** The commands that are counted, in the order of memcached's proxy. */
    private static final List<Command> COUNTED = List.of(
            Command.MG,
            Command.MS,
            Command.MD,
            Command.MN,
            Command.MA,
            Command.ME,
            Command.GET,
            Command.GAT,
            Command.SET,
            Command.ADD,
            Command.CAS,
            Command.GETS,
            Command.GATS,
            Command.INCR,
            Command.DECR,
            Command.TOUCH,
            Command.APPEND,
            Command.PREPEND,
            Command.DELETE,
            Command.REPLACE);

    private final ProxyServer server;

    ServerStats(ProxyServer server) {
        this.server = server;
    }

    /**
     * Answers a section that takes arguments, or one that takes none.
     *
     * @param arguments what follows the section's name
     */
    void write(String section, List<String> arguments, ByteBuf out) {
        switch (section) {
            case "detail" -> detail(arguments, out);
            case "cachedump" -> cacheDump(arguments, out);
            default -> write(section, out);
        }
    }

    void write(String section, ByteBuf out) {
        StatLines lines = new StatLines(out);
        String whole = section.isEmpty()
                ? ""
                : SECTIONS.stream()
                        .filter(name -> name.startsWith(section))
                        .findFirst()
                        .orElse("unknown");
        switch (whole) {
            case "" -> new GeneralStats(server).write(lines);
            case "settings" -> new SettingStats(server).write(lines);
            case "proxy" -> proxy(lines);
            case "proxyfuncs" -> functions(lines);
            case "proxybe" -> backends(lines);
            case "items" -> StoreStats.items(server.store(), lines);
            case "slabs" -> StoreStats.slabs(server.store(), lines);
            case "sizes" -> lines.add("sizes_status", "disabled").end();
            case "extstore" -> lines.end();
            case "conns" -> ConnectionStats.write(server.listeners(), lines);
            case "latency" -> LatencyStats.latency(server.numberReader(), lines);
            case "hotkeys" -> LatencyStats.hotKeys(server.numberReader(), lines);
            case "reset" -> reset(out);
            default -> out.writeBytes(Replies.ERROR);
        }
    }

    /** Counts per prefix of keys, which memroute does not keep: there are none to show. */
    private static void detail(List<String> arguments, ByteBuf out) {
        switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
            case "on", "off" -> out.writeBytes(Replies.OK);
            case "dump" -> new StatLines(out).end();
            default -> out.writeBytes(DETAIL_USAGE);
        }
    }

    /**
     * The keys of a slab class: none, since behind a proxy they are the servers', and the embedded store has no slabs.
     */
    private static void cacheDump(List<String> arguments, ByteBuf out) {
        if (arguments.size() < 2) {
            out.writeBytes(CACHEDUMP_USAGE);
        } else if (!arguments.get(0).matches(NUMBER) || !arguments.get(1).matches(NUMBER)) {
            out.writeBytes(RequestError.BAD_LINE.reply());
        } else if (Integer.parseInt(arguments.get(0)) > LAST_SLAB_CLASS) {
            out.writeBytes(ILLEGAL_SLAB);
        } else {
            new StatLines(out).end();
        }
    }

    private long total(Counter counter) {
        return server.workers().stream()
                .mapToLong(worker -> worker.counters().get(counter))
                .sum();
    }

    private long total(Command command) {
        return server.workers().stream()
                .mapToLong(worker -> worker.counters().get(command))
                .sum();
    }

    private void proxy(StatLines lines) {
        Settings settings = server.running().settings();
        Map<String, Long> named = new LinkedHashMap<>();
        server.workers().forEach(worker -> worker.userCounters().addTo(named));
        named.forEach((name, count) -> lines.add("user_" + name, Long.toUnsignedString(count)));
        lines.add("active_req_limit", settings.activeRequestLimit())
                .add("buffer_memory_limit", server.memoryLimit().bytes())
                .add("buffer_memory_used", total(Counter.BUFFER_MEMORY))
                // The memory of scripts is part of the heap, and collected with it.
                .add(
                        "vm_gc_runs",
                        ManagementFactory.getGarbageCollectorMXBeans().stream()
                                .mapToLong(collector -> Math.max(0, collector.getCollectionCount()))
                                .sum())
                .add(
                        "vm_memory_kb",
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10);
        for (Command command : COUNTED) {
            lines.add("cmd_" + command.word(), total(command));
        }
        lines.end();
    }

    private void functions(StatLines lines) {
        TreeMap<String, FunctionCounters.Count> byName = new TreeMap<>();
        server.workers().forEach(worker -> worker.functions().addTo(byName));
        byName.forEach(
                (name, count) -> lines.add("funcs_" + name, count.functions()).add("slots_" + name, count.slots()));
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
            worker.loop().execute(() -> {
                RESET_BY_STATS_RESET.forEach(worker.counters()::reset);
                worker.resetTimes();
            });
        }
        server.store().resetStats();
        out.writeBytes(Replies.RESET);
    }
}
