package io.memroute.proxy;

import io.memroute.proxy.stats.StatLines;
import io.memroute.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code stats items} and {@code stats slabs}. The embedded store divides its memory into no classes; so that tools and
 * scripts which add up memcached's find what they look for, it shows itself as one, number 1, as long as there are
 * items.
 */
final class StoreStats {

    private static final String CLASS = "1:";

    private static final List<String> SLAB_COUNTERS = List.of(
            "get_hits", "cmd_set", "delete_hits", "incr_hits", "decr_hits", "cas_hits", "cas_badval", "touch_hits");

    private StoreStats() {}

    static void items(Store store, StatLines lines) {
        Map<String, String> stats = store.stats();
        if (!isEmpty(stats)) {
            lines.add("items:" + CLASS + "number", count(stats, "curr_items"))
                    .add("items:" + CLASS + "mem_requested", count(stats, "bytes"))
                    .add("items:" + CLASS + "evicted", count(stats, "evictions"))
                    .add("items:" + CLASS + "evicted_unfetched", count(stats, "evicted_unfetched"))
                    .add("items:" + CLASS + "evicted_active", count(stats, "evicted_active"))
                    .add("items:" + CLASS + "expired_unfetched", count(stats, "expired_unfetched"))
                    .add("items:" + CLASS + "outofmemory", count(stats, "store_no_memory"))
                    .add("items:" + CLASS + "reclaimed", count(stats, "reclaimed"));
        }
        lines.end();
    }

    static void slabs(Store store, StatLines lines) {
        Map<String, String> stats = store.stats();
        boolean empty = isEmpty(stats);
        if (!empty) {
            lines.add(CLASS + "used_chunks", count(stats, "curr_items"))
                    .add(CLASS + "mem_requested", count(stats, "bytes"));
            SLAB_COUNTERS.forEach(counter -> lines.add(CLASS + counter, count(stats, counter)));
        }
        lines.add("active_slabs", empty ? 0 : 1)
                .add("total_malloced", count(stats, "bytes"))
                .end();
    }

    private static String count(Map<String, String> stats, String name) {
        return Objects.requireNonNull(stats.get(name), name);
    }

    private static boolean isEmpty(Map<String, String> stats) {
        return "0".equals(stats.get("curr_items"));
    }
}
