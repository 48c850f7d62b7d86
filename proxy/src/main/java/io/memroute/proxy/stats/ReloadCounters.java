package io.memroute.proxy.stats;

import java.util.concurrent.atomic.AtomicLong;

/** How often the configuration was loaded. Thread safe. */
public final class ReloadCounters {

    private final AtomicLong started = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /** A load begins; the first one counts. */
    public void started() {
        started.incrementAndGet();
    }

    public void failed() {
        failed.incrementAndGet();
    }

    public long startedCount() {
        return started.get();
    }

    public long failedCount() {
        return failed.get();
    }
}
