package io.memroute.proxy.backend;

/**
 * How long the oldest request of one connection has waited for its reply. Knows no clock: the time is passed in. Owned
 * by the worker's thread.
 *
 * <p>Requests are numbered in the order in which they are written, and those of one write have one time. A large reply
 * that is arriving keeps those behind it waiting through no fault of theirs, so their age counts from its end. Such a
 * reply must bring {@link #PROGRESS_BYTES} within the age allowed, or end.
 */
final class RequestAges {

    /** Bytes of a large reply that count as progress: a server that sends less at a time is taken for stuck. */
    static final int PROGRESS_BYTES = 64 << 10;

    /** How many requests had been written at each write, and when. Rings of a power of two. */
    private long[] counts = new long[16];

    private long[] times = new long[16];
    private int head;
    private int size;

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
        if (size == counts.length) {
            grow();
        }
        int at = slot(size++);
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
     * Returns the time from which the oldest request counts; to be asked only while a request is unanswered that has
     * been written.
     *
     * @param answered requests answered ever
     */
    long oldestNanos(long answered) {
        forget(answered);
        long written = times[head];
        return progressed && progressNanos - written > 0 ? progressNanos : written;
    }

    /** Whether a written request is unanswered. */
    boolean isWaiting(long answered) {
        forget(answered);
        return size > 0;
    }

    /** Forgets all requests: the connection is lost. */
    void clear() {
        size = 0;
        progressed = false;
        progressBytes = 0;
    }

    private void forget(long answered) {
        while (size > 0 && counts[head] <= answered) {
            head = slot(1);
            size--;
        }
    }

    private int slot(int distance) {
        return head + distance & counts.length - 1;
    }

    private void grow() {
        long[] moreCounts = new long[counts.length << 1];
        long[] moreTimes = new long[times.length << 1];
        for (int i = 0; i < size; i++) {
            moreCounts[i] = counts[slot(i)];
            moreTimes[i] = times[slot(i)];
        }
        counts = moreCounts;
        times = moreTimes;
        head = 0;
    }
}
