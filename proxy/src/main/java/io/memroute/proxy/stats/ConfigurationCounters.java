package io.memroute.proxy.stats;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts of loads and crons, and the results of the last loads. Thread safe. */
public final class ConfigurationCounters {

    /** Loads that are remembered: some days of deployments. */
    private static final int KEPT_LOADS = 20;

    /** Bounds the text of a load's errors; the log has all of them. */
    private static final int MOST_ERROR_CHARACTERS = 16 << 10;

    /**
     * A load that has ended.
     *
     * @param errors why the previous configuration stays in force, one a line; empty if the new one is
     */
    public record Load(Instant ended, Duration took, Optional<String> errors) {}

    private final Deque<Load> recentLoads = new ArrayDeque<>();
    /** The time at which the configuration in force was loaded, once there is one. */
    private volatile @Nullable Instant lastSuccess;

    private final AtomicLong loads = new AtomicLong();
    private final AtomicLong failedLoads = new AtomicLong();
    private final AtomicLong cronRuns = new AtomicLong();
    private final AtomicLong cronFailures = new AtomicLong();

    /** Counts the beginning of a load, the first one included. */
    public void loadStarted() {
        loads.incrementAndGet();
    }

    /**
     * A load has ended.
     *
     * @param errors one a line; empty if the new configuration is in force
     */
    public void loadEnded(Duration took, Optional<String> errors) {
        Instant now = Instant.now();
        if (errors.isEmpty()) {
            lastSuccess = now;
        } else {
            failedLoads.incrementAndGet();
        }
        Optional<String> kept = errors.map(text -> text.substring(0, Math.min(text.length(), MOST_ERROR_CHARACTERS)));
        synchronized (recentLoads) {
            recentLoads.addFirst(new Load(now, took, kept));
            if (recentLoads.size() > KEPT_LOADS) {
                recentLoads.removeLast();
            }
        }
    }

    /** The last loads, the newest first. */
    public List<Load> recentLoads() {
        synchronized (recentLoads) {
            return List.copyOf(recentLoads);
        }
    }

    /** The time at which the configuration in force was loaded; empty before the first. */
    public Optional<Instant> lastSuccess() {
        return Optional.ofNullable(lastSuccess);
    }

    public void cronRan() {
        cronRuns.incrementAndGet();
    }

    /** Counts the failure of a cron that {@linkplain #cronRan ran}. */
    public void cronFailed() {
        cronFailures.incrementAndGet();
    }

    public long loads() {
        return loads.get();
    }

    public long failedLoads() {
        return failedLoads.get();
    }

    public long cronRuns() {
        return cronRuns.get();
    }

    public long cronFailures() {
        return cronFailures.get();
    }
}
