package io.memroute.app.live;

import io.memroute.proxy.metrics.Distribution;
import io.memroute.proxy.metrics.Overview;
import io.memroute.proxy.stats.ReplyKind;
import org.jspecify.annotations.Nullable;

/**
 * The overview of one second, for charts.
 *
 * @param time its end, in seconds since 1970
 * @param rate requests a second
 * @param hitRatio hits among gets, if there were any
 * @param errorRate errors a second
 * @param p50 seconds that clients waited, if there were requests
 * @param active requests under way
 * @param connections of clients
 */
public record Point(
        double time,
        double rate,
        @Nullable Double hitRatio,
        double errorRate,
        @Nullable Double p50,
        @Nullable Double p99,
        long active,
        long connections) {

    static Point between(Reading<Overview> before, Reading<Overview> after) {
        Overview earlier = before.numbers();
        Overview now = after.numbers();
        double seconds = after.secondsSince(before);
        Distribution latency = now.latency().minus(earlier.latency());
        boolean timed = latency.count() > 0;
        return new Point(
                after.time().toEpochMilli() / 1e3,
                Interval.since(now.requests(), earlier.requests()) / seconds,
                Interval.ratio(
                        Interval.since(now.replies(ReplyKind.HIT), earlier.replies(ReplyKind.HIT)),
                        Interval.since(now.replies(ReplyKind.MISS), earlier.replies(ReplyKind.MISS))),
                Interval.since(now.replies(ReplyKind.ERROR), earlier.replies(ReplyKind.ERROR)) / seconds,
                timed ? latency.percentileSeconds(50) : null,
                timed ? latency.percentileSeconds(99) : null,
                now.active(),
                now.connections());
    }
}
