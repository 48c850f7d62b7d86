package io.memroute.proxy.hash.function;

import io.netty.buffer.ByteBuf;

/**
 * MurmurHash3 for x86 with 32 bits, byte by byte: its state is one long, so that many texts with a common beginning
 * cost no more than their ends.
 */
public final class Murmur3 {

    private static final int C1 = 0xcc9e_2d51;
    private static final int C2 = 0x1b87_3593;

    private Murmur3() {}

    /** As libmemcached seeds it: 0xdeadbeef times the length. */
    public static long ofLibmemcached(ByteBuf bytes, int index, int length) {
        int hash = 0xdead_beef * length;
        int at = index;
        int left = length;
        for (; left >= 4; left -= 4, at += 4) {
            hash = block(hash, bytes.getIntLE(at));
        }
        int tail = 0;
        for (int i = left - 1; i >= 0; i--) {
            tail = tail << 8 | bytes.getUnsignedByte(at + i);
        }
        return finish(left > 0 ? hash ^ scramble(tail) : hash, length);
    }

    /** The hash so far, and the bytes that do not yet fill a word: those that were added last, in the order of time. */
    public static long start(int seed) {
        return Integer.toUnsignedLong(seed);
    }

    /**
     * Adds a byte.
     *
     * @param state from {@link #start} or from here: the hash below, the bytes that wait above
     * @param count of the bytes added before
     */
    public static long add(long state, int count, int value) {
        int inWord = count & 3;
        int waiting = (int) (state >>> 32) | (value & 0xff) << 8 * inWord;
        return inWord == 3
                ? Integer.toUnsignedLong(block((int) state, waiting))
                : (long) waiting << 32 | state & 0xffff_ffffL;
    }

    /** The hash of all bytes that were added, {@code count} of them. */
    public static long finish(long state, int count) {
        int hash = (int) state;
        return finish((count & 3) != 0 ? hash ^ scramble((int) (state >>> 32)) : hash, count);
    }

    private static int block(int hash, int word) {
        return Integer.rotateLeft(hash ^ scramble(word), 13) * 5 + 0xe654_6b64;
    }

    private static int scramble(int word) {
        return Integer.rotateLeft(word * C1, 15) * C2;
    }

    private static long finish(int hash, int length) {
        hash ^= length;
        hash = (hash ^ hash >>> 16) * 0x85eb_ca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2_ae35;
        return Integer.toUnsignedLong(hash ^ hash >>> 16);
    }
}
