package io.memroute.proxy.access;

/**
 * Tokens that all workers share, so many more each second. A worker draws some at a time, enough for several
 * milliseconds, and spends them alone. Thread safe; the lock is taken for a draw, not for a request.
 *
 * <p>Workers may spend more than they have: what a large value costs is known too late to refuse it. They pay such a
 * debt before they get anything.
 */
final class SharedBucket {

    private static final double NANOS_PER_SECOND = 1e9;

    private final double perSecond;
    private final double most;
    private double tokens;
    private long filledNanos;

    /**
     * A full bucket.
     *
     * @param burstSeconds the time after which it is full again
     */
    SharedBucket(long perSecond, double burstSeconds, long nowNanos) {
        this.perSecond = perSecond;
        this.most = Math.max(1, perSecond * burstSeconds);
        this.tokens = most;
        this.filledNanos = nowNanos;
    }

    /** The number of tokens that come in a second. */
    double perSecond() {
        return perSecond;
    }

    /**
     * Takes tokens for a worker.
     *
     * @param debt tokens that it has spent and not drawn: taken in any case
     * @param wanted tokens that are taken if there is at least one then
     * @return whether it got what it wanted
     */
    synchronized boolean draw(double debt, double wanted, long nowNanos) {
        if (nowNanos > filledNanos) {
            tokens = Math.min(most, tokens + perSecond * (nowNanos - filledNanos) / NANOS_PER_SECOND);
            filledNanos = nowNanos;
        }
        tokens -= debt;
        if (tokens < 1) {
            return false;
        }
        tokens -= wanted;
        return true;
    }
}
