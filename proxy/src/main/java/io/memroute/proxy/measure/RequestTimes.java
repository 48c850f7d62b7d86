package io.memroute.proxy.measure;

import io.memroute.proxy.stats.LatencyRecorder;
import io.memroute.proxy.wire.Ring;

/**
 * Measures how long the requests of one connection to a server wait to be written, and then for their replies. Knows no
 * clock: the time is passed in. Owned by the worker's thread.
 *
 * <p>Requests are numbered in the order in which they are written, and so are replies. All requests of one write have
 * one time, and so have all replies of one read: a pair of them costs as much as one request of its own.
 */
public final class RequestTimes {

    /** Writes without an answer that are remembered at first: a power of two. */
    private static final int FIRST_LENGTH = 16;

    /** Stands for the time of a mark, which is nobody's request. */
    private static final long UNMEASURED = Long.MIN_VALUE;

    private final LatencyRecorder queueTime;
    private final LatencyRecorder serverTime;

    /** The time and the number of requests that came in a loop pass and could not be written in it. */
    private final Ring waiting = new Ring(FIRST_LENGTH);

    private long[] waitingSince = new long[FIRST_LENGTH];
    private int[] waitingCounts = new int[FIRST_LENGTH];

    /** The number of the last request of each write, and its time. */
    private final Ring writes = new Ring(FIRST_LENGTH);

    private long[] lasts = new long[FIRST_LENGTH];
    private long[] times = new long[FIRST_LENGTH];

    /** The numbers of the last request that was written, and of the last one that was answered. */
    private long written;

    private long answered;
    private long lastServerNanos;

    /** The number of a request that was written by itself when no reply was due, and what it took; 0: there is none. */
    private long alone;

    private long aloneServerNanos;

    /** The time since when replies have been due that have not been counted, and how long that was before a read. */
    private long dueSinceNanos;

    private long dueNanos;

    /**
     * Measures into recorders.
     *
     * @param queueTime gets the times from when a request is given to the connection until it is written
     * @param serverTime gets the times from then until the reply is read
     */
    public RequestTimes(LatencyRecorder queueTime, LatencyRecorder serverTime) {
        this.queueTime = queueTime;
        this.serverTime = serverTime;
    }

    /** Notes a request that is not written in the loop pass in which it came, since there is no connection. */
    public void waits(long nanos) {
        int last = waiting.isEmpty() ? -1 : waiting.slot(waiting.size() - 1);
        if (last >= 0 && waitingSince[last] == nanos) {
            waitingCounts[last]++;
            return;
        }
        if (waiting.isFull()) {
            waitingSince = waiting.copy(waitingSince, new long[waitingSince.length << 1]);
            waitingCounts = waiting.copy(waitingCounts, new int[waitingCounts.length << 1]);
            waiting.grown();
        }
        int at = waiting.add();
        waitingSince[at] = nanos;
        waitingCounts[at] = 1;
    }

    /**
     * Notes a write.
     *
     * @param expected requests given to the connection ever: all that have not been written are now
     * @param passNanos when those came that do not {@linkplain #waits wait}
     */
    public void written(long expected, long passNanos, long nanos) {
        int now = (int) (expected - written);
        while (!waiting.isEmpty()) {
            int at = waiting.slot(0);
            queueTime.record(nanos - waitingSince[at], waitingCounts[at]);
            now -= waitingCounts[at];
            waiting.remove();
        }
        if (now > 0) {
            queueTime.record(nanos - passNanos, now);
        }
        if (expected > written) {
            if (writes.isEmpty()) {
                dueSinceNanos = nanos;
                alone = expected - written == 1 ? expected : 0;
            }
            add(expected, nanos);
        }
    }

    /** Notes that a mark is part of the write, behind the requests. */
    public void markWritten() {
        add(written + 1, UNMEASURED);
    }

    private void add(long last, long nanos) {
        if (writes.isFull()) {
            lasts = writes.copy(lasts, new long[lasts.length << 1]);
            times = writes.copy(times, new long[times.length << 1]);
            writes.grown();
        }
        int at = writes.add();
        lasts[at] = last;
        times[at] = nanos;
        written = last;
    }

    /**
     * Notes what has been read.
     *
     * @param upTo requests answered ever
     * @return the number of requests whose time it has noted
     */
    public int answered(long upTo, long nanos) {
        int noted = 0;
        aloneServerNanos = 0;
        while (answered < upTo && !writes.isEmpty()) {
            int at = writes.slot(0);
            long end = Math.min(upTo, lasts[at]);
            if (times[at] != UNMEASURED) {
                lastServerNanos = nanos - times[at];
                serverTime.record(lastServerNanos, (int) (end - answered));
                noted += (int) (end - answered);
                if (end == alone) {
                    aloneServerNanos = lastServerNanos;
                }
            }
            answered = end;
            if (end == lasts[at]) {
                writes.remove();
            }
        }
        if (noted > 0) {
            dueNanos = nanos - dueSinceNanos;
            dueSinceNanos = nanos;
        }
        return noted;
    }

    /** The time from when the newest answered request was written until its reply was read. */
    public long lastServerNanos() {
        return lastServerNanos;
    }

    /** The time of a request that was just answered and found nothing before it at the server; 0 if there was none. */
    public long aloneServerNanos() {
        return aloneServerNanos;
    }

    /** The time for which the server had something to do until it gave the newest answers. */
    public long dueNanos() {
        return dueNanos;
    }

    /**
     * Forgets all requests: the connection is lost.
     *
     * @param expected requests given to it ever
     */
    public void clear(long expected) {
        waiting.clear();
        writes.clear();
        alone = 0;
        written = expected;
        answered = expected;
    }
}
