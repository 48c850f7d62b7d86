package io.memroute.proxy.stats;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The functions of scripts that are alive on one worker, and their slots, by name. Counted by the worker's thread,
 * separately for each load; read by any thread.
 *
 * @see "docs/reference/proxy-api.md section 7.2"
 */
public final class FunctionCounters {

    /** Functions of one name, and the slots that were made for them. */
    public record Count(long functions, long slots) {
        Count plus(Count more) {
            return new Count(functions + more.functions, slots + more.slots);
        }
    }

    private final Set<Tally> open = ConcurrentHashMap.newKeySet();

    /** The functions and slots that one load has made. */
    public final class Tally {
        private final Map<String, Count> byName = new ConcurrentHashMap<>();

        private Tally() {}

        /** Counts functions and slots that were made, or with numbers below 0 that have gone. */
        public void add(String name, long functions, long slots) {
            byName.merge(name, new Count(functions, slots), Count::plus);
        }

        /** Ends the tally: everything that the load made has gone. */
        public void close() {
            open.remove(this);
        }
    }

    /** Begins the tally of a load. */
    public Tally open() {
        Tally added = new Tally();
        open.add(added);
        return added;
    }

    /** Adds this worker's numbers to the sums over workers, by name. Any thread. */
    public void addTo(TreeMap<String, Count> sums) {
        for (Tally tally : open) {
            tally.byName.forEach((name, count) -> sums.merge(name, count, Count::plus));
        }
    }
}
