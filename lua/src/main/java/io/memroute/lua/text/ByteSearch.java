package io.memroute.lua.text;

/** Finds one run of bytes inside another. */
public final class ByteSearch {
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
        for (int i = from; i <= last; i++) {
            if (text[i] == first && matches(text, i, wanted, wantedFrom, wantedLength)) {
                return i;
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

    private static boolean matches(byte[] text, int at, byte[] wanted, int wantedFrom, int length) {
        for (int k = 1; k < length; k++) {
            if (text[at + k] != wanted[wantedFrom + k]) {
                return false;
            }
        }
        return true;
    }
}
