package io.memroute.proxy.metrics;

import io.memroute.proxy.stats.LatencyBuckets;
import io.memroute.proxy.stats.LatencyRecorder;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Durations at a moment, counted in {@link LatencyBuckets}: counts are exact, percentiles within 4 % from 10 us to 10
 * s. Immutable. Two readings of the same recorders make an interval: {@code later.minus(earlier)}.
 */
public final class Distribution {

    /** No durations. */
    public static final Distribution EMPTY = new Distribution(0, new long[0], 0, 0);

    /** The bucket of {@code counts[0]}: buckets before it, and those behind the last, are empty. */
    private final int first;

    private final long[] counts;
    private final long count;
    private final long sumNanos;
    private final long mostNanos;

    private Distribution(int first, long[] counts, long sumNanos, long mostNanos) {
        this.first = first;
        this.counts = counts;
        this.sumNanos = sumNanos;
        this.mostNanos = mostNanos;
        long all = 0;
        for (long each : counts) {
            all += each;
        }
        this.count = all;
    }

    /** The durations that recorders have counted so far, together. */
    public static Distribution of(Collection<LatencyRecorder> recorders) {
        long[] counts = new long[LatencyBuckets.COUNT];
        long sumNanos = 0;
        long mostNanos = 0;
        for (LatencyRecorder recorder : recorders) {
            recorder.addTo(counts);
            sumNanos += recorder.sumNanos();
            mostNanos = Math.max(mostNanos, recorder.mostNanos());
        }
        return trimmed(0, counts, sumNanos, mostNanos);
    }

    /** All durations of several distributions. */
    public static Distribution sum(Collection<Distribution> distributions) {
        return distributions.stream().reduce(EMPTY, Distribution::plus);
    }

    private static Distribution trimmed(int first, long[] counts, long sumNanos, long mostNanos) {
        int from = 0;
        int to = counts.length;
        while (from < to && counts[from] == 0) {
            from++;
        }
        while (from < to && counts[to - 1] == 0) {
            to--;
        }
        return from == to
                ? EMPTY
                : new Distribution(first + from, Arrays.copyOfRange(counts, from, to), sumNanos, mostNanos);
    }

    /** The number of durations. */
    public long count() {
        return count;
    }

    /** The number of durations that are at most so long; exact for the bounds of {@link #shownSeconds()}. */
    public long countUpTo(double seconds) {
        long nanos = Math.round(seconds * 1e9);
        long all = 0;
        for (int i = 0; i < counts.length && LatencyBuckets.upperNanos(first + i) <= nanos; i++) {
            all += counts[i];
        }
        return all;
    }

    /** Upper bounds of the buckets that monitoring systems get, in seconds. */
    public static List<Double> shownSeconds() {
        return Arrays.stream(LatencyBuckets.shownNanos())
                .mapToObj(nanos -> nanos / 1e9)
                .toList();
    }

    /** The sum of the durations. */
    public double sumSeconds() {
        return sumNanos / 1e9;
    }

    /** The mean of the durations; 0 if there are none. */
    public double meanSeconds() {
        return count == 0 ? 0 : sumNanos / 1e9 / count;
    }

    /** The longest duration; of an interval within 4 %, or more than it was by less than 8 %. 0 if there is none. */
    public double maxSeconds() {
        return mostNanos / 1e9;
    }

    /**
     * The duration that so many percent of all durations do not exceed.
     *
     * @param percentile above 0, at most 100; 50 is the median
     * @return 0 if there are no durations
     */
    public double percentileSeconds(double percentile) {
        long rank = Math.max(1, (long) Math.ceil(count * percentile / 100));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                long middle = first + i == LatencyBuckets.COUNT - 1 ? mostNanos : LatencyBuckets.middleNanos(first + i);
                return Math.min(middle, mostNanos) / 1e9;
            }
        }
        return 0;
    }

    /** The durations of both. */
    public Distribution plus(Distribution other) {
        if (other.count == 0 || count == 0) {
            return other.count == 0 ? this : other;
        }
        return combined(other, 1, Math.max(mostNanos, other.mostNanos));
    }

    /** The durations that have come since an earlier reading; if counting started over in between, all of these. */
    public Distribution minus(Distribution earlier) {
        if (earlier.count == 0 || startedOverSince(earlier)) {
            return this;
        }
        Distribution since = combined(earlier, -1, mostNanos);
        if (since.count == 0 || mostNanos > earlier.mostNanos) {
            return since;
        }
        // The longest duration ever is from before: of those since then, only the bucket of the longest is known.
        long upper = LatencyBuckets.upperNanos(since.first + since.counts.length - 1);
        return new Distribution(since.first, since.counts, since.sumNanos, Math.min(upper, mostNanos));
    }

    private boolean startedOverSince(Distribution earlier) {
        for (int i = 0; i < earlier.counts.length; i++) {
            int at = earlier.first + i - first;
            if (earlier.counts[i] > (at >= 0 && at < counts.length ? counts[at] : 0)) {
                return true;
            }
        }
        return false;
    }

    private Distribution combined(Distribution other, int sign, long most) {
        int from = Math.min(first, other.first);
        int to = Math.max(first + counts.length, other.first + other.counts.length);
        long[] both = new long[to - from];
        for (int i = 0; i < counts.length; i++) {
            both[first + i - from] += counts[i];
        }
        for (int i = 0; i < other.counts.length; i++) {
            int at = other.first + i - from;
            both[at] += sign * other.counts[i];
        }
        return trimmed(from, both, Math.max(0, sumNanos + sign * other.sumNanos), most);
    }

    @Override
    public String toString() {
        return "%d durations, p50 %.6f s, p99 %.6f s, max %.6f s"
                .formatted(count, percentileSeconds(50), percentileSeconds(99), maxSeconds());
    }
}
