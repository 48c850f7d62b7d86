package io.memroute.store;

import org.jspecify.annotations.Nullable;

/**
 * One stored value with the attributes that memcached keeps of it.
 *
 * <p>The value never changes: every command that changes it stores another item. The marks below it change in place.
 * The marks that decide who wins (stale, token sent, CAS, expiry) are written only under the key's lock;
 * {@code fetched}, {@code active} and {@code lastAccess} also without, as losing one of two simultaneous writes does no
 * harm.
 */
final class Item {
    /** The length of memcached's own item header on 64-bit machines, which its limit on an item's size includes. */
    private static final int MEMCACHED_HEADER = 48;

    private static final int MEMCACHED_CAS = 8;
    private static final int MEMCACHED_CLIENT_FLAGS = 4;
    /** The zero byte behind the key and the {@code \r\n} behind the value, which memcached stores. */
    private static final int MEMCACHED_TERMINATORS = 3;

    /**
     * The bytes of an item on the heap besides its key and value: the item (64), its key (24), two array headers (32)
     * and its entry in the hash table (40 with its share of the table).
     */
    private static final int HEAP_OVERHEAD = 160;

    final Key key;
    final byte[] value;
    final int clientFlags;
    /** The key came as base64 text, and is told so. */
    final boolean binaryKey;
    /** The place of this item in the order of all that were stored; an immediate flush is a point in it. */
    final long sequence;

    volatile long cas;
    /** A {@link StoreTime}; 0 is never. */
    volatile int expiry;

    volatile boolean stale;
    /** A client was told that it won and should refresh this item. */
    volatile boolean tokenSent;

    boolean fetched;
    /** Was fetched twice, or again since it was last moved from one queue to another. */
    boolean active;
    /** A {@link StoreTime}. */
    int lastAccess;

    /** The queue of {@link SegmentedLru} that it is in, and its neighbours there. Guarded by the lock of that. */
    byte queue = SegmentedLru.NEW;

    @Nullable
    Item newer;

    @Nullable
    Item older;

    Item(Key key, byte[] value, int clientFlags, boolean binaryKey, int expiry, long cas, long sequence, int now) {
        this.key = key;
        this.value = value;
        this.clientFlags = clientFlags;
        this.binaryKey = binaryKey;
        this.expiry = expiry;
        this.cas = cas;
        this.sequence = sequence;
        this.lastAccess = now;
    }

    /** Takes over who has seen this item and who is to refresh it, from the item that it replaces unseen. */
    void takeMarks(Item replaced) {
        this.stale = replaced.stale;
        this.tokenSent = replaced.tokenSent;
        this.fetched = replaced.fetched;
        this.active = replaced.active;
    }

    /**
     * Notes a fetch. As in memcached the first one only marks the item as fetched, and the last access moves from the
     * second on.
     */
    void bump(int now) {
        if (!fetched) {
            fetched = true;
            return;
        }
        // Writes only what changes: threads that fetch the same item do not take its cache line from each other.
        if (!active) {
            active = true;
        }
        if (lastAccess != now) {
            lastAccess = now;
        }
    }

    /** Bytes on the heap, about: what the bound of the store counts. */
    int weight() {
        return (int) weight(key.length(), value.length);
    }

    static long weight(int keyLength, long valueLength) {
        return HEAP_OVERHEAD + keyLength + valueLength;
    }

    /** The size memcached would give this item, which its item size limit bounds. */
    int memcachedSize() {
        return (int) memcachedSize(key.length(), clientFlags, value.length);
    }

    static long memcachedSize(int keyLength, int clientFlags, long valueLength) {
        return MEMCACHED_HEADER
                + MEMCACHED_CAS
                + MEMCACHED_TERMINATORS
                + (clientFlags == 0 ? 0 : MEMCACHED_CLIENT_FLAGS)
                + keyLength
                + valueLength;
    }
}
