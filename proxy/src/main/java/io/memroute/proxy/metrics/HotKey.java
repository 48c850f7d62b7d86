package io.memroute.proxy.metrics;

import io.memroute.proxy.stats.HotKeys;
import io.memroute.proxy.text.Shown;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A key that many requests to servers are about, lately.
 *
 * @param key as it is shown to people: bytes that are not printable ASCII are escaped
 * @param share of all requests to servers, from 0 to 1; an estimate from samples, rather too low than too high
 * @param pool the pool that it was sent to
 * @param backend the label of the server that it was last sent to
 * @param sizeBytes length of its value as last seen; 0 if it has not been seen
 */
public record HotKey(String key, double share, String pool, String backend, long sizeBytes) {

    /** Keys that are shown: a screen. */
    public static final int MOST = 20;

    /** Keys with less than this share are not hot, but all alike. */
    private static final double LEAST_SHARE = 0.001;

    /** A worker that has had no request for so long says nothing about what is hot now. */
    private static final long STALE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private record Place(String key, String pool) {}

    private record Sum(long requests, HotKeys.Seen most) {
        Sum plus(Sum other) {
            return new Sum(requests + other.requests, most.requests() < other.most.requests() ? other.most : most);
        }
    }

    /**
     * Merges what several workers have seen: at most {@value #MOST} keys, the hottest first.
     *
     * @param nowNanos the time on the workers' clock
     */
    public static List<HotKey> merged(Collection<HotKeys.Reading> workers, long nowNanos) {
        Map<Place, Sum> sums = new HashMap<>();
        long total = 0;
        for (HotKeys.Reading worker : workers) {
            if (nowNanos - worker.newestNanos() <= STALE_NANOS) {
                total += worker.total();
                worker.keys()
                        .forEach(seen -> sums.merge(
                                new Place(Shown.bytes(seen.key()), seen.pool()),
                                new Sum(seen.requests(), seen),
                                Sum::plus));
            }
        }
        double all = Math.max(1, total);
        return sums.entrySet().stream()
                .map(entry -> new HotKey(
                        entry.getKey().key(),
                        Math.min(1, entry.getValue().requests() / all),
                        entry.getKey().pool(),
                        entry.getValue().most().backend(),
                        entry.getValue().most().sizeBytes()))
                .filter(key -> key.share() >= LEAST_SHARE)
                .sorted(Comparator.comparingDouble(HotKey::share)
                        .reversed()
                        .thenComparing(HotKey::key)
                        .thenComparing(HotKey::pool))
                .limit(MOST)
                .toList();
    }
}
