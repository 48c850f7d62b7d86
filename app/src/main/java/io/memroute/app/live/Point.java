package io.memroute.app.live;

import org.jspecify.annotations.Nullable;

/**
 * The overview of one second, for charts.
 *
 * @param time its end, in seconds since 1970
 * @param rate requests a second
 * @param hitRatio hits among gets; null without any
 * @param errorRate errors a second
 * @param p50 seconds that clients waited; null without requests
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
        long connections) {}
