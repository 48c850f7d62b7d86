package io.memroute.proxy.stats;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The latency of the routes that the configuration names, on one worker. A name that a new configuration still has
 * keeps its times. Recorders are the worker's; the names are for any thread.
 */
public final class RouteTimes {

    private final Map<String, LatencyRecorder> byName = new ConcurrentHashMap<>();
    /** Names of the configuration in force; those being prepared are not shown yet. */
    private volatile List<String> shown = List.of();

    /** The recorder of the route of that name, made if there is none. */
    public LatencyRecorder of(String name) {
        return byName.computeIfAbsent(name, added -> new LatencyRecorder());
    }

    /** Shows and keeps only the routes with these names, of a configuration that has taken over. */
    public void show(List<String> names) {
        byName.keySet().retainAll(names);
        shown = names.stream().filter(byName::containsKey).toList();
    }

    /** The names of the configuration in force, in its order. */
    public List<String> names() {
        return shown;
    }

    /** Starts over. The worker's thread. */
    public void reset() {
        byName.values().forEach(LatencyRecorder::reset);
    }
}
