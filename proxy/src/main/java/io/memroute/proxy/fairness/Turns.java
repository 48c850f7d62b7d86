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
 * <p>A tenant may have a share of requests under way, the same for all, and start a {@link #QUANTUM} in a pass of the
 * loop. What its clients send beyond that waits in their input, unparsed, so that nothing is allocated for it, and no
 * request overtakes another: one that has been read is on its way. As soon as there is room again, the tenant has its
 * turn, one tenant after the other, and its clients one after the other.
 *
 * <p>The share follows from what servers take. It grows with each request that was answered nearly as fast as the
 * fastest of late on its connection, and shrinks with each other: so there is as much under way as keeps the servers
 * busy, however far they are, and few requests wait there. A tenant whose requests are not answered has a turn after
 * {@link #PATIENCE_NANOS} all the same, since it may ask other servers now.
 *
 * <p>Turns make batches shorter. So they are taken only while they help somebody: when another tenant, which asks for
 * little, was answered lately, or two with names have requests under way. One that is alone, or among its like, is
 * never held up.
 */
public final class Turns implements Runnable {

    /** After so long a tenant has a turn if its requests are not answered. */
    public static final long PATIENCE_NANOS = 10_000_000;

    /**
     * Requests of which a share always consists: a get of fifty keys, or as many keys as a command line to a server
     * has. Also what a tenant starts in one pass.
     */
    static final int QUANTUM = 64;

    /** The time after a modest tenant's last answer for which turns are taken. */
    static final long LATELY_NANOS = 1_000_000_000;

    /** Between moments at which the share is halved, so that queues at servers empty and their speed shows. */
    private static final long TRIAL_NANOS = 1_000_000_000;

    /** More than any worker has under way. */
    private static final int MOST = 1 << 20;

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
    private final Map<String, Tenant> named = new HashMap<>();
    /** Tenants that may start requests in the next turns. */
    private final ArrayDeque<Tenant> ready = new ArrayDeque<>();
    /** Tenants that wait for answers. Some no longer do. */
    private final ArrayDeque<Tenant> watched = new ArrayDeque<>();

    private boolean scheduled;
    private boolean looking;
    private int share = QUANTUM;
    private long trialNanos;
    /** Tenants with names that have requests under way. */
    private int namedBusy;
    /** The time at which a tenant had an answer that has not been greedy lately. */
    private long modestNanos;
    /** The modest tenant; it does not hold itself up. */
    private @Nullable Tenant modest;

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

    int share() {
        return share;
    }

    // ---- whether turns are taken ----

    /** Whether the tenant takes turns with others, should it ask for much. */
    public boolean areTaken(Tenant asking) {
        return namedBusy > 1 || modest != null && modest != asking && now() - modestNanos < LATELY_NANOS;
    }

    void busy(Tenant tenant) {
        if (tenant.hasName()) {
            namedBusy++;
        }
    }

    void idle(Tenant tenant) {
        if (tenant.hasName()) {
            namedBusy--;
        }
    }

    void answeredModest(Tenant tenant, long nanos) {
        modest = tenant;
        modestNanos = nanos;
    }

    // ---- the share ----

    /**
     * Notes answers of a server.
     *
     * @param requests how many
     * @param delayed whether they took longer than those of this server do that do not wait there
     */
    public void answered(int requests, boolean delayed) {
        if (delayed) {
            share = Math.max(QUANTUM, share - requests);
        } else if (!ready.isEmpty() || !watched.isEmpty()) {
            share = Math.min(MOST, share + requests);
            if (now() - trialNanos >= TRIAL_NANOS) {
                trialNanos = now();
                share = Math.max(QUANTUM, share / 2);
            }
        }
    }

    /** Notes that a server has been asked for more than it may have to do. */
    public void refused() {
        share = QUANTUM;
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
        try {
            for (int left = watched.size(); left > 0; left--) {
                Tenant tenant = watched.remove();
                if (tenant.endsWatched(PATIENCE_NANOS) || tenant.waits()) {
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
