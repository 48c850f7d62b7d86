package io.memroute.proxy.repeat;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that is run again and again. Timers forget a task that throws, and a task that sets its own next timer would
 * not come to it; neither would be noticed. So a failure is logged here, and goes no further. Of failures that follow
 * each other the first is an error, the others are for debugging. Thread safe if the task is.
 */
public final class Repeated implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    private final String what;
    private final Runnable task;
    private volatile boolean failing;

    /** @param what the task, for the log: completes the sentence "... failed" */
    public Repeated(String what, Runnable task) {
        this.what = what;
        this.task = task;
    }

    /** Runs the task once; throws nothing. */
    @Override
    public void run() {
        try {
            task.run();
            failing = false;
        } catch (Throwable e) {
            boolean again = failing;
            failing = true;
            if (again) {
                // For the end of the process, a full heap is looked for in all that is logged, whatever the level.
                LOG.debug("{} failed again", what, e);
            } else {
                LOG.error("{} failed; it goes on", what, e);
            }
        }
    }
}
