package io.memroute.proxy.metrics;

import io.memroute.proxy.stats.CommandClass;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.ReplyKind;
import java.util.EnumMap;
import java.util.Map;

/**
 * The few numbers that say how a proxy does, cheap to read however many servers there are.
 *
 * @param requests requests given to routes
 * @param replies their outcomes; every kind is there
 * @param latency as clients see it, of all commands
 * @param active requests under way
 * @param connections clients connected
 */
public record Overview(
        long requests, Map<ReplyKind, Long> replies, Distribution latency, long active, long connections) {

    /** Adds up the numbers of single commands. */
    public static Overview of(
            Map<Counter, Long> counters,
            Map<String, Map<ReplyKind, Long>> results,
            Map<CommandClass, Distribution> latency) {
        Map<ReplyKind, Long> replies = new EnumMap<>(ReplyKind.class);
        for (ReplyKind kind : ReplyKind.values()) {
            replies.put(
                    kind,
                    results.values().stream()
                            .mapToLong(result -> result.getOrDefault(kind, 0L))
                            .sum());
        }
        return new Overview(
                counters.getOrDefault(Counter.REQUESTS, 0L),
                replies,
                Distribution.sum(latency.values()),
                counters.getOrDefault(Counter.ACTIVE_REQUESTS, 0L),
                counters.getOrDefault(Counter.CURRENT_CONNECTIONS, 0L));
    }

    /** The number of requests that ended with a kind of reply. */
    public long replies(ReplyKind kind) {
        return replies.getOrDefault(kind, 0L);
    }
}
