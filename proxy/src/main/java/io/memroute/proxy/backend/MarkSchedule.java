package io.memroute.proxy.backend;

/**
 * Decides when a mark of the proxy's own checks that a connection is in step.
 *
 * <p>That all replies have come proves nothing: one that came twice has stood in for another, which then comes when the
 * next request is already under way. Silence does prove it, since a reply that nobody waits for ends the connection. So
 * a connection gets a mark once in each interval, except behind silence. Where few requests are sent, the interval is
 * longer, so that marks stay a small part of the traffic.
 *
 * <p>Knows no clock: the time is passed in. Owned by the worker's thread.
 */
final class MarkSchedule {

    /** Requests that are sent between two marks, unless {@link #MOST_INTERVALS} have passed. */
    private static final int FEW_REQUESTS = 16;

    /** Intervals that pass between two marks, at most; after so many of silence no mark is needed. */
    private static final int MOST_INTERVALS = 5;

    private final long intervalNanos;
    /** The time when the connection was last known to be in step: a mark was sent, or a request behind silence. */
    private long inStepNanos;
    /** The number of requests that had been sent by then. */
    private long inStepRequests;
    /** The time of the last reply. */
    private long replyNanos;
    /** Whether no reply was due before the next write. */
    private boolean wasIdle;
    /** Whether a mark is to be sent with the next write, whatever the time. */
    private boolean wanted;

    MarkSchedule(long intervalNanos) {
        this.intervalNanos = intervalNanos;
    }

    /** Notes that the connection is in step: it has just been made. */
    void begin(long nowNanos) {
        inStepNanos = nowNanos;
        replyNanos = nowNanos;
    }

    /** Notes that a request is about to be sent while no reply is due. */
    void noteIdle() {
        wasIdle = true;
    }

    /** Notes that replies have arrived. */
    void noteReply(long nowNanos) {
        replyNanos = nowNanos;
    }

    /** Has a mark sent with the next write. */
    void want() {
        wanted = true;
    }

    /** Whether a mark is to be sent even if nothing else is written. */
    boolean wanted() {
        return wanted;
    }

    /** Forgets a mark that was wanted: the connection is lost. */
    void forget() {
        wanted = false;
    }

    /**
     * Returns whether a mark is to be sent with the write that is about to happen.
     *
     * @param requests the number of requests sent so far, this write included
     * @param outstanding whether the answer to a mark is due
     */
    boolean due(long nowNanos, long requests, boolean outstanding) {
        boolean silent = wasIdle && nowNanos - replyNanos >= MOST_INTERVALS * intervalNanos;
        wasIdle = false;
        boolean due = wanted || !silent && !outstanding && elapsed(nowNanos, requests);
        if (due) {
            wanted = false;
        }
        if (due || silent) {
            inStepNanos = nowNanos;
            inStepRequests = requests;
        }
        return due;
    }

    private boolean elapsed(long nowNanos, long requests) {
        long nanos = nowNanos - inStepNanos;
        return nanos >= intervalNanos
                && (requests - inStepRequests >= FEW_REQUESTS || nanos >= MOST_INTERVALS * intervalNanos);
    }
}
