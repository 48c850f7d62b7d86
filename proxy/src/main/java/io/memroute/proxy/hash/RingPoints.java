package io.memroute.proxy.hash;

import io.memroute.proxy.hash.function.Md5;
import java.util.Arrays;

/**
 * Collects the points of a {@link Ring}. Each is a long: its value in the upper half, its server in the lower half. Of
 * servers with the same point the one with the lowest number has it, unless the ring is {@link #lastWins}.
 */
public final class RingPoints {

    private static final int FLIP = 0x8000_0000;

    private long[] points = new long[1024];
    private int count;

    /** Adds a point. */
    public void add(int point, int server) {
        if (count == points.length) {
            points = Arrays.copyOf(points, 2 * count);
        }
        points[count++] = ((long) (point ^ FLIP) << 32) | server;
    }

    /**
     * Adds the points that an MD5 digest gives.
     *
     * @param number of them, 1 to 4
     */
    public void addDigest(byte[] digest, int number, int server) {
        for (int i = 0; i < number; i++) {
            add(Md5.littleEndianInt(digest, 4 * i), server);
        }
    }

    /** The ring of all points, at least one. */
    public Ring ring() {
        return new Ring(sorted());
    }

    /** The same, but of servers with the same point the one with the highest number has it. */
    public Ring lastWins() {
        long[] sorted = sorted();
        int kept = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i + 1 == sorted.length || ordered(sorted[i]) != ordered(sorted[i + 1])) {
                sorted[kept++] = sorted[i];
            }
        }
        return new Ring(Arrays.copyOf(sorted, kept));
    }

    private long[] sorted() {
        long[] sorted = Arrays.copyOf(points, count);
        Arrays.sort(sorted);
        return sorted;
    }

    /** The value of a point, made such that signed order is the order of unsigned values. */
    static int ordered(long entry) {
        return (int) (entry >> 32);
    }

    static int server(long entry) {
        return (int) entry;
    }
}
