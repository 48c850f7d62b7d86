package io.memroute.proxy.wire;

/**
 * The byte arrays that one worker's output buffers take turns with, in a few lengths. Owned by the worker's thread.
 *
 * <p>An output buffer holds an array only while it holds bytes, mostly for less than one loop iteration. Hundreds of
 * clients that get one small reply each in the same iteration need hundreds of short arrays, which together still fit a
 * processor's cache.
 */
public final class ArrayPool {

    /** Length of the shortest arrays: a usual reply or two. Each further length is four times the one before. */
    private static final int LEAST_BYTES_LOG2 = 9;

    /** Up to half a mebibyte: what one backend gets in a loop pass when many clients ask for many keys. */
    private static final int LENGTHS = 6;

    /**
     * Bytes kept of each length, 6 MiB in all: what 2000 clients with short replies, or 32 with long ones, need at
     * once.
     */
    private static final int KEPT_BYTES = 1 << 20;

    private final byte[][][] free = new byte[LENGTHS][][];
    private final int[] count = new int[LENGTHS];

    public ArrayPool() {
        for (int i = 0; i < LENGTHS; i++) {
            free[i] = new byte[KEPT_BYTES / length(i)][];
        }
    }

    private static int length(int index) {
        return 1 << LEAST_BYTES_LOG2 + 2 * index;
    }

    /** Returns the index of the shortest length of at least so many bytes; {@link #LENGTHS} or more if none is. */
    private static int indexFor(int leastBytes) {
        int log2 = Integer.SIZE - Integer.numberOfLeadingZeros(leastBytes - 1);
        return Math.max(0, log2 - LEAST_BYTES_LOG2 + 1) / 2;
    }

    /** An array of at least {@code leastBytes}, which is more than 0. */
    byte[] take(int leastBytes) {
        int index = indexFor(leastBytes);
        if (index >= LENGTHS) {
            return new byte[leastBytes];
        }
        return count[index] == 0 ? new byte[length(index)] : free[index][--count[index]];
    }

    /** Gives an array back; one of an unusual length is left to the garbage collector. */
    void give(byte[] array) {
        int index = indexFor(array.length);
        if (index < LENGTHS && array.length == length(index) && count[index] < free[index].length) {
            free[index][count[index]++] = array;
        }
    }
}
