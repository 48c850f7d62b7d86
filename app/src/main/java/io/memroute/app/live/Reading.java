package io.memroute.app.live;

import java.time.Instant;
import java.util.function.Supplier;

/**
 * Numbers at a moment.
 *
 * @param nanoTime the moment, as {@link System#nanoTime()}
 * @param <N> all numbers, or those of the overview
 */
record Reading<N>(long nanoTime, Instant time, N numbers) {

    static <N> Reading<N> now(Supplier<N> numbers) {
        return new Reading<>(System.nanoTime(), Instant.now(), numbers.get());
    }

    /** The time since an earlier reading; 0 if it is the same. */
    double secondsSince(Reading<N> earlier) {
        return (nanoTime - earlier.nanoTime) / 1e9;
    }
}
