package io.memroute.proxy.hash;

import io.memroute.proxy.hash.function.BytesHash;
import io.netty.buffer.ByteBuf;

/**
 * A {@link Distribution} over the servers of one pool, made ready to run. Immutable, so workers may share one. It reads
 * keys where they lie and allocates nothing.
 */
public interface KeyLocator {

    /** The place, 0-based, of the key's server in the list that this was built from. */
    int place(ByteBuf key, int index, int length);

    /** The number that decides the place of a key: its hash, or the highest score. For explaining a selection. */
    long hash(ByteBuf key, int index, int length);

    /** The second of two steps, where the first makes a number of the key. */
    @FunctionalInterface
    interface OfHash {

        /** The place, 0-based, of the server of a hash. */
        int place(long hash);
    }

    /** Hashes a key, then picks the server by its hash alone. */
    static KeyLocator of(BytesHash hash, OfHash servers) {
        return new KeyLocator() {
            @Override
            public int place(ByteBuf key, int index, int length) {
                return servers.place(hash.of(key, index, length));
            }

            @Override
            public long hash(ByteBuf key, int index, int length) {
                return hash.of(key, index, length);
            }
        };
    }
}
