package io.memroute.proxy.hash.scheme.mcrouter;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.function.Murmur2;
import io.netty.buffer.ByteBuf;

/**
 * mcrouter's default, {@code Ch3}: the bits of a stream that a key begins lead down a binary tree. Few keys move when a
 * server is added at the end.
 */
public final class Ch3 implements KeyLocator {

    public static final Scheme SCHEME = Scheme.named("mcrouter-ch3")
            .hash("murmur64a", HashFunction.MURMUR2_64)
            .seeded()
            .by((servers, hash, seed) -> Salted.of(new Ch3(servers.size()), seed));

    /** The seed of mcrouter's hashes of keys and of its rendezvous' names. */
    static final long SEED = 4193360111L;

    /** The bits of one draw are this far from each other in the stream. */
    private static final int STRIDE = 23;

    private static final int MOST_TRIES = 32;

    private final int servers;
    /** Enough bits to number the servers. */
    private final int depth;

    Ch3(int servers) {
        this.servers = servers;
        depth = Integer.SIZE - Integer.numberOfLeadingZeros(servers - 1);
    }

    @Override
    public int place(ByteBuf key, int index, int length) {
        return place(hash(key, index, length));
    }

    @Override
    public long hash(ByteBuf key, int index, int length) {
        return Murmur2.of64(key, index, length, SEED);
    }

    /** @param first 64 bits of the stream; the others follow from them */
    private int place(long first) {
        if (servers == 1) {
            return 0;
        }
        long block = first;
        int number = 0;
        int left = depth;
        int at = depth;
        for (int i = 0; i < MOST_TRIES; i++) {
            while (true) {
                int wanted = at / Long.SIZE;
                if (wanted < number) {
                    block = first;
                    number = 0;
                }
                for (; number < wanted; number++) {
                    block = Murmur2.of64(block, SEED);
                }
                if ((block >>> at & 1) != 0) {
                    break;
                }
                left--;
                if (left == 0) {
                    return 0;
                }
                at = left;
            }
            at += STRIDE;
            int place = 1;
            for (int bit = 1; bit < left; bit++) {
                for (; number < at / Long.SIZE; number++) {
                    block = Murmur2.of64(block, SEED);
                }
                place = place << 1 | (int) (block >>> at & 1);
                at += STRIDE;
            }
            if (place < servers) {
                return place;
            }
        }
        return 0;
    }
}
