package io.memroute.store;

import io.memroute.protocol.Command;

/** Is told what clients do to items. Called by the thread that runs the command while it holds the key's lock: must not block. */
public interface StoreEvents {

    /** Nobody is told anything. */
    StoreEvents NONE = new StoreEvents() {
        @Override
        public boolean wantsDeletions() {
            return false;
        }

        @Override
        public void deleted(byte[] key, Command command, int slabClass, int valueBytes) {
            throw new IllegalStateException("nobody wants to know");
        }
    };

    /** Whether {@link #deleted} is to be called at all; asked for each deletion. */
    boolean wantsDeletions();

    /**
     * A client has deleted an item.
     *
     * @param command {@code delete} or {@code md}
     * @param slabClass where memcached, with its default settings, would have kept the item
     * @param valueBytes length of its value
     */
    void deleted(byte[] key, Command command, int slabClass, int valueBytes);
}
