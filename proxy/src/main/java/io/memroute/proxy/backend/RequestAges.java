package io.memroute.proxy.backend;

import io.memroute.proxy.wire.Ring;

/**
 * The age of the oldest unanswered request of one connection. Knows no clock: the time is passed in. Owned by the
 * worker's thread.
 *
 * <p>Requests are numbered in the order in which they are written, and those of one write have one time. A large reply
 * that is arriving delays those behind it, so their age counts from its end. Such a reply must bring
 * {@link #PROGRESS_BYTES} within the age allowed, or end.
 */
final class RequestAges {

    /** Bytes of a large reply that count as progress: a server that sends less at a time is taken for stuck. */
    static final int PROGRESS_BYTES = 64 << 10;

    /** Writes whose requests are remembered at first: a power of two. */
    private static final int FIRST_LENGTH = 16;

    private final Ring ring = new Ring(FIRST_LENGTH);
    /** The number of requests that had been written at each write, and its time. */
    private long[] counts = new long[FIRST_LENGTH];

    private long[] times = new long[FIRST_LENGTH];
    /** The time of the newest write whose requests have all been answered, or begun to be. */
    private long forgottenNanos;

    private long progressNanos;
    private boolean progressed;
    private long progressBytes;

    /**
     * Notes a write.
     *
     * @param written requests written ever, those of this write among them
     * @param answered requests answered ever
     */
    void written(long written, long answered, long nanos) {
        forget(answered);
        if (ring.isFull()) {
            counts = ring.copy(counts, new long[counts.length << 1]);
            times = ring.copy(times, new long[times.length << 1]);
            ring.grown();
        }
        int at = ring.add();
        counts[at] = written;
        times[at] = nanos;
    }

    /** Notes bytes of a large reply. */
    void received(int bytes, boolean ended, long nanos) {
        progressBytes += bytes;
        if (ended || progressBytes >= PROGRESS_BYTES) {
            progressBytes = 0;
            progressNanos = nanos;
            progressed = true;
        }
    }

    /**
     * Returns the time from which the oldest request counts; to be asked only while a written request is unanswered, or
     * a large reply is arriving.
     *
     * @param answered requests answered ever, the one whose large reply is arriving among them
     */
    long oldestNanos(long answered) {
        forget(answered);
        long written = ring.isEmpty() ? forgottenNanos : times[ring.slot(0)];
        return progressed && progressNanos - written > 0 ? progressNanos : written;
    }

    /** Whether a written request is unanswered. */
    boolean isWaiting(long answered) {
        forget(answered);
        return !ring.isEmpty();
    }

    /** Forgets all requests: the connection is lost. */
    void clear() {
        ring.clear();
        progressed = false;
        progressBytes = 0;
    }

    private void forget(long answered) {
        while (!ring.isEmpty() && counts[ring.slot(0)] <= answered) {
            forgottenNanos = times[ring.slot(0)];
            ring.remove();
        }
    }
}
