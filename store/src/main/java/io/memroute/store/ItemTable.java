package io.memroute.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.memroute.protocol.Command;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The items by key: finding, storing and dropping them, expiry and flushes, and the locks that make commands atomic per
 * key.
 *
 * <p>Caffeine bounds the sum of the items' weights and picks what goes. Expired and flushed items go when they are
 * looked up, or when they are evicted. Commands that change an item hold {@link #lock} of its key from the look-up to
 * the change; eviction does not, which is as if it had come right before or after.
 */
final class ItemTable {
    /** A power of two, many times the number of threads, so that two of them rarely want the same lock. */
    private static final int LOCKS = 1024;
    /** No delayed flush has been asked for. */
    private static final int NO_FLUSH = 0;

    final StoreTime time;
    final Counters counters;
    private final StoreEvents events;
    private final int itemSizeLimit;
    private final Cache<Key, Item> cache;
    private final Executor cleaner;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];
    private final AtomicLong casIds = new AtomicLong();
    private final AtomicLong sequences = new AtomicLong();
    /** Items up to this place in the order of storing are gone. */
    private volatile long flushedSequence;
    /** Items last accessed up to this time are gone once it has come. */
    private volatile int flushTime = NO_FLUSH;

    /**
     * @param itemSizeLimit decides about slab classes
     * @param cleaner runs evictions and removes flushed items
     */
    ItemTable(
        long maximumBytes, int itemSizeLimit, StoreTime time, Counters counters, StoreEvents events, Executor cleaner) {
        this.time = time;
        this.counters = counters;
        this.events = events;
        this.itemSizeLimit = itemSizeLimit;
        this.cleaner = cleaner;
        this.cache = Caffeine.newBuilder()
            .maximumWeight(maximumBytes)
            .weigher((Key key, Item item) -> item.weight())
            .executor(cleaner)
            .evictionListener((Key key, Item item, RemovalCause cause) -> evicted(item))
            .build();
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /** What a command that changes the key's item has to hold. */
    ReentrantLock lock(Key key) {
        return locks[key.hashCode() & LOCKS - 1];
    }

    /** The living item of a key, or null. Does not count as a fetch. */
    Item find(Key key, int now) {
        Item item = cache.getIfPresent(key);
        if (item == null) {
            return null;
        }
        if (isFlushed(item, now)) {
            drop(item);
            counters.add(Counter.GET_FLUSHED);
            return null;
        }
        int expiry = item.expiry;
        if (expiry != StoreTime.NEVER && expiry <= now) {
            drop(item);
            counters.add(Counter.GET_EXPIRED);
            return null;
        }
        return item;
    }

    /** A client has asked for an item to go; its key is locked. */
    void delete(Item item, Command command) {
        drop(item);
        if (events.wantsDeletions()) {
            events.deleted(Arrays.copyOf(item.key.bytes(), item.key.length()), command,
                SlabClass.of(item.memcachedSize(), itemSizeLimit), item.value.length);
        }
    }

    private void evicted(Item item) {
        counters.add(Counter.EVICTIONS);
        if (events.wantsEvictions()) {
            int now = time.now();
            events.evicted(Arrays.copyOf(item.key.bytes(), item.key.length()), item.fetched,
                MetaCommands.timeToLive(item, now), now - item.lastAccess,
                SlabClass.of(item.memcachedSize(), itemSizeLimit), item.value.length);
        }
    }

    private boolean isFlushed(Item item, int now) {
        int flush = flushTime;
        return item.sequence <= flushedSequence || flush != NO_FLUSH && flush <= now && item.lastAccess <= flush;
    }

    /** Puts a new item in its key's place. */
    void put(Item item) {
        cache.put(item.key, item);
        counters.add(Counter.TOTAL_ITEMS);
    }

    /** Puts an item in the place of one that it is a later state of. */
    void replaceInPlace(Item item) {
        cache.put(item.key, item);
    }

    /** Removes exactly this item, not one that has taken its place. */
    void drop(Item item) {
        cache.asMap().remove(item.key, item);
    }

    long nextCas() {
        return casIds.incrementAndGet();
    }

    long nextSequence() {
        return sequences.incrementAndGet();
    }

    /** Makes everything stored so far gone. */
    void flush() {
        flushTime = NO_FLUSH;
        flushedSequence = sequences.get();
        cleaner.execute(() -> cache.asMap().values().removeIf(item -> item.sequence <= flushedSequence));
    }

    /**
     * Makes everything gone that was stored before {@code delaySeconds} from now, then. Takes the place of an earlier
     * such order.
     */
    void flushAfter(int delaySeconds) {
        flushTime = time.expiry(delaySeconds) - 1;
    }

    long itemCount() {
        return cache.estimatedSize();
    }

    /** The sum of the items' weights. */
    long bytes() {
        return cache.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }

    long maximumBytes() {
        return cache.policy().eviction().orElseThrow().getMaximum();
    }

    void setMaximumBytes(long bytes) {
        cache.policy().eviction().orElseThrow().setMaximum(bytes);
    }
}
