package io.memroute.lua.text;

/**
 * Finds one run of bytes inside another, in time proportional to their lengths: the plain search that is fastest on
 * ordinary text gives way to that of Knuth, Morris and Pratt as soon as it has compared much more than it has advanced.
 */
public final class ByteSearch {
    /** Comparisons the plain search may waste before it has to stay in proportion. */
    private static final long FREE_COMPARISONS = 10_000;

    /** Comparisons per byte advanced beyond which the plain search is given up. */
    private static final int COMPARISONS_PER_BYTE = 8;

    private ByteSearch() {}

    /**
     * The index in {@code text} of the first {@code wanted} that lies within [from, end), or -1. An empty run is found
     * at {@code from}.
     */
    public static int indexOf(byte[] text, int from, int end, byte[] wanted, int wantedFrom, int wantedLength) {
        if (wantedLength == 0) {
            return from;
        }
        byte first = wanted[wantedFrom];
        int last = end - wantedLength;
        long compared = 0;
        for (int i = from; i <= last; i++) {
            if (text[i] != first) {
                continue;
            }
            int same = 1;
            while (same < wantedLength && text[i + same] == wanted[wantedFrom + same]) {
                same++;
            }
            if (same == wantedLength) {
                return i;
            }
            compared += same;
            if (compared > FREE_COMPARISONS + (long) COMPARISONS_PER_BYTE * (i - from)) {
                return indexByBorders(text, i + 1, end, wanted, wantedFrom, wantedLength);
            }
        }
        return -1;
    }

    /** The index of the first byte {@code wanted} within [from, end), or -1. */
    public static int indexOf(byte[] text, int from, int end, byte wanted) {
        for (int i = from; i < end; i++) {
            if (text[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** Knuth, Morris and Pratt's search: on a mismatch, what matched so far says how far to move on. */
    private static int indexByBorders(byte[] text, int from, int end, byte[] wanted, int wantedFrom, int wantedLength) {
        int[] borders = new int[wantedLength];
        int border = 0;
        for (int k = 1; k < wantedLength; k++) {
            while (border > 0 && wanted[wantedFrom + k] != wanted[wantedFrom + border]) {
                border = borders[border - 1];
            }
            if (wanted[wantedFrom + k] == wanted[wantedFrom + border]) {
                border++;
            }
            borders[k] = border;
        }
        int same = 0;
        for (int i = from; i < end; i++) {
            while (same > 0 && text[i] != wanted[wantedFrom + same]) {
                same = borders[same - 1];
            }
            if (text[i] == wanted[wantedFrom + same] && ++same == wantedLength) {
                return i - wantedLength + 1;
            }
        }
        return -1;
    }
}
