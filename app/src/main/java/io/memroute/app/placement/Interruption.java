package io.memroute.app.placement;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps a process that is to end, as with Ctrl-C, alive until what has been begun is tidied up. */
final class Interruption implements AutoCloseable {

    /** The time that a user waits before pressing it again; a proxy that is gone does not answer at all. */
    private static final int TIDYING_SECONDS = 5;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread hook = new Thread(this::waitForEnd, "interruption");
    private volatile boolean came;

    private Interruption() {}

    /** Begins to look out for the end of the process. */
    static Interruption await() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private void waitForEnd() {
        came = true;
        try {
            over.await(TIDYING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the process is to end. */
    boolean came() {
        return came;
    }

    /** Lets the process end. */
    @Override
    public void close() {
        over.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It ends already.
            return;
        }
    }
}
