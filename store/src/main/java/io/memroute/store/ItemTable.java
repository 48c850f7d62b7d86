package io.memroute.store;

import io.memroute.protocol.Command;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The items by key: finding, storing and dropping them, expiry and flushes, and the locks that make commands atomic per
 * key.
 *
 * <p>The sum of the items' weights is bounded; {@link SegmentedLru} picks what goes, and the thread that stored too
 * much removes it. Expired and flushed items go when they are looked up, or when it is their turn to be evicted.
 * Commands that change an item hold {@link #lock} of its key from the look-up to the change; eviction does not, which
 * is as if it had come right before or after.
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
    private final ConcurrentHashMap<Key, Item> items = new ConcurrentHashMap<>();
    private final SegmentedLru order;
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
     * @param cleaner removes flushed items
     */
    ItemTable(
            long maximumBytes,
            int itemSizeLimit,
            StoreTime time,
            Counters counters,
            StoreEvents events,
            Executor cleaner) {
        this.time = time;
        this.counters = counters;
        this.events = events;
        this.itemSizeLimit = itemSizeLimit;
        this.cleaner = cleaner;
        this.order = new SegmentedLru(maximumBytes);
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /** The lock that a command has to hold while it changes the key's item. */
    ReentrantLock lock(Key key) {
        return locks[key.hashCode() & LOCKS - 1];
    }

    /** The living item of a key, if there is one. Does not count as a fetch. */
    @Nullable
    Item find(Key key, int now) {
        Item item = items.get(key);
        if (item == null) {
            return null;
        }
        if (isFlushed(item, now)) {
            drop(item);
            counters.add(Counter.GET_FLUSHED);
            return null;
        }
        if (isExpired(item, now)) {
            if (drop(item) && !item.fetched) {
                counters.add(Counter.EXPIRED_UNFETCHED);
            }
            counters.add(Counter.GET_EXPIRED);
            return null;
        }
        return item;
    }

    private static boolean isExpired(Item item, int now) {
        int expiry = item.expiry;
        return expiry != StoreTime.NEVER && expiry <= now;
    }

    /** A client has asked for an item to go; its key is locked. */
    void delete(Item item, Command command) {
        drop(item);
        if (events.wantsDeletions()) {
            events.deleted(
                    Arrays.copyOf(item.key.bytes(), item.key.length()),
                    command,
                    SlabClass.of(item.memcachedSize(), itemSizeLimit),
                    item.value.length);
        }
    }

    /**
     * Removes items until the bound holds.
     *
     * @param victims the first that has to go, if one has to
     * @param stored stays, because it has just been stored
     */
    private void makeRoom(@Nullable Item victims, @Nullable Item stored) {
        if (victims == null) {
            return;
        }
        int now = time.now();
        for (Item batch = victims; batch != null; batch = order.overflow(stored)) {
            for (Item next, victim = batch; victim != null; victim = next) {
                next = victim.older;
                victim.older = null;
                if (items.remove(victim.key, victim)) {
                    wentForRoom(victim, now);
                }
            }
        }
    }

    private void wentForRoom(Item item, int now) {
        if (isFlushed(item, now) || isExpired(item, now)) {
            counters.add(Counter.RECLAIMED);
            if (!item.fetched) {
                counters.add(Counter.EXPIRED_UNFETCHED);
            }
            return;
        }
        counters.add(Counter.EVICTIONS);
        if (!item.fetched) {
            counters.add(Counter.EVICTED_UNFETCHED);
        }
        if (item.active) {
            counters.add(Counter.EVICTED_ACTIVE);
        }
        if (events.wantsEvictions()) {
            events.evicted(
                    Arrays.copyOf(item.key.bytes(), item.key.length()),
                    item.fetched,
                    MetaCommands.timeToLive(item, now),
                    now - item.lastAccess,
                    SlabClass.of(item.memcachedSize(), itemSizeLimit),
                    item.value.length);
        }
    }

    private boolean isFlushed(Item item, int now) {
        int flush = flushTime;
        return item.sequence <= flushedSequence || flush != NO_FLUSH && flush <= now && item.lastAccess <= flush;
    }

    /** Puts a new item in its key's place. */
    void put(Item item) {
        Item replaced = items.put(item.key, item);
        counters.add(Counter.TOTAL_ITEMS);
        makeRoom(order.add(item, replaced), item);
    }

    /** Puts an item in the place of one that it is a later state of, and as long as. */
    void replaceInPlace(Item item) {
        Item replaced = items.put(item.key, item);
        if (replaced == null) {
            // The item was evicted meanwhile.
            makeRoom(order.add(item, null), item);
        } else {
            order.substitute(item, replaced);
        }
    }

    /** Removes exactly this item, not one that has taken its place. Returns whether it was there. */
    boolean drop(Item item) {
        boolean removed = items.remove(item.key, item);
        if (removed) {
            order.remove(item);
        }
        return removed;
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
        cleaner.execute(() -> items.values().forEach(item -> {
            if (item.sequence <= flushedSequence) {
                drop(item);
            }
        }));
    }

    /**
     * Makes everything gone that was stored before {@code delaySeconds} from now, then. Takes the place of an earlier
     * such order.
     */
    void flushAfter(int delaySeconds) {
        flushTime = time.expiry(delaySeconds) - 1;
    }

    /** As {@link SegmentedLru#moves}. */
    long[] moves() {
        return order.moves();
    }

    long itemCount() {
        return items.mappingCount();
    }

    /** The sum of the items' weights. */
    long bytes() {
        return order.weightNow();
    }

    long maximumBytes() {
        return order.maximumWeight();
    }

    void setMaximumBytes(long bytes) {
        order.setMaximumWeight(bytes);
        makeRoom(order.overflow(null), null);
    }
}
