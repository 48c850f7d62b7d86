package io.memroute.proxy.client.limit;

import java.util.concurrent.TimeUnit;

/**
 * The largest value that clients of any worker have lately sent or been sent. A client that has just connected is not
 * admitted with more requests than it could take such replies of. Thread safe; a reply that two workers report at once
 * may be forgotten.
 */
public final class LargestReply {

    /** Shorter values are not worth remembering: one client may have 64 replies of this length under way. */
    public static final int LEAST_BYTES = RequestWindow.REPLY_BYTES / 64;

    /** A large reply is remembered for one to two periods: longer than a quiet moment, shorter than a change of use. */
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(30);

    private volatile long periodBeganNanos;
    private volatile long thisPeriod;
    private volatile long lastPeriod;

    public LargestReply() {
        periodBeganNanos = System.nanoTime();
    }

    /** A value of more than {@link #LEAST_BYTES} has passed. */
    public void seen(long bytes, long nowNanos) {
        turn(nowNanos);
        if (bytes > thisPeriod) {
            thisPeriod = bytes;
        }
    }

    /** The length that a reply may have, at least {@link #LEAST_BYTES}. */
    public long bytes(long nowNanos) {
        turn(nowNanos);
        return Math.max(LEAST_BYTES, Math.max(thisPeriod, lastPeriod));
    }

    private void turn(long nowNanos) {
        long elapsed = nowNanos - periodBeganNanos;
        if (elapsed >= PERIOD_NANOS) {
            periodBeganNanos = nowNanos;
            lastPeriod = elapsed < 2 * PERIOD_NANOS ? thisPeriod : 0;
            thisPeriod = 0;
        }
    }
}
