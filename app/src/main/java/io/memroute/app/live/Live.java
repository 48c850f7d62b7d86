package io.memroute.app.live;

import io.memroute.proxy.metrics.BackendNumbers;
import io.memroute.proxy.metrics.BackendNumbers.LastFailure;
import io.memroute.proxy.metrics.Distribution;
import io.memroute.proxy.metrics.SlowRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code /api/live}: what happened within an interval that ended just now. Rates are per second, ratios
 * and shares from 0 to 1, times in seconds; a number is missing where nothing happened that it could be about.
 *
 * @param time the end of the interval
 * @param intervalSeconds its length; 0 at the start of the proxy
 * @param ready whether clients may be sent here
 * @param classes by class of commands
 * @param workers the event loops
 * @param routes those that the configuration names
 * @param hotKeys the hottest first
 * @param slowRequests of the last minute or two, the slowest first
 */
public record Live(
        Instant time,
        double intervalSeconds,
        boolean ready,
        Requests requests,
        List<CommandRate> classes,
        Clients clients,
        List<Worker> workers,
        List<Pool> pools,
        List<Backend> backends,
        List<Route> routes,
        List<HotKeyShare> hotKeys,
        List<SlowRequest> slowRequests) {

    /** Percentiles of the times within the interval, good to 4 %. */
    public record Latency(double p50, double p90, double p99, double p999, double max) {

        /** Sums times up, if there are any. */
        static @Nullable Latency of(Distribution times) {
            return times.count() == 0
                    ? null
                    : new Latency(
                            times.percentileSeconds(50),
                            times.percentileSeconds(90),
                            times.percentileSeconds(99),
                            times.percentileSeconds(99.9),
                            times.maxSeconds());
        }
    }

    /**
     * Requests given to routes; each key of a multi-key get counts.
     *
     * @param total since the start of the process
     * @param hitRatio hits among gets
     * @param errorRate requests a second that were answered with an error
     * @param active under way now
     * @param latency as clients see it
     */
    public record Requests(
            double rate,
            long total,
            @Nullable Double hitRatio,
            double errorRate,
            long active,
            @Nullable Latency latency) {}

    /** @param name the word of the class: {@code get}, {@code store} ... */
    public record CommandRate(
            String name, double rate, @Nullable Latency latency) {}

    /**
     * @param connections open now
     * @param limit connections at one time
     * @param refused connections closed so far because there were too many
     * @param watching those that watch now
     * @param lostLineRate lines a second that they have lost, because they read too slowly
     * @param identities those to whom rules of access or quotas were applied, at most a hundred, the busiest first
     */
    public record Clients(
            long connections,
            int limit,
            long refused,
            long watching,
            double lostLineRate,
            List<Group> groups,
            List<Identity> identities) {}

    /**
     * The clients of the listeners with one tag.
     *
     * @param listener the tag; empty for listeners without one
     * @param refused connections so far
     * @param receivedRate bytes a second
     * @param sentRate bytes a second
     */
    public record Group(
            String listener,
            long connections,
            double acceptRate,
            long refused,
            double rate,
            double errorRate,
            double receivedRate,
            double sentRate) {}

    /**
     * The clients with one identity.
     *
     * @param rate requests a second that rules were applied to
     * @param deniedRate those that the rules of access refused
     * @param exceededRate those above a limit
     * @param denied in all
     * @param exceeded in all
     */
    public record Identity(
            String identity, double rate, double deniedRate, double exceededRate, long denied, long exceeded) {}

    /**
     * @param lag the mean time that a task waited for the loop
     * @param mostLag an upper bound of the longest; of those above the last bucket, the time since the interval began
     * @param pending how long the task that waits now has waited; 0 if none does
     */
    public record Worker(
            int worker, @Nullable Double lag, @Nullable Double mostLag, double pending) {}

    /**
     * @param backends how many servers it has
     * @param imbalance how much the busiest server has to do in comparison with the mean; 1 is even
     * @param latency of its servers, without queues
     */
    public record Pool(
            String name,
            int backends,
            int up,
            double rate,
            @Nullable Double hitRatio,
            double errorRate,
            @Nullable Latency latency,
            @Nullable Double imbalance) {}

    /**
     * @param pools the names of its pools
     * @param share of the requests to the servers of its pool; of several pools that is the one with the most requests
     * @param queued requests that wait for a reply now
     * @param latency from when a request was written until its reply was read
     * @param queueLatency from when a connection got a request until it was written
     * @param failures connections lost or not made so far
     */
    public record Backend(
            String label,
            String address,
            BackendNumbers.State state,
            List<String> pools,
            double rate,
            @Nullable Double share,
            @Nullable Double hitRatio,
            double errorRate,
            long queued,
            long mostQueued,
            Connections connections,
            double receivedRate,
            double sentRate,
            @Nullable Latency latency,
            @Nullable Latency queueLatency,
            long failures,
            long reconnects,
            @Nullable LastFailure lastFailure) {}

    public record Connections(int ready, int connecting, int bad) {}

    /** @param latency from when it got a request until its reply was there */
    public record Route(
            String name,
            double rate,
            @Nullable Double hitRatio,
            double errorRate,
            @Nullable Latency latency) {}

    /**
     * @param key as it is shown to people
     * @param share of all requests to servers
     * @param size of its value in bytes, if it has been seen
     */
    public record HotKeyShare(
            String key,
            double share,
            String pool,
            String backend,
            @Nullable Long size) {}
}
