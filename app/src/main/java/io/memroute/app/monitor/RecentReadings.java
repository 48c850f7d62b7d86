package io.memroute.app.monitor;

import io.memroute.proxy.metrics.ProxyNumbers;
import java.time.Duration;
import java.util.Optional;

/**
 * Remembers the readings of earlier scrapes, so that quantiles are those of the last one or two minutes, not of all the
 * time since the start. Thread safe.
 *
 * <p>Between two scrapes it does nothing: where they are further apart, quantiles are of the time since the one before.
 */
final class RecentReadings {

    /** Quantiles are of at least this time: long enough for a p99 of a hundred requests a minute to mean something. */
    static final Duration LEAST = Duration.ofMinutes(1);

    private record Reading(long nanos, ProxyNumbers numbers) {}

    /** Readings are compared with this one. */
    private Optional<Reading> base = Optional.empty();
    /** Becomes the base when it is old enough. */
    private Optional<Reading> next = Optional.empty();

    /**
     * Notes a reading.
     *
     * @param nanos its time, as {@link System#nanoTime()}
     * @return the earlier reading to compare it with; empty if that is the start of the proxy
     */
    synchronized Optional<ProxyNumbers> since(ProxyNumbers numbers, long nanos) {
        if (next.isEmpty() || nanos - next.get().nanos >= LEAST.toNanos()) {
            base = next;
            next = Optional.of(new Reading(nanos, numbers));
        }
        return base.map(Reading::numbers);
    }
}
