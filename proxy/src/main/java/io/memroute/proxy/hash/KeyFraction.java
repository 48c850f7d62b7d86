package io.memroute.proxy.hash;

import io.memroute.proxy.hash.function.BytesHash;
import io.memroute.proxy.hash.function.Xxh;
import io.netty.buffer.ByteBuf;

/**
 * A key's place between 0 and 1: the same in every process, evenly spread, and independent of the key's backend. Thread
 * safe.
 */
public final class KeyFraction {

    /** Apart from the seeds of pools, so that a sample of keys is no sample of backends. */
    private static final long SEED = 0x9E37_79B9_7F4A_7C15L;

    private static final BytesHash HASH = Xxh.xxh3(SEED);

    /** 2^-53: the upper 53 bits of a hash make a double exactly. */
    private static final double UNIT = 0x1p-53;

    private KeyFraction() {}

    /** The hash behind {@link #of}, for deriving several fractions from a key. */
    public static long hash(ByteBuf buffer, int index, int length) {
        return HASH.of(buffer, index, length);
    }

    /** Returns a number from 0, inclusive, to 1. */
    public static double of(ByteBuf buffer, int index, int length) {
        return ofHash(hash(buffer, index, length));
    }

    /** The fraction that 64 evenly distributed bits stand for. */
    public static double ofHash(long hash) {
        return (hash >>> 11) * UNIT;
    }
}
