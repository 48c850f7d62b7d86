package io.memroute.proxy.config;

import java.time.Duration;
import java.util.Objects;

/**
 * The choice of a backend's finished requests to log for {@code watch proxyreqs}. The first that applies decides: a
 * rate of 1 logs all; a failed one if {@code errors}; one slower than the deadline; one in {@code rate} at random.
 *
 * @param rate 0: none at random
 * @param deadline zero: none for being slow
 * @param tag what the line says as {@code detail=}
 */
public record LogOptions(int rate, boolean errors, Duration deadline, String tag) {

    /** Logs nothing: what a backend without {@code log} has. */
    public static final LogOptions OFF = new LogOptions(0, false, Duration.ZERO, "");

    public LogOptions {
        Objects.requireNonNull(tag, "tag");
        if (rate < 0 || deadline.isNegative()) {
            throw new IllegalArgumentException("rate and deadline are 0 (off) or more");
        }
    }

    /** Whether anything is logged at all. */
    public boolean enabled() {
        return rate > 0 || errors || !deadline.isZero();
    }
}
