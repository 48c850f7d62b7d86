package io.memroute.proxy.backend;

import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.config.BackendSpec;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Decides when a failing connection is tried again. Knows no sockets and no clock: the time is passed in.
 *
 * <p>There are two ways to fail. A server that can't be connected to, or does not complete the handshake, is tried
 * again at once up to the failure limit, then after each retry wait. A server that completes the handshake and loses
 * the connection within the flap time is <em>flapping</em>: it is treated the same way, but each further flap makes the
 * wait longer, because every one of its short connections takes requests and fails them. A connection that outlives the
 * flap time ends that.
 *
 * @see "docs/reference/proxy-api.md section 5.4"
 */
final class ConnectionHealth {

    /** The part of a pause that chance takes away, so that workers and proxies do not all come back at one moment. */
    private static final double SPREAD = 0.1;

    private final BackendSpec spec;
    private int failures;
    private int flaps;
    private long connectedNanos;
    /** Whether the present connection has completed its handshake. */
    private boolean validated;
    /** Written by the worker, read by the threads that show statistics. */
    private volatile boolean bad;

    ConnectionHealth(BackendSpec spec) {
        this.spec = spec;
    }

    /** Whether requests are to fail at once. */
    boolean bad() {
        return bad;
    }

    void connected(long nowNanos) {
        connectedNanos = nowNanos;
    }

    /** The backend answered the handshake. Returns whether it was marked bad until now. */
    boolean validated() {
        boolean recovered = bad;
        failures = 0;
        validated = true;
        bad = false;
        return recovered;
    }

    /** The way to go on after a failure. */
    sealed interface Verdict {
        /** Connect again right away. */
        record Reconnect() implements Verdict {}

        /** Leave it alone, then try once. */
        record Pause(long millis, boolean flapping, boolean newlyBad) implements Verdict {

            /** The pause less a random part, up to a tenth. */
            long spreadMillis(RandomGenerator random) {
                return millis - (long) (random.nextDouble() * SPREAD * millis);
            }
        }
    }

    private static final Verdict RECONNECT = new Verdict.Reconnect();

    Verdict failed(BackendFailure failure, long nowNanos) {
        failures++;
        if (validated && failure.faultOfBackend()) {
            boolean tooSoon = nowNanos - connectedNanos < spec.flapTime().toNanos();
            flaps = tooSoon ? flaps + 1 : 0;
        }
        validated = false;
        int flapsBeyondLimit = flaps - spec.failureLimit();
        if (flapsBeyondLimit > 0) {
            double retry = spec.retryWait().toMillis() * Math.pow(spec.flapBackoffRamp(), flapsBeyondLimit - 1);
            return pause((long) Math.min(retry, longestPauseMillis()), true);
        }
        if (failures > spec.failureLimit()) {
            return pause(spec.retryWait().toMillis(), false);
        }
        return RECONNECT;
    }

    /** A maximum below the retry wait can't be meant to hasten the attempts at a server that flaps. */
    private long longestPauseMillis() {
        return Math.max(spec.flapBackoffMax().toMillis(), spec.retryWait().toMillis());
    }

    private Verdict pause(long millis, boolean flapping) {
        boolean newlyBad = !bad;
        bad = true;
        return new Verdict.Pause(millis, flapping, newlyBad);
    }

    static long wholeSeconds(long millis) {
        return TimeUnit.MILLISECONDS.toSeconds(millis);
    }
}
