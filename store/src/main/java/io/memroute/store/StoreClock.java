package io.memroute.store;

import java.util.concurrent.TimeUnit;

/** The time that expirations, delayed flushes and last accesses are measured with. */
@FunctionalInterface
public interface StoreClock {
    /** Seconds since 1970. Must never go backwards; called once or more per command, by any thread. */
    long unixSeconds();

    /**
     * The system's clock at the time of this call, from then on moved by the monotonic timer: setting the system's time
     * does not make items expire or live for ever.
     */
    static StoreClock system() {
        long startMillis = System.currentTimeMillis();
        long startNanos = System.nanoTime();
        return () -> TimeUnit.MILLISECONDS.toSeconds(
                startMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
    }
}
