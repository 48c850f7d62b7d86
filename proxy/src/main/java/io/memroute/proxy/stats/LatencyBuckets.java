package io.memroute.proxy.stats;

import java.util.Arrays;

/**
 * The buckets that durations are counted in: from 10 us to 10 s each is at most 8 % wide, so that the middle of a
 * bucket is within 4 % of every duration in it.
 *
 * <p>The bounds are 1, 2.5 and 5 times the powers of ten, with steps of equal ratio between them. So the bounds of
 * {@link #SHOWN_NANOS}, which Prometheus gets, are bounds of buckets too, and its counts are exact. Below 10 us there
 * are four buckets, since memcached over a socket is never so fast; above 10 s there is one.
 */
public final class LatencyBuckets {

    /**
     * Upper bounds of the buckets that monitoring systems get: from a server on the same machine to well above the
     * default timeouts, which are bounds themselves.
     */
    private static final long[] SHOWN_NANOS = {
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        25_000_000,
        50_000_000,
        100_000_000,
        250_000_000,
        500_000_000,
        1_000_000_000,
        2_500_000_000L
    };

    private static final long LEAST_NANOS = 10_000;
    private static final long MOST_NANOS = 10_000_000_000L;

    /** Steps between 1 and 2.5, 2.5 and 5, 5 and 10 times a power of ten: none is wider than 8 %. */
    private static final int[] STEPS = {12, 9, 9};

    private static final double[] CORNERS = {1, 2.5, 5, 10};

    private static final long[] BOUNDS = bounds();

    /** The number of buckets; the last has no upper bound. */
    public static final int COUNT = BOUNDS.length + 1;

    /** Each doubling of a duration has 32 cells, which are narrower than buckets: a cell has one bound at most. */
    private static final int CELL_BITS = 5;

    /** The bucket of the shortest duration of each cell. */
    private static final short[] FIRST = first();

    private LatencyBuckets() {}

    private static long[] bounds() {
        long[] bounds = new long[256];
        int count = 0;
        for (long low : new long[] {1_000, 2_500, 5_000, LEAST_NANOS}) {
            bounds[count++] = low;
        }
        for (long decade = LEAST_NANOS; decade < MOST_NANOS; decade *= 10) {
            for (int part = 0; part < STEPS.length; part++) {
                double ratio = CORNERS[part + 1] / CORNERS[part];
                for (int step = 1; step <= STEPS[part]; step++) {
                    bounds[count++] = Math.round(decade * CORNERS[part] * Math.pow(ratio, (double) step / STEPS[part]));
                }
            }
        }
        return Arrays.copyOf(bounds, count);
    }

    private static short[] first() {
        short[] first = new short[cell(MOST_NANOS) + 1];
        for (int cell = 0; cell < first.length; cell++) {
            int octave = cell >> CELL_BITS;
            long shortest = octave < CELL_BITS
                    ? 1L << octave
                    : (1L << CELL_BITS | cell & (1 << CELL_BITS) - 1) << octave - CELL_BITS;
            int bucket = 0;
            while (shortest > BOUNDS[bucket] && bucket < BOUNDS.length - 1) {
                bucket++;
            }
            first[cell] = (short) bucket;
        }
        return first;
    }

    private static int cell(long nanos) {
        int octave = 63 - Long.numberOfLeadingZeros(nanos);
        long mantissa = octave < CELL_BITS ? 0 : nanos >>> octave - CELL_BITS & (1 << CELL_BITS) - 1;
        return octave << CELL_BITS | (int) mantissa;
    }

    /** The bucket of a duration; one below 0, as from clocks of two processors, counts as 0. */
    static int of(long nanos) {
        if (nanos <= BOUNDS[0]) {
            return 0;
        }
        if (nanos > MOST_NANOS) {
            return BOUNDS.length;
        }
        int bucket = FIRST[cell(nanos)];
        while (nanos > BOUNDS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    /** The longest duration of a bucket; {@link Long#MAX_VALUE} for the last. */
    public static long upperNanos(int bucket) {
        return bucket < BOUNDS.length ? BOUNDS[bucket] : Long.MAX_VALUE;
    }

    /** The duration that stands for all of a bucket. */
    public static long middleNanos(int bucket) {
        if (bucket == BOUNDS.length) {
            return MOST_NANOS;
        }
        double lower = bucket == 0 ? 0 : BOUNDS[bucket - 1];
        return bucket < 2 ? Math.round((lower + BOUNDS[bucket]) / 2) : Math.round(Math.sqrt(lower * BOUNDS[bucket]));
    }

    /** Upper bounds of the buckets that monitoring systems get, which are bounds of buckets here. */
    public static long[] shownNanos() {
        return SHOWN_NANOS.clone();
    }
}
