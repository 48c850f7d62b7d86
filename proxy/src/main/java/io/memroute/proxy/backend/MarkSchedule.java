package io.memroute.proxy.backend;

/**
 * Decides when a mark of the proxy's own checks that a connection is in step: when the connection has been busy for
 * some time. One that has had all its replies is in step, so a connection that is idle now and then needs no marks.
 * Knows no clock: the time is passed in. Owned by the worker's thread.
 */
final class MarkSchedule {

    private final long intervalNanos;
    /** The time when the connection was last known to be in step: a mark was sent, or a request while none was due. */
    private long inStepNanos;
    /** Whether no reply was due before the next write. */
    private boolean wasIdle;
    /** Whether a mark is to be sent with the next write, whatever the time. */
    private boolean wanted;

    MarkSchedule(long intervalNanos) {
        this.intervalNanos = intervalNanos;
    }

    /** Notes that a request is about to be sent while no reply is due. */
    void noteIdle() {
        wasIdle = true;
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
     * @param outstanding whether the answer to a mark is due
     */
    boolean due(long nowNanos, boolean outstanding) {
        if (wasIdle) {
            inStepNanos = nowNanos;
            wasIdle = false;
        }
        if (wanted || nowNanos - inStepNanos >= intervalNanos && !outstanding) {
            wanted = false;
            inStepNanos = nowNanos;
            return true;
        }
        return false;
    }
}
