package io.memroute.proxy.route.builtin;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The progress of a {@link ReshardRoute}: when the old side had something for the last time, and how often it has been
 * asked since. All workers write to it, though only for requests that one side alone could not answer. Reloads hand it
 * on as long as the route moves the same keys.
 */
public final class ReshardProgress implements WarmRoute.Watch {

    /** Silence of a side that nobody asks says nothing. */
    private static final int FEWEST_QUESTIONS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(ReshardProgress.class);

    private final long quietMillis;
    private final InstantSource clock;
    private volatile String name;
    private final AtomicBoolean over = new AtomicBoolean();
    private final LongAdder asked = new LongAdder();
    private volatile long silentSinceMillis;

    /**
     * @param quietMillis how long the old side must have had nothing
     * @param name how the log calls the route
     */
    public ReshardProgress(long quietMillis, InstantSource clock, String name) {
        this.quietMillis = quietMillis;
        this.clock = clock;
        this.name = name;
        silentSinceMillis = clock.millis();
    }

    /** Changes how the log calls the route: a new configuration may have it at another line. */
    public ReshardProgress named(String newName) {
        name = newName;
        return this;
    }

    @Override
    public void found() {
        beginAnew();
    }

    @Override
    public void failed() {
        beginAnew();
    }

    private void beginAnew() {
        silentSinceMillis = clock.millis();
        asked.reset();
    }

    @Override
    public void missed() {
        asked.increment();
        if (clock.millis() - silentSinceMillis >= quietMillis
                && asked.sum() >= FEWEST_QUESTIONS
                && over.compareAndSet(false, true)) {
            LOG.info(
                    "{}: the old side has had nothing for {} s and is no longer asked; put its child \"to\" in its"
                            + " place",
                    name,
                    quietMillis / 1000);
        }
    }

    /** Whether gets do not ask the old side any more. */
    boolean isOver() {
        return over.getPlain();
    }
}
