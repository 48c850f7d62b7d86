package io.memroute.proxy.backend.line;

import io.memroute.protocol.Request;
import io.memroute.proxy.hash.KeyFraction;
import java.util.Arrays;

/**
 * The keys of a command line that several gets share, as far as it must be known whether a key may be among them
 * already. A Bloom filter with one hash, so some keys are suspected wrongly. Owned by the worker's thread.
 */
public final class SharedLine {

    /** 1024 bits: of 64 keys two are suspected wrongly on average. */
    private static final int BITS_LOG2 = 10;

    private final long[] seen = new long[1 << BITS_LOG2 - 6];

    /** Begins a line without keys. */
    public void clear() {
        Arrays.fill(seen, 0);
    }

    /** Adds the key of a get. Returns whether it was certainly not there. */
    public boolean add(Request request) {
        long hash = KeyFraction.hash(request.buffer(), request.keyIndex(), request.keyLength());
        int bit = (int) (hash >>> Long.SIZE - BITS_LOG2);
        long mask = 1L << (bit & 63);
        boolean isNew = (seen[bit >>> 6] & mask) == 0;
        seen[bit >>> 6] |= mask;
        return isNew;
    }
}
