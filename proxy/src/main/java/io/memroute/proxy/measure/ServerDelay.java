package io.memroute.proxy.measure;

/**
 * Tells whether the requests of one connection to a server wait there: their times exceed the shortest of late by more
 * than chance. Knows no clock. Owned by the worker's thread.
 *
 * <p>The shortest time is that of the last one to two {@link #PERIOD_NANOS}, so that a server which has become slower
 * for other reasons is soon seen as it is.
 */
public final class ServerDelay {

    /** The time that answers may take beyond the shortest: a pass of the loop of a worker that is not busy. */
    private static final long SLACK_NANOS = 50_000;

    private static final long PERIOD_NANOS = 1_000_000_000;

    private long periodBeganNanos;
    private long shortestBefore = Long.MAX_VALUE;
    private long shortest = Long.MAX_VALUE;

    /** Notes that requests were answered after a time. Returns whether that was long. */
    public boolean exceeds(long serverNanos, long nowNanos) {
        if (nowNanos - periodBeganNanos >= PERIOD_NANOS) {
            periodBeganNanos = nowNanos;
            shortestBefore = shortest;
            shortest = Long.MAX_VALUE;
        }
        shortest = Math.min(shortest, serverNanos);
        long usual = Math.min(shortest, shortestBefore);
        return serverNanos - usual > SLACK_NANOS + usual / 2;
    }

    /** Forgets the times: the connection is another one. */
    public void clear() {
        shortest = Long.MAX_VALUE;
        shortestBefore = Long.MAX_VALUE;
    }
}
