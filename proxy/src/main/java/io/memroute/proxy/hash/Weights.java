package io.memroute.proxy.hash;

/**
 * The weights that a {@link Scheme} understands.
 *
 * @param whole whether they are whole numbers
 */
public record Weights(double min, double max, boolean whole) {

    /** All servers are equal. */
    public static final Weights NONE = new Weights(1, 1, true);

    /** Bounds the memory of the schemes that give a server as many points or places as its weight says. */
    private static final int MOST_PLACES = 10_000;

    /** A part of a server's keys that it keeps. */
    public static final Weights FRACTION = new Weights(0, 1, false);

    /** Any number; large enough for the megabytes or bytes of a server. */
    public static final Weights ANY = new Weights(0, 1e15, false);

    /** Whole numbers that are compared with each other. */
    public static final Weights RELATIVE = new Weights(1, Integer.MAX_VALUE, true);

    /** Whole numbers of places in a list. */
    public static final Weights PLACES = new Weights(1, MOST_PLACES, true);

    /** Whole numbers of times 160 points. */
    public static final Weights MULTIPLES_OF_POINTS = new Weights(1, 100, true);

    /** Whole numbers of candidates, each of which is hashed with every key. */
    public static final Weights CANDIDATES = new Weights(1, 100, true);

    /** Whether servers may differ. */
    public boolean any() {
        return min < max;
    }

    /** Whether a weight is one of these. */
    public boolean allow(double weight) {
        return weight >= min && weight <= max && (!whole || weight == Math.rint(weight));
    }

    /** {@code "a whole number from 1 to 100"}. */
    public String expected() {
        String kind = whole ? "a whole number" : "a number";
        String from = Long.toString((long) min);
        return max >= Integer.MAX_VALUE
                ? kind + ", " + from + " or more"
                : kind + " from " + from + " to " + (long) max;
    }
}
