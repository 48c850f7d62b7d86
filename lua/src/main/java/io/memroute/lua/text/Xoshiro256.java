package io.memroute.lua.text;

/**
 * The xoshiro256** generator of Blackman and Vigna with the seeding and projections of Lua 5.4's {@code math.random}:
 * the same seed gives the same sequence as the reference implementation. Not thread safe.
 */
public final class Xoshiro256 {
    /** Values thrown away after seeding, so that close seeds part. */
    private static final int DISCARDED = 16;

    private long s0;
    private long s1;
    private long s2;
    private long s3;

    public Xoshiro256(long seed1, long seed2) {
        seed(seed1, seed2);
    }

    public void seed(long seed1, long seed2) {
        s0 = seed1;
        s1 = 0xff;
        s2 = seed2;
        s3 = 0;
        for (int i = 0; i < DISCARDED; i++) {
            next();
        }
    }

    /** 64 random bits. */
    public long next() {
        long a = s0;
        long b = s1;
        long c = s2 ^ a;
        long d = s3 ^ b;
        long result = Long.rotateLeft(b * 5, 7) * 9;
        s0 = a ^ d;
        s1 = b ^ c;
        s2 = c ^ (b << 17);
        s3 = Long.rotateLeft(d, 45);
        return result;
    }

    /** A float in [0, 1) from the upper 53 of {@code random}'s bits. */
    public static double toFloat(long random) {
        return (random >>> 11) * 0x1p-53;
    }

    /**
     * A value in [{@code low}, {@code high}], from {@code random} and as many further values as it takes to be uniform.
     */
    public long project(long random, long low, long high) {
        long span = high - low;
        if ((span & (span + 1)) == 0) {
            return low + (random & span);
        }
        long mask = -1L >>> Long.numberOfLeadingZeros(span);
        long value = random & mask;
        while (Long.compareUnsigned(value, span) > 0) {
            value = next() & mask;
        }
        return low + value;
    }
}
