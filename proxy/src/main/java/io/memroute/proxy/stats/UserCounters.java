package io.memroute.proxy.stats;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The counters that the configuration names, on one worker. A name that a new configuration still has keeps its count; one
 * that it has no more starts again from 0 if it ever returns.
 *
 * @see "route-library.md section 1.12"
 */
public final class UserCounters {

    private final Map<String, UserCounter> byName = new ConcurrentHashMap<>();
    /** Names of the configuration in force; those being prepared are not shown yet. */
    private volatile Set<String> shown = Set.of();

    /** The counter of that name, made if there is none. The worker's thread. */
    public UserCounter counter(String name) {
        return byName.computeIfAbsent(name, added -> new UserCounter());
    }

    /** A configuration has taken over: only its names are shown and kept. The worker's thread. */
    public void show(Set<String> names) {
        shown = Set.copyOf(names);
        byName.keySet().retainAll(names);
    }

    /** Adds what is counted here to the sums over workers, by name; any thread. */
    public void addTo(TreeMap<String, Long> sums) {
        for (String name : shown) {
            UserCounter counter = byName.get(name);
            if (counter != null) {
                sums.merge(name, counter.get(), Long::sum);
            }
        }
    }
}
