package io.memroute.proxy;

import io.memroute.proxy.metrics.BackendNumbers;
import io.memroute.proxy.metrics.Distribution;
import io.memroute.proxy.metrics.HotKey;
import io.memroute.proxy.metrics.PoolNumbers;
import io.memroute.proxy.metrics.RouteNumbers;
import io.memroute.proxy.stats.StatLines;
import java.util.List;
import java.util.Locale;

/** {@code stats latency} and {@code stats hotkeys}: for those who have only a telnet. Any thread. */
final class LatencyStats {

    /** Servers, pools and routes that are shown, each: what a worker can add up within a millisecond. */
    private static final int MOST_SHOWN = 500;

    private LatencyStats() {}

    /** Writes the percentiles of clients' requests, named routes, pools and servers, in microseconds. */
    static void latency(NumberReader numbers, StatLines lines) {
        numbers.latency().forEach((kind, latency) -> times(lines, "class:" + kind.word(), latency));
        for (RouteNumbers route : first(numbers.routes())) {
            times(lines, "route:" + route.name(), route.latency());
        }
        List<BackendNumbers> backends = numbers.backends();
        for (PoolNumbers pool : first(numbers.pools(backends))) {
            times(lines, "pool:" + pool.name(), pool.traffic().serverTime());
            times(lines, "pool:" + pool.name() + ":queue", pool.traffic().queueTime());
        }
        for (BackendNumbers backend : first(backends)) {
            times(lines, "backend:" + backend.label(), backend.traffic().serverTime());
            times(
                    lines,
                    "backend:" + backend.label() + ":queue",
                    backend.traffic().queueTime());
        }
        lines.end();
    }

    private static <T> List<T> first(List<T> all) {
        return all.subList(0, Math.min(all.size(), MOST_SHOWN));
    }

    private static void times(StatLines lines, String name, Distribution times) {
        lines.add(name + ":count", times.count());
        if (times.count() > 0) {
            lines.add(name + ":mean_us", micros(times.meanSeconds()))
                    .add(name + ":p50_us", micros(times.percentileSeconds(50)))
                    .add(name + ":p90_us", micros(times.percentileSeconds(90)))
                    .add(name + ":p99_us", micros(times.percentileSeconds(99)))
                    .add(name + ":p999_us", micros(times.percentileSeconds(99.9)))
                    .add(name + ":max_us", micros(times.maxSeconds()));
        }
    }

    private static long micros(double seconds) {
        return Math.round(seconds * 1e6);
    }

    /** Writes the keys that most requests to servers are about, the hottest first. */
    static void hotKeys(NumberReader numbers, StatLines lines) {
        int rank = 1;
        for (HotKey key : numbers.hotKeys()) {
            lines.add(rank + ":key", key.key())
                    .add(rank + ":share", String.format(Locale.ROOT, "%.4f", key.share()))
                    .add(rank + ":pool", key.pool())
                    .add(rank + ":backend", key.backend())
                    .add(rank + ":size_bytes", key.sizeBytes());
            rank++;
        }
        lines.end();
    }
}
