package io.memroute.proxy.script.slot;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The time limit of a slot's wait. Owned by the worker's thread. */
final class WaitTimer {

    private final EventExecutor executor;
    private final Runnable timeUp;
    private @Nullable Future<?> timer;
    /** Distinguishes a timer that was cancelled after it had fired from the one that runs. */
    private int serial;

    /** @param timeUp called when the time of a wait that is still active is up */
    WaitTimer(EventExecutor executor, Runnable timeUp) {
        this.executor = executor;
        this.timeUp = timeUp;
    }

    void start(long nanos) {
        int started = ++serial;
        timer = executor.schedule(() -> fire(started), nanos, TimeUnit.NANOSECONDS);
    }

    /** Does nothing if none runs. */
    void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void fire(int started) {
        if (started == serial && timer != null) {
            timer = null;
            timeUp.run();
        }
    }
}
