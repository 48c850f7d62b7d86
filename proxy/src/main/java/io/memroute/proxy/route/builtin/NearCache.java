package io.memroute.proxy.route.builtin;

import io.memroute.store.Store;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The items that one {@link NearCacheRoute} of the configuration keeps, for all workers. Thread safe.
 *
 * <p>A value on its way from a backend may be out of date when it arrives, because a write has passed it. So writes
 * change the version of their key, before they are sent and when they have been answered, and a value is kept only if
 * its key still has the version it had when the value was asked for. Several keys share a version: that costs a value
 * now and then, never truth.
 */
public final class NearCache {

    /** A power of two; with this many, a thousand writes in flight spoil a few of a thousand fills. */
    private static final int VERSIONS = 1 << 14;

    /** The bytes that the store counts besides the value: key and bookkeeping. */
    private static final int ITEM_OVERHEAD_BYTES = 512;

    private static final int LEAST_ITEM_SIZE_LIMIT = 1024;

    private final AtomicIntegerArray versions = new AtomicIntegerArray(VERSIONS);
    private final Store store;
    private final long ttlSeconds;
    private final int maxValueBytes;

    public NearCache(long maxBytes, long ttlSeconds, int maxValueBytes) {
        this.store = Store.builder()
                .maximumBytes(maxBytes)
                .itemSizeLimit(Math.max(LEAST_ITEM_SIZE_LIMIT, maxValueBytes + ITEM_OVERHEAD_BYTES))
                .build();
        this.ttlSeconds = ttlSeconds;
        this.maxValueBytes = maxValueBytes;
    }

    Store store() {
        return store;
    }

    long ttlSeconds() {
        return ttlSeconds;
    }

    int maxValueBytes() {
        return maxValueBytes;
    }

    int version(long keyHash) {
        return versions.get((int) keyHash & VERSIONS - 1);
    }

    /** Keeps replies to earlier requests for the key out of the cache. */
    void changeVersion(long keyHash) {
        versions.incrementAndGet((int) keyHash & VERSIONS - 1);
    }
}
