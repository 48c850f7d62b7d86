package io.memroute.app.live;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The readings of the last {@link #KEPT}, to compare newer ones with: those of each second for {@link #FINE}, older
 * ones {@link #COARSE} apart. Not thread safe.
 *
 * @param <N> the numbers that are read
 */
final class RecentReadings<N> {

    /** The longest interval that can be asked for. */
    static final Duration KEPT = Duration.ofSeconds(60);

    /** The most time between two readings, and that between the older ones. */
    static final Duration COARSE = Duration.ofSeconds(10);

    /** Intervals of displays that are read by people. */
    private static final Duration FINE = Duration.ofSeconds(6);

    /** Readings come a little early or late. */
    private static final double TOLERANCE_SECONDS = 0.5;

    /** The oldest first; never empty. */
    private final Deque<Reading<N>> readings = new ArrayDeque<>();

    RecentReadings(Reading<N> first) {
        readings.add(first);
    }

    Reading<N> newest() {
        return readings.getLast();
    }

    void add(Reading<N> reading) {
        readings.addLast(reading);
        Deque<Reading<N>> kept = new ArrayDeque<>();
        for (Reading<N> each : readings) {
            double age = reading.secondsSince(each);
            boolean apart =
                    kept.isEmpty() || each.secondsSince(kept.getLast()) > COARSE.toSeconds() - TOLERANCE_SECONDS;
            if (age <= FINE.toSeconds() + TOLERANCE_SECONDS || age <= KEPT.toSeconds() + COARSE.toSeconds() && apart) {
                kept.addLast(each);
            }
        }
        readings.clear();
        readings.addAll(kept);
    }

    /**
     * The reading that is nearest to a moment, of those before the newest. If there is only one, that one.
     *
     * @param nanoTime the moment, as {@link System#nanoTime()}
     */
    Reading<N> nearest(long nanoTime) {
        Reading<N> best = readings.getFirst();
        for (Reading<N> each : readings) {
            if (each != newest() && Math.abs(each.nanoTime() - nanoTime) < Math.abs(best.nanoTime() - nanoTime)) {
                best = each;
            }
        }
        return best;
    }
}
