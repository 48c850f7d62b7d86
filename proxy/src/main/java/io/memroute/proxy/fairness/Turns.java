package io.memroute.proxy.fairness;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the tenants of one worker take turns, so that one with thousands of requests does not hold up those with few.
 * Owned by the worker's thread.
 *
 * <p>A tenant may have a {@link Share} of requests under way, the same for all, and start some of them in a pass of the
 * loop. What its clients send beyond that waits in their input, unparsed, so that nothing is allocated for it, and no
 * request overtakes another: one that has been read is on its way. As soon as there is room again, the tenant has its
 * turn, one tenant after the other, and its clients one after the other.
 *
 * <p>A tenant whose requests are not answered has a turn after {@link #PATIENCE_NANOS} all the same, since it may ask
 * other servers now; where servers take long, after twice that time.
 *
 * <p>Turns make batches shorter. So they are taken only while they help somebody: when another tenant, which asks for
 * little, was answered lately, or two with names had requests under way. One that is alone, or among its like, is never
 * held up.
 */
public final class Turns implements Runnable {

    /** After so long a tenant has a turn if its requests are not answered, unless servers take long. */
    public static final long PATIENCE_NANOS = 10_000_000;

    /** The time for which requests may wait at a server, for the sake of batches: a few passes of a worker's loop. */
    public static final long WAIT_NANOS = 200_000;

    /**
     * The most requests that a tenant starts in one pass: a get of fifty keys, or as many keys as a command line to a
     * server has. Also the least share where servers are fast.
     */
    static final int QUANTUM = 64;

    /** The time for which turns are taken after they last helped somebody. */
    static final long LATELY_NANOS = 1_000_000_000;

    /** A tenant that waits for so long asks for more than its turns bring, and not just for much at a time. */
    static final long STANDING_NANOS = 100_000_000;

    /** A client whose requests wait. */
    public interface Waiter {
        /** Starts requests, as many as its tenant may, and waits again if there are more. */
        void takeTurn();
    }

    private final Executor endOfPass;
    private final Executor afterPatience;
    private final Runnable next;
    private final Runnable look;
    private final LongSupplier clock;
    private final Share share;
    private final Map<String, Tenant> named = new HashMap<>();
    /** Tenants that may start requests in the next turns. */
    private final ArrayDeque<Tenant> ready = new ArrayDeque<>();
    /** Tenants that wait for answers. Some no longer do. */
    private final ArrayDeque<Tenant> watched = new ArrayDeque<>();

    private boolean scheduled;
    private boolean looking;
    /** Tenants with names that have requests under way. */
    private int namedBusy;
    /** The last time at which there were two of them, if there are not now. */
    private long togetherNanos = -LATELY_NANOS;
    /** The last tenant that had an answer and has not been greedy lately; it does not hold itself up. */
    private @Nullable Tenant modest;
    /** The last times at which it, and another such tenant, had an answer. */
    private long modestNanos = -LATELY_NANOS;

    private long otherModestNanos = -LATELY_NANOS;

    /**
     * @param loop runs a task when the worker's loop has read what has arrived
     * @param endOfPass runs a task at the end of the present pass of the loop
     * @param afterPatience runs a task after {@link #PATIENCE_NANOS}
     * @param clock time of the present pass
     */
    public Turns(Executor loop, Executor endOfPass, Executor afterPatience, LongSupplier clock) {
        this.endOfPass = endOfPass;
        this.afterPatience = afterPatience;
        // Not at once: a task that the loop is given while it runs tasks runs before it reads again.
        this.next = () -> loop.execute(this);
        this.look = this::look;
        this.clock = clock;
        this.share = new Share(clock);
    }

    /** The tenant of a connection that has just been made, or just got another name; empty for one without a name. */
    public Tenant connect(String name) {
        Tenant tenant = name.isEmpty() ? new Tenant(this, name) : named.computeIfAbsent(name, n -> new Tenant(this, n));
        tenant.connect();
        return tenant;
    }

    void forget(Tenant gone) {
        named.remove(gone.name(), gone);
    }

    long now() {
        return clock.getAsLong();
    }

    long longAgo() {
        return now() - LATELY_NANOS;
    }

    // ---- whether turns are taken ----

    /** Whether the tenant takes turns with others, should it ask for much. */
    public boolean areTaken(Tenant asking) {
        long helpedNanos = asking == modest ? otherModestNanos : modestNanos;
        return namedBusy > 1
                || now() - togetherNanos < LATELY_NANOS && asking.hasName()
                || now() - helpedNanos < LATELY_NANOS;
    }

    void busy(Tenant tenant) {
        if (tenant.hasName()) {
            namedBusy++;
        }
    }

    void idle(Tenant tenant) {
        if (tenant.hasName() && namedBusy-- > 1) {
            togetherNanos = now();
        }
    }

    void answeredModest(Tenant tenant, long nanos) {
        if (tenant != modest) {
            otherModestNanos = modestNanos;
            modest = tenant;
        }
        modestNanos = nanos;
    }

    // ---- the share ----

    Share share() {
        return share;
    }

    /**
     * Notes answers of a server.
     *
     * @param requests how many
     * @param serverNanos what the newest took
     * @param waited whether that was longer than this server takes for requests that do not wait there
     * @param least requests that this server does in {@link #WAIT_NANOS}
     * @param alone whether one of them found no other at the server
     */
    public void answered(int requests, long serverNanos, boolean waited, int least, boolean alone) {
        share.answered(requests, serverNanos, waited, least, alone, !ready.isEmpty() || !watched.isEmpty());
    }

    /** Whether a request that was just answered after a time was written in a trial, behind no queue from before it. */
    public boolean wasTried(long serverNanos) {
        return share.wasTried(serverNanos);
    }

    /** Notes that a server has been asked for more than it may have to do. */
    public void refused() {
        share.refused();
    }

    // ---- turns ----

    /** Notes that clients of the tenant wait. */
    void await(Tenant tenant) {
        if (tenant.mayTakeTurn()) {
            if (tenant.becomesReady()) {
                ready.add(tenant);
                schedule();
            }
        } else if (tenant.becomesWatched()) {
            watched.add(tenant);
            scheduleLook();
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            endOfPass.execute(next);
        }
    }

    /** Gives a turn to each tenant that may start requests. */
    @Override
    public void run() {
        scheduled = false;
        try {
            for (int left = ready.size(); left > 0; left--) {
                ready.remove().takeTurn();
            }
        } finally {
            if (!ready.isEmpty()) {
                schedule();
            }
        }
    }

    private void scheduleLook() {
        if (!looking) {
            looking = true;
            afterPatience.execute(look);
        }
    }

    private void look() {
        looking = false;
        share.endLongTrial();
        try {
            for (int left = watched.size(); left > 0; left--) {
                Tenant tenant = watched.remove();
                if (tenant.endsWatched(!share.isTried()) || tenant.waits()) {
                    await(tenant);
                }
            }
        } finally {
            if (!watched.isEmpty()) {
                scheduleLook();
            }
        }
    }
}
