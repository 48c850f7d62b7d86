package io.memroute.app.service;

import io.memroute.proxy.metrics.LoopWatch;
import io.memroute.proxy.metrics.LoopWatch.LoopNumbers;
import io.memroute.proxy.repeat.Repeated;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager that this process works, as long as every worker does. A worker that stands still keeps its
 * clients waiting until somebody restarts the process.
 */
public final class Watchdog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** Messages in the time that the service manager allows: one that is late on a busy machine does no harm. */
    private static final int TIMES = 4;

    private final ServiceManager manager;
    private final LoopWatch workers;
    private final Duration limit;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("memroute-watchdog", true));
    private boolean standing;

    Watchdog(ServiceManager manager, LoopWatch workers, Duration limit) {
        this.manager = manager;
        this.workers = workers;
        this.limit = limit;
    }

    /**
     * Begins to tell, if the service manager wants to know.
     *
     * @param limit a worker that has run nothing for so long stands still
     */
    public static Optional<Watchdog> start(ServiceManager manager, LoopWatch workers, Duration limit) {
        return manager.watchdog().map(time -> {
            Watchdog watchdog = new Watchdog(manager, workers, limit);
            watchdog.thread.scheduleAtFixedRate(
                    new Repeated("notifying the watchdog of systemd", watchdog::look),
                    0,
                    Math.max(1, time.toNanos() / TIMES),
                    TimeUnit.NANOSECONDS);
            return watchdog;
        });
    }

    void look() {
        Optional<LoopNumbers> late = workers.numbers().stream()
                .filter(worker -> worker.pending().compareTo(limit) > 0)
                .findFirst();
        if (late.isEmpty()) {
            manager.alive();
        } else if (!standing) {
            LOG.error(
                    "worker {} has not responded for {} s; not notifying the watchdog of systemd until it does",
                    late.get().worker(),
                    late.get().pending().toSeconds());
        }
        standing = late.isPresent();
        workers.probe();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
