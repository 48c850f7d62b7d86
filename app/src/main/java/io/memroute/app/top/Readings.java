package io.memroute.app.top;

import io.memroute.app.live.Live;
import io.memroute.app.remote.RemoteProxy;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks a proxy for its numbers again and again, on a thread of its own, and goes on asking while nobody answers. Thread
 * safe.
 */
final class Readings implements AutoCloseable {

    /**
     * @param live the last numbers that there were; empty before the first
     * @param problem why there are no newer ones; empty if there are
     * @param number counts the attempts
     */
    record Reading(Optional<Live> live, Optional<String> problem, long number) {}

    private final RemoteProxy proxy;
    private final String page;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("memroute-top").daemon().factory());

    private volatile Reading last = new Reading(Optional.empty(), Optional.empty(), 0);

    /** @param seconds which the numbers are to be about */
    Readings(RemoteProxy proxy, int seconds, Duration every) {
        this.proxy = proxy;
        this.page = page(seconds);
        thread.scheduleWithFixedDelay(this::read, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    static String page(int seconds) {
        return "/api/live?seconds=" + seconds;
    }

    private void read() {
        try {
            last = new Reading(Optional.of(proxy.read(page, Live.class)), Optional.empty(), last.number() + 1);
        } catch (IOException | RuntimeException e) {
            // An error that is not shown would end the readings, and the screen would stand still.
            last = new Reading(last.live(), Optional.of(SystemError.text(e)), last.number() + 1);
        }
    }

    Reading last() {
        return last;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
