package io.memroute.store;

import java.util.Locale;

/** The counters of a store, each under the name it has in memcached's {@code stats}, in that order. */
enum Counter {
    CMD_GET,
    CMD_SET,
    CMD_FLUSH,
    CMD_TOUCH,
    CMD_META,
    GET_HITS,
    GET_MISSES,
    GET_EXPIRED,
    GET_FLUSHED,
    DELETE_MISSES,
    DELETE_HITS,
    INCR_MISSES,
    INCR_HITS,
    DECR_MISSES,
    DECR_HITS,
    CAS_MISSES,
    CAS_HITS,
    CAS_BADVAL,
    TOUCH_HITS,
    TOUCH_MISSES,
    STORE_TOO_LARGE,
    STORE_NO_MEMORY,
    TOTAL_ITEMS,
    EXPIRED_UNFETCHED,
    EVICTED_UNFETCHED,
    EVICTED_ACTIVE,
    EVICTIONS,
    RECLAIMED;

    final String statName = name().toLowerCase(Locale.ROOT);
}
