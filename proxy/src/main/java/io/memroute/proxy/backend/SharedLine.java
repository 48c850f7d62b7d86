package io.memroute.proxy.backend;

import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The keys of a command line that several gets share, as far as it must be known whether a key may be among them already. A
 * Bloom filter with one hash, so some keys are suspected wrongly. Owned by the worker's thread.
 */
final class SharedLine {

    /** 1024 bits: of 64 keys two are suspected wrongly on average. */
    private static final int BITS_LOG2 = 10;

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long[] seen = new long[1 << BITS_LOG2 - 6];

    /** Begins a line without keys. */
    void clear() {
        Arrays.fill(seen, 0);
    }

    /** Adds the key of a get. Returns whether it was certainly not there. */
    boolean add(Request request) {
        int bit = (int) (hash(request.buffer(), request.keyIndex(), request.keyLength()) >>> Long.SIZE - BITS_LOG2);
        long mask = 1L << (bit & 63);
        boolean isNew = (seen[bit >>> 6] & mask) == 0;
        seen[bit >>> 6] |= mask;
        return isNew;
    }

    /** Mixes the first, middle and last eight bytes, between which most keys differ. */
    private static long hash(ByteBuf buffer, int index, int length) {
        long hash = length;
        if (length < Long.BYTES) {
            for (int i = 0; i < length; i++) {
                hash = hash << 8 | buffer.getByte(index + i) & 0xff;
            }
            return hash * MULTIPLIER;
        }
        hash = (hash ^ buffer.getLong(index)) * MULTIPLIER;
        hash = (hash ^ hash >>> 29 ^ buffer.getLong(index + (length - Long.BYTES >>> 1))) * MULTIPLIER;
        return (hash ^ hash >>> 29 ^ buffer.getLong(index + length - Long.BYTES)) * MULTIPLIER;
    }
}
