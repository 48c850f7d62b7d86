package io.memroute.app.live;

import io.memroute.proxy.metrics.ProxyNumbers;
import java.time.Instant;

/**
 * All numbers at a moment.
 *
 * @param nanoTime the moment, as {@link System#nanoTime()}
 */
record Reading(long nanoTime, Instant time, ProxyNumbers numbers) {

    /** The time since an earlier reading; 0 if it is the same. */
    double secondsSince(Reading earlier) {
        return (nanoTime - earlier.nanoTime) / 1e9;
    }
}
