package io.memroute.proxy;

import io.memroute.proxy.stats.StatLines;
import io.memroute.store.Store;
import java.util.List;
import java.util.Map;

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
            lines.add("items:" + CLASS + "number", stats.get("curr_items"))
                    .add("items:" + CLASS + "mem_requested", stats.get("bytes"))
                    .add("items:" + CLASS + "evicted", stats.get("evictions"))
                    .add("items:" + CLASS + "evicted_unfetched", stats.get("evicted_unfetched"))
                    .add("items:" + CLASS + "evicted_active", stats.get("evicted_active"))
                    .add("items:" + CLASS + "expired_unfetched", stats.get("expired_unfetched"))
                    .add("items:" + CLASS + "outofmemory", stats.get("store_no_memory"))
                    .add("items:" + CLASS + "reclaimed", stats.get("reclaimed"));
        }
        lines.end();
    }

    static void slabs(Store store, StatLines lines) {
        Map<String, String> stats = store.stats();
        boolean empty = isEmpty(stats);
        if (!empty) {
            lines.add(CLASS + "used_chunks", stats.get("curr_items")).add(CLASS + "mem_requested", stats.get("bytes"));
            SLAB_COUNTERS.forEach(counter -> lines.add(CLASS + counter, stats.get(counter)));
        }
        lines.add("active_slabs", empty ? 0 : 1)
                .add("total_malloced", stats.get("bytes"))
                .end();
    }

    private static boolean isEmpty(Map<String, String> stats) {
        return "0".equals(stats.get("curr_items"));
    }
}
