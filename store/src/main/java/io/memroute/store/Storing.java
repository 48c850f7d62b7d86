package io.memroute.store;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Stores values under conditions, for {@code set}, {@code add}, {@code replace}, {@code append}, {@code prepend},
 * {@code cas} and all modes of {@code ms}. {@link #store} wants the key's lock held.
 */
final class Storing {
    private final ItemTable table;
    private final int itemSizeLimit;

    Storing(ItemTable table, int itemSizeLimit) {
        this.table = table;
        this.itemSizeLimit = itemSizeLimit;
    }

    /** The value to be stored and its conditions. Filled by the command, used again. */
    static final class Order {
        private static final byte[] NO_VALUE = {};

        StoreMode mode = StoreMode.SET;
        byte[] value = NO_VALUE;
        int clientFlags;
        int expiry;
        boolean binaryKey;
        /** The CAS the stored item must have; 0 for none. */
        long requestCas;
        /** Whether an older CAS stores the value all the same, marked as stale. */
        boolean acceptOlderCas;
        /** The CAS to give to the new item, if {@link #hasNewCas}. */
        long newCas;

        boolean hasNewCas;

        /** Lets go of the value, which is the item's now. */
        void forgetValue() {
            value = NO_VALUE;
        }
    }

    /** The relation of the request's CAS to the stored item's. */
    private enum CasMatch {
        NONE,
        MATCH,
        OLDER,
        OTHER
    }

    /** Whether an item of that size is over the limit, or larger than the whole store. */
    boolean tooLarge(int keyLength, int clientFlags, long valueLength) {
        return Item.memcachedSize(keyLength, clientFlags, valueLength) > itemSizeLimit
                || Item.weight(keyLength, valueLength) > table.maximumBytes();
    }

    /** Stores the value if its mode's condition holds; {@link Scratch#item} is then the item. */
    Outcome store(Order order, Scratch scratch) {
        Item old = table.find(scratch.probe, scratch.now);
        scratch.item = null;
        return old == null ? storeFirst(order, scratch) : storeOver(old, order, scratch);
    }

    /** Removes the key's item, if there is one. Takes the key's lock itself. */
    void drop(Scratch scratch) {
        ReentrantLock lock = table.lock(scratch.probe);
        lock.lock();
        try {
            Item item = table.find(scratch.probe, scratch.now);
            if (item != null) {
                table.drop(item);
            }
        } finally {
            lock.unlock();
        }
    }

    private Outcome storeFirst(Order order, Scratch scratch) {
        if (order.mode == StoreMode.CAS) {
            table.counters.add(Counter.CAS_MISSES);
            return Outcome.NOT_FOUND;
        }
        if (!order.mode.createsItem()) {
            return Outcome.NOT_STORED;
        }
        put(scratch.probe.copy(), order.value, order.clientFlags, order.binaryKey, order.expiry, order, scratch);
        return Outcome.STORED;
    }

    private Outcome storeOver(Item old, Order order, Scratch scratch) {
        CasMatch match = match(old, order);
        switch (order.mode) {
            case ADD -> {
                // A refused add keeps the item alive longer, as it is plainly in use.
                old.lastAccess = scratch.now;
                return Outcome.NOT_STORED;
            }
            case CAS -> {
                if (match == CasMatch.NONE || match == CasMatch.OTHER) {
                    table.counters.add(Counter.CAS_BADVAL);
                    return Outcome.EXISTS;
                }
                table.counters.add(Counter.CAS_HITS);
                boolean older = match == CasMatch.OLDER;
                Item item = put(
                        old.key,
                        order.value,
                        order.clientFlags,
                        order.binaryKey,
                        older ? old.expiry : order.expiry,
                        order,
                        scratch);
                if (older) {
                    item.stale = true;
                    item.tokenSent = old.tokenSent;
                }
                return Outcome.STORED;
            }
            case APPEND, PREPEND, APPEND_OR_SET, PREPEND_OR_SET -> {
                if (match != CasMatch.NONE && match != CasMatch.MATCH) {
                    return Outcome.EXISTS;
                }
                long length = (long) old.value.length + order.value.length;
                if (tooLarge(old.key.length(), old.clientFlags, length)) {
                    return Outcome.NOT_STORED;
                }
                byte[] joined = order.mode.appends() ? join(old.value, order.value) : join(order.value, old.value);
                put(old.key, joined, old.clientFlags, old.binaryKey, old.expiry, order, scratch);
                return Outcome.STORED;
            }
            default -> {
                put(old.key, order.value, order.clientFlags, order.binaryKey, order.expiry, order, scratch);
                return Outcome.STORED;
            }
        }
    }

    private static CasMatch match(Item old, Order order) {
        long wanted = order.requestCas;
        if (wanted == 0) {
            return CasMatch.NONE;
        }
        if (wanted == old.cas) {
            return CasMatch.MATCH;
        }
        return order.acceptOlderCas && Long.compareUnsigned(wanted, old.cas) < 0 ? CasMatch.OLDER : CasMatch.OTHER;
    }

    private Item put(
            Key key, byte[] value, int clientFlags, boolean binaryKey, int expiry, Order order, Scratch scratch) {
        long cas = order.hasNewCas ? order.newCas : table.nextCas();
        Item item = new Item(key, value, clientFlags, binaryKey, expiry, cas, table.nextSequence(), scratch.now);
        table.put(item);
        scratch.item = item;
        return item;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = new byte[first.length + second.length];
        System.arraycopy(first, 0, joined, 0, first.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
