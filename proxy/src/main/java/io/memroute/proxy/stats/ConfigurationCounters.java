package io.memroute.proxy.stats;

import java.util.concurrent.atomic.AtomicLong;

/** How often configurations were loaded, and how often their crons ran. Thread safe. */
public final class ConfigurationCounters {

    private final AtomicLong loads = new AtomicLong();
    private final AtomicLong failedLoads = new AtomicLong();
    private final AtomicLong cronRuns = new AtomicLong();
    private final AtomicLong cronFailures = new AtomicLong();

    /** A load begins; the first one counts. */
    public void loadStarted() {
        loads.incrementAndGet();
    }

    public void loadFailed() {
        failedLoads.incrementAndGet();
    }

    public void cronRan() {
        cronRuns.incrementAndGet();
    }

    /** One that {@linkplain #cronRan ran} has failed. */
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
