package io.memroute.proxy.access;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The use of all limits by all workers. A limit that a reload leaves as it is keeps its use. Thread safe. */
public final class QuotaBook {

    /** @param identity the name of the client it limits; empty if many share it */
    private record Entry(QuotaRule rule, String identity) {}

    private final Map<Entry, SharedQuota> entries = new HashMap<>();

    /** The use of a limit, begun if there is none. */
    synchronized SharedQuota of(QuotaRule rule, String identity, long nowNanos) {
        return entries.computeIfAbsent(new Entry(rule, identity), added -> new SharedQuota(rule, nowNanos));
    }

    /** Forgets the limits that are none of these. */
    public synchronized void retain(List<QuotaRule> rules) {
        entries.keySet().removeIf(entry -> !rules.contains(entry.rule()));
    }
}
