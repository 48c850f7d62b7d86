package io.memroute.proxy.client.time;

/**
 * The time of one client's last activity, and the time since which its unfinished request has been arriving, in seconds
 * of its worker's sweep. Written once for each read, judged by the sweep. Owned by the worker's thread.
 */
public final class ArrivalTimes {

    /** The verdict of the sweep on a client. */
    public enum Verdict {
        STAYS,
        IDLE,
        TOO_SLOW
    }

    private int active;
    private int arrivingSince;
    private long arrivedBytes;

    public ArrivalTimes(int second) {
        this.active = second;
    }

    /** Notes that the client has been answered, or is being answered: it is not idle. */
    public void busy(int second) {
        active = second;
    }

    /** Restarts the time of an unfinished request, as when the proxy was not ready to take it. */
    public void restart(int second) {
        active = second;
        arrivingSince = second;
        arrivedBytes = 0;
    }

    /**
     * Notes a read.
     *
     * @param unfinishedBefore bytes of the request that had not wholly arrived before; 0 if there was none
     * @param unfinished the same afterwards
     */
    public void read(int second, int bytes, long unfinishedBefore, long unfinished) {
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
    public Verdict judge(int second, ClientTimes times, boolean unfinished) {
        if (unfinished && times.requestSeconds() > 0) {
            long earned = arrivedBytes / ClientTimes.BYTES_PER_SECOND;
            return second - arrivingSince > times.requestSeconds() + earned ? Verdict.TOO_SLOW : Verdict.STAYS;
        }
        return times.idleSeconds() > 0 && second - active > times.idleSeconds() ? Verdict.IDLE : Verdict.STAYS;
    }
}
