package io.memroute.proxy.wire;

/**
 * The byte arrays that one worker's output buffers take turns with. Owned by the worker's thread.
 *
 * <p>An output buffer holds an array only while it holds bytes, mostly for less than one loop iteration, so a few
 * arrays serve any number of connections.
 */
public final class ArrayPool {

    /** Length of the arrays kept: holds the replies to a usual pipelined batch of small values. */
    static final int ARRAY_BYTES = 16 << 10;

    /** Arrays kept at most, 4 MiB in all: more are held only while many slow clients have replies waiting. */
    private static final int KEPT_ARRAYS = 256;

    private final byte[][] free = new byte[KEPT_ARRAYS][];
    private int count;

    /** An array of at least {@code leastBytes}. */
    byte[] take(int leastBytes) {
        if (leastBytes > ARRAY_BYTES) {
            return new byte[leastBytes];
        }
        return count == 0 ? new byte[ARRAY_BYTES] : free[--count];
    }

    /** Gives an array back; one of an unusual length is left to the garbage collector. */
    void give(byte[] array) {
        if (array.length == ARRAY_BYTES && count < KEPT_ARRAYS) {
            free[count++] = array;
        }
    }
}
