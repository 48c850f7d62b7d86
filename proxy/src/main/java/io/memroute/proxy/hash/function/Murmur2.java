package io.memroute.proxy.hash.function;

import io.netty.buffer.ByteBuf;

/** MurmurHash2: with 32 bits as twemproxy and libmemcached seed it, with 64 bits as mcrouter uses it. */
public final class Murmur2 {

    private static final int M_32 = 0x5bd1_e995;
    private static final int R_32 = 24;
    private static final long M_64 = 0xc6a4_a793_5bd1_e995L;
    private static final int R_64 = 47;

    private Murmur2() {}

    /** 32 bits; the seed is 0xdeadbeef times the length. */
    public static long of32(ByteBuf bytes, int index, int length) {
        int hash = 0xdead_beef * length ^ length;
        int at = index;
        int left = length;
        for (; left >= 4; left -= 4, at += 4) {
            int k = bytes.getIntLE(at) * M_32;
            k ^= k >>> R_32;
            hash = hash * M_32 ^ k * M_32;
        }
        if (left > 0) {
            hash = (hash ^ (int) tail(bytes, at, left)) * M_32;
        }
        hash = (hash ^ hash >>> 13) * M_32;
        return Integer.toUnsignedLong(hash ^ hash >>> 15);
    }

    /** MurmurHash64A with a seed. */
    public static long of64(ByteBuf bytes, int index, int length, long seed) {
        long hash = seed ^ length * M_64;
        int at = index;
        int left = length;
        for (; left >= 8; left -= 8, at += 8) {
            hash = (hash ^ mix(bytes.getLongLE(at))) * M_64;
        }
        if (left > 0) {
            hash = (hash ^ tail(bytes, at, left)) * M_64;
        }
        return finish(hash);
    }

    /** MurmurHash64A of the eight bytes of a number, the lowest first. */
    public static long of64(long word, long seed) {
        return finish((seed ^ M_64 << 3 ^ mix(word)) * M_64);
    }

    private static long mix(long word) {
        long k = word * M_64;
        k ^= k >>> R_64;
        return k * M_64;
    }

    private static long finish(long hash) {
        hash = (hash ^ hash >>> R_64) * M_64;
        return hash ^ hash >>> R_64;
    }

    private static long tail(ByteBuf bytes, int at, int left) {
        long tail = 0;
        for (int i = left - 1; i >= 0; i--) {
            tail = tail << 8 | bytes.getUnsignedByte(at + i);
        }
        return tail;
    }
}
