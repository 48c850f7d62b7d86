package io.memroute.proxy.client;

/**
 * When one client last did something, and since when its unfinished request has been arriving, in seconds of its
 * worker's {@link ClientSweep}. Written once for each read, judged by the sweep. Owned by the worker's thread.
 */
final class ArrivalTimes {

    /** What the sweep makes of a client. */
    enum Verdict {
        STAYS,
        IDLE,
        TOO_SLOW
    }

    private int active;
    private int arrivingSince;
    private long arrivedBytes;

    ArrivalTimes(int second) {
        this.active = second;
    }

    /** The client has been given what it asked for, or is being given it: it is not idle. */
    void busy(int second) {
        active = second;
    }

    /** Has the time of an unfinished request begin anew, as when the proxy was not ready to take it. */
    void restart(int second) {
        active = second;
        arrivingSince = second;
        arrivedBytes = 0;
    }

    /**
     * Something has been read.
     *
     * @param unfinishedBefore bytes of the request that had not wholly arrived before; 0 if there was none
     * @param unfinished the same afterwards
     */
    void read(int second, int bytes, long unfinishedBefore, long unfinished) {
        if (unfinishedBefore > 0 && unfinished == unfinishedBefore + bytes) {
            // More of the same request, which is neither ended nor begun: as in memcached, no sign of life.
            arrivedBytes += bytes;
            return;
        }
        active = second;
        arrivingSince = second;
        arrivedBytes = unfinished > 0 ? bytes : 0;
    }

    /** @param unfinished whether a request has begun to arrive and has not ended */
    Verdict judge(int second, ClientTimes times, boolean unfinished) {
        if (unfinished && times.requestSeconds() > 0) {
            long earned = arrivedBytes / ClientTimes.BYTES_PER_SECOND;
            return second - arrivingSince > times.requestSeconds() + earned ? Verdict.TOO_SLOW : Verdict.STAYS;
        }
        return times.idleSeconds() > 0 && second - active > times.idleSeconds() ? Verdict.IDLE : Verdict.STAYS;
    }
}
