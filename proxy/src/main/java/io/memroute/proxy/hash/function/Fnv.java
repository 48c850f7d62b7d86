package io.memroute.proxy.hash.function;

import io.netty.buffer.ByteBuf;

/**
 * The Fowler-Noll-Vo hashes as twemproxy and libmemcached compute them: over C's {@code char} on x86, so a byte from
 * 0x80 counts as a negative number, and with 32 bits in the end.
 *
 * @see "https://www.isthe.com/chongo/tech/comp/fnv/"
 */
public final class Fnv {

    static final long OFFSET_64 = 0xcbf2_9ce4_8422_2325L;
    static final long PRIME_64 = 0x100_0000_01b3L;
    static final int OFFSET_32 = 0x811c_9dc5;
    static final int PRIME_32 = 0x0100_0193;

    private Fnv() {}

    /** FNV-1 with 64 bits, of which the lower half is left. */
    public static long fnv1Of64(ByteBuf bytes, int index, int length) {
        long hash = OFFSET_64;
        for (int i = index; i < index + length; i++) {
            hash = hash * PRIME_64 ^ bytes.getByte(i);
        }
        return hash & 0xffff_ffffL;
    }

    /** FNV-1a with offset and prime of the 64-bit hash cut to 32 bits. */
    public static long fnv1aOf64(ByteBuf bytes, int index, int length) {
        int hash = (int) OFFSET_64;
        for (int i = index; i < index + length; i++) {
            hash = (hash ^ bytes.getByte(i)) * (int) PRIME_64;
        }
        return Integer.toUnsignedLong(hash);
    }

    /** FNV-1 with 32 bits. */
    public static long fnv1Of32(ByteBuf bytes, int index, int length) {
        int hash = OFFSET_32;
        for (int i = index; i < index + length; i++) {
            hash = hash * PRIME_32 ^ bytes.getByte(i);
        }
        return Integer.toUnsignedLong(hash);
    }

    /** FNV-1a with 32 bits. */
    public static long fnv1aOf32(ByteBuf bytes, int index, int length) {
        int hash = OFFSET_32;
        for (int i = index; i < index + length; i++) {
            hash = (hash ^ bytes.getByte(i)) * PRIME_32;
        }
        return Integer.toUnsignedLong(hash);
    }
}
