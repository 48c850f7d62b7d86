package io.memroute.proxy.measure;

/**
 * Tells whether the requests of one connection to a server wait there: their times exceed the server's own time by more
 * than chance. Also tells how fast the server is. Knows no clock. Owned by the worker's thread.
 *
 * <p>The server's own time is that of requests that found nothing before them: each was written by itself while no
 * reply was due. All other times have a queue in them, and one that stands would pass for the server's own time. They
 * can make it shorter, but never longer. It is that of the last one to two {@link #PERIOD_NANOS}, so that a server
 * which has become slower is soon seen as it is.
 */
public final class ServerDelay {

    /** The time that answers may take beyond the server's own: a pass of the loop of a worker that is not busy. */
    private static final long SLACK_NANOS = 50_000;

    /** The most that they may take beyond it because it varies with the distance. */
    private static final long MOST_VARIATION_NANOS = 5_000_000;

    private static final long PERIOD_NANOS = 1_000_000_000;

    /** The time at work from which a speed is taken: longer than the system has a thread wait for its turn. */
    private static final long SPEED_NANOS = 20_000_000;

    /** So many of them, one after the other, are no chance. */
    private static final int SLACK_TIMES = 2;

    private long ownPeriodNanos;
    private long shortestBefore = Long.MAX_VALUE;
    private long shortest = Long.MAX_VALUE;
    private boolean waits;

    private long workNanos;
    private int workRequests;
    /** The newest such times, one after the other, in which the server did much less than it could. */
    private int slackTimes;

    private long speedPeriodNanos;
    /** The least time for a request among many, in this period and the one before; 0 if it is not known. */
    private long fastestBefore;

    private long fastest;

    /** Notes that so many requests were answered, and that these are their times. */
    public void answered(int requests, RequestTimes times, long nowNanos) {
        long alone = times.aloneServerNanos();
        if (alone > 0 && nowNanos - ownPeriodNanos >= PERIOD_NANOS) {
            ownPeriodNanos = nowNanos;
            shortestBefore = shortest;
            shortest = Long.MAX_VALUE;
        }
        shortest = Math.min(shortest, times.lastServerNanos());
        long own = Math.min(shortest, shortestBefore);
        waits = times.lastServerNanos() - own > SLACK_NANOS + Math.min(own / 2, MOST_VARIATION_NANOS);
        work(requests, times.dueNanos(), nowNanos);
    }

    private void work(int requests, long nanos, long nowNanos) {
        workRequests += requests;
        workNanos += nanos;
        if (workNanos < SPEED_NANOS) {
            return;
        }
        long each = Math.max(1, workNanos / workRequests);
        if (fastest == 0 || nowNanos - speedPeriodNanos >= PERIOD_NANOS) {
            speedPeriodNanos = nowNanos;
            fastestBefore = fastest;
            fastest = each;
        }
        fastest = Math.min(fastest, each);
        slackTimes = each > 2 * leastForEach() ? slackTimes + 1 : 0;
        workNanos = 0;
        workRequests = 0;
    }

    /** Whether the newest answers were to requests that waited at the server. */
    public boolean waits() {
        return waits;
    }

    /**
     * The number of requests that the server does in a time when it is at work. The highest number if that is not
     * known, or if it does much less now than it could: it is not given enough, since the way there or a busy machine
     * takes the time.
     */
    public int doneIn(long nanos) {
        long each = leastForEach();
        if (each == 0 || slackTimes >= SLACK_TIMES) {
            return Integer.MAX_VALUE;
        }
        return (int) Math.min(Integer.MAX_VALUE, nanos / each);
    }

    private long leastForEach() {
        return fastestBefore == 0 ? fastest : Math.min(fastest, fastestBefore);
    }

    /** Forgets the times: the connection is another one. */
    public void clear() {
        shortest = Long.MAX_VALUE;
        shortestBefore = Long.MAX_VALUE;
        waits = false;
        workNanos = 0;
        workRequests = 0;
        slackTimes = 0;
        fastest = 0;
        fastestBefore = 0;
    }
}
