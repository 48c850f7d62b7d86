package io.memroute.store;

import io.memroute.protocol.Command;

/**
 * Receives the events of items. Called by the thread that runs a command, which may hold a key's lock, or by the one
 * that evicts: must not block.
 */
public interface StoreEvents {

    /** Wants no events. */
    StoreEvents NONE = new StoreEvents() {
        @Override
        public boolean wantsDeletions() {
            return false;
        }

        @Override
        public boolean wantsEvictions() {
            return false;
        }

        @Override
        public void evicted(
                byte[] key, boolean fetched, int ttlSeconds, int idleSeconds, int slabClass, int valueBytes) {
            throw new IllegalStateException("nobody wants to know");
        }

        @Override
        public void deleted(byte[] key, Command command, int slabClass, int valueBytes) {
            throw new IllegalStateException("nobody wants to know");
        }
    };

    /** Whether {@link #deleted} is to be called at all; asked for each deletion. */
    boolean wantsDeletions();

    /**
     * Takes note that a client has deleted an item.
     *
     * @param command {@code delete} or {@code md}
     * @param slabClass the slab class in which memcached, with its default settings, would have kept the item
     * @param valueBytes length of its value
     */
    void deleted(byte[] key, Command command, int slabClass, int valueBytes);

    /** Whether {@link #evicted} is to be called at all; asked for each eviction. */
    boolean wantsEvictions();

    /**
     * Takes note that an item had to go because the store was full.
     *
     * @param fetched whether it was ever asked for
     * @param ttlSeconds that it had left; -1 if it never expires
     * @param idleSeconds since it was last asked for, or stored
     * @param slabClass as in {@link #deleted}
     * @param valueBytes length of its value
     */
    void evicted(byte[] key, boolean fetched, int ttlSeconds, int idleSeconds, int slabClass, int valueBytes);
}
