package io.memroute.proxy.backend;

/**
 * The number of requests that one connection may have at its server while tenants take turns: enough to keep the server
 * busy, and little more, since what is asked next waits behind them. Knows no clock: times are passed in. Owned by the
 * worker's thread.
 *
 * <p>The rule is that of FAST TCP (Wei, Jin, Low, Hegde: "FAST TCP: motivation, architecture, algorithms, performance",
 * section IV): the window that the present round trip needs without a queue, and {@link #QUEUED} more. A server that is
 * far away gets many, one around the corner few.
 */
final class ServerWindow {

    /** Requests that may queue at the server: what it answers in some 50 microseconds. */
    static final int QUEUED = 128;

    /** More are not held back by a window, but by the limits of clients. */
    private static final int MOST = 1 << 16;

    /** The time after which the shortest round trip is found anew: routes change. */
    private static final long EPOCH_NANOS = 10_000_000_000L;

    private double requests = QUEUED;
    private long shortestNanos = Long.MAX_VALUE;
    private long shortestOfEpochNanos = Long.MAX_VALUE;
    private long epochNanos;

    /** The number of requests that may be at the server. */
    int requests() {
        return (int) requests;
    }

    /**
     * Notes how long the server took for the newest reply.
     *
     * @param outstanding requests that it still has: a window that is not used does not grow
     */
    void replied(long roundTripNanos, int outstanding, long nowNanos) {
        if (nowNanos - epochNanos > EPOCH_NANOS) {
            epochNanos = nowNanos;
            shortestNanos = shortestOfEpochNanos;
            shortestOfEpochNanos = Long.MAX_VALUE;
        }
        long taken = Math.max(1, roundTripNanos);
        shortestOfEpochNanos = Math.min(shortestOfEpochNanos, taken);
        shortestNanos = Math.min(shortestNanos, taken);
        double used = Math.min(requests, 2.0 * outstanding);
        requests = Math.min(MOST, used * shortestNanos / taken + QUEUED);
    }
}
