package io.memroute.proxy.stats;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The counters that the configuration names, on one worker. A name that a new configuration still has keeps its count;
 * a name that returns later starts again from 0.
 *
 * @see "docs/reference/route-library.md section 1.12"
 */
public final class UserCounters {

    private final Map<String, UserCounter> byName = new ConcurrentHashMap<>();
    /** Names of the configuration in force; those being prepared are not shown yet. */
    private volatile List<String> shown = List.of();

    /** The counter of that name, made if there is none. The worker's thread. */
    public UserCounter counter(String name) {
        return byName.computeIfAbsent(name, added -> new UserCounter());
    }

    /** Shows and keeps only the names of a configuration that has taken over, in this order. The worker's thread. */
    public void show(List<String> names) {
        shown = List.copyOf(names);
        byName.keySet().retainAll(names);
    }

    /** Adds these counts to the sums over workers, by name in the order of the configuration. Any thread. */
    public void addTo(Map<String, Long> sums) {
        for (String name : shown) {
            UserCounter counter = byName.get(name);
            if (counter != null) {
                sums.merge(name, counter.get(), Long::sum);
            }
        }
    }
}
