package io.memroute.proxy.backend;

import io.memroute.proxy.config.BackendSpec;
import java.util.concurrent.TimeUnit;

/**
 * When a failing connection is tried again. Knows no sockets and no clock: the time is passed in.
 *
 * @see "proxy-api.md section 5.4"
 */
final class ConnectionHealth {

    private final BackendSpec spec;
    private int failures;
    private int flaps;
    private long flapReferenceNanos;
    /** Written by the worker, read by whoever shows statistics. */
    private volatile boolean bad;

    ConnectionHealth(BackendSpec spec) {
        this.spec = spec;
    }

    /** Whether requests are to fail at once. */
    boolean bad() {
        return bad;
    }

    void connected(long nowNanos) {
        flapReferenceNanos = nowNanos;
    }

    /** The backend answered the handshake. Returns whether it was marked bad until now. */
    boolean validated() {
        boolean recovered = bad;
        failures = 0;
        bad = false;
        return recovered;
    }

    /** What to do after a failure. */
    sealed interface Verdict {
        /** Connect again right away. */
        record Reconnect() implements Verdict {}

        /** Leave it alone, then try once. */
        record Pause(long millis, boolean flapping, boolean newlyBad) implements Verdict {}
    }

    private static final Verdict RECONNECT = new Verdict.Reconnect();

    Verdict failed(BackendFailure failure, long nowNanos) {
        failures++;
        if (failure.countsAsFlap() && !spec.flapTime().isZero()) {
            boolean tooSoon = nowNanos - flapReferenceNanos <= spec.flapTime().toNanos();
            flaps = tooSoon ? flaps + 1 : 0;
            flapReferenceNanos = nowNanos;
        }
        if (flaps > spec.failureLimit()) {
            double retry = spec.retryWait().toMillis() * Math.pow(spec.flapBackoffRamp(), flaps);
            return pause((long) Math.min(retry, spec.flapBackoffMax().toMillis()), true);
        }
        if (failures > spec.failureLimit()) {
            return pause(spec.retryWait().toMillis(), false);
        }
        return RECONNECT;
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
