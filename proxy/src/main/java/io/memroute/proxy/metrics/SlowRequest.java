package io.memroute.proxy.metrics;

import io.memroute.proxy.stats.ReplyKind;
import io.memroute.proxy.stats.SlowRequests.Slow;
import io.memroute.proxy.text.Shown;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * One of the slowest requests of the last minutes.
 *
 * @param time when its reply was there
 * @param key as it is shown to people
 * @param seconds from when its last byte was read until its reply was there
 */
public record SlowRequest(Instant time, double seconds, String command, String key, ReplyKind result) {

    /** A screen of them. */
    private static final int MOST = 20;

    /**
     * The slowest of all workers, the slowest first.
     *
     * @param nowNanos on the workers' clock
     */
    public static List<SlowRequest> of(Collection<Slow> requests, long nowNanos) {
        Instant now = Instant.now();
        return requests.stream()
                .sorted(Comparator.comparingLong(Slow::tookNanos).reversed())
                .limit(MOST)
                .map(slow -> new SlowRequest(
                        now.minusNanos(nowNanos - slow.endedNanos()),
                        slow.tookNanos() / 1e9,
                        slow.command().word(),
                        Shown.bytes(slow.key()),
                        slow.result()))
                .toList();
    }
}
