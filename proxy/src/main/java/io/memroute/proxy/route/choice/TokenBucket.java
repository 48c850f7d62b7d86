package io.memroute.proxy.route.choice;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Admits a number of requests at once and so many more for each tick of time. Thread safe and without a lock, so that
 * one bucket can serve one worker or all of them.
 */
public final class TokenBucket {

    /** memcached's limit: 32 bits without sign. */
    public static final long MAX_LIMIT = 0xFFFF_FFFFL;

    /** Further in the past, a tick number that seems to lie ahead is taken for one of long ago. */
    private static final int CLOCK_SLACK_TICKS = 1 << 20;

    private final long limit;
    private final long fillRate;
    private final long tickNanos;
    private final long startNanos;
    /** Tokens in the upper half, the tick up to which they have been added in the lower, modulo 2^32. */
    private final AtomicLong state;

    /**
     * A full bucket.
     *
     * @param limit tokens it holds, 1 to {@link #MAX_LIMIT}
     * @param fillRate tokens added each tick
     */
    public TokenBucket(long limit, long fillRate, long tickNanos, long nowNanos) {
        if (limit < 1 || limit > MAX_LIMIT || fillRate < 1 || tickNanos < 1) {
            throw new IllegalArgumentException("limit " + limit + " (1 to " + MAX_LIMIT + "), fill rate " + fillRate
                    + " (1 or more), tick of " + tickNanos + " ns (1 or more)");
        }
        this.limit = limit;
        this.fillRate = fillRate;
        this.tickNanos = tickNanos;
        this.startNanos = nowNanos;
        this.state = new AtomicLong(limit << Integer.SIZE);
    }

    /** Takes a token, if there is one. */
    public boolean take(long nowNanos) {
        int tick = (int) ((nowNanos - startNanos) / tickNanos);
        while (true) {
            long seen = state.get();
            long tokens = seen >>> Integer.SIZE;
            int filledTick = (int) seen;
            int passed = tick - filledTick;
            if (passed > 0 || passed < -CLOCK_SLACK_TICKS) {
                long ticks = Integer.toUnsignedLong(passed);
                tokens = ticks >= limit ? limit : Math.min(limit, tokens + ticks * fillRate);
                filledTick = tick;
            }
            long next = Math.max(tokens - 1, 0) << Integer.SIZE | Integer.toUnsignedLong(filledTick);
            if (state.compareAndSet(seen, next)) {
                return tokens > 0;
            }
        }
    }
}
