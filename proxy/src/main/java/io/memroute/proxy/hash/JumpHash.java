package io.memroute.proxy.hash;

/** Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm" (2014), figure 1. */
public final class JumpHash {

    private static final long MULTIPLIER = 2862933555777941757L;
    private static final double TWO_TO_31 = 2147483648.0;

    private JumpHash() {}

    /** The place, 0-based, of {@code hash} among {@code servers} (at least one) servers. */
    public static int place(long hash, int servers) {
        long candidate = 0;
        int place;
        do {
            place = (int) candidate;
            hash = hash * MULTIPLIER + 1;
            candidate = (long) ((place + 1) * (TWO_TO_31 / (double) ((hash >>> 33) + 1)));
        } while (candidate < servers);
        return place;
    }
}
