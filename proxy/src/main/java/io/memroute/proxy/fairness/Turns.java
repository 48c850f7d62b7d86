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
 * <p>A tenant may have a share of requests under way, the same for all, and start some of them in a pass of the loop.
 * What its clients send beyond that waits in their input, unparsed, so that nothing is allocated for it, and no request
 * overtakes another: one that has been read is on its way. As soon as there is room again, the tenant has its turn, one
 * tenant after the other, and its clients one after the other.
 *
 * <p>The share follows from what servers take. It grows with each request that did not wait at its server, and shrinks
 * with each that did: so there is as much under way as keeps the servers busy, however far they are, and few requests
 * wait there. It is never less than a server does in {@link #WAIT_NANOS}: that keeps batches long where servers are
 * fast, and waits short where they are slow. A request waited if it took clearly longer than one that finds the server
 * without work. So that there are such, the share is 1 for a moment in each second (a trial). All workers have their
 * trials at the same time: none takes the requests of the others for the server's own time. The idea is that of the
 * congestion control BBR.
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

    /** The least share: while the server is busy with one request, the other is on its way. */
    private static final int LEAST = 2;

    /** The time for which turns are taken after they last helped somebody. */
    static final long LATELY_NANOS = 1_000_000_000;

    /** A tenant that waits for so long asks for more than its turns bring, and not just for much at a time. */
    static final long STANDING_NANOS = 100_000_000;

    /** Trials begin at multiples of this time. */
    private static final long TRIAL_NANOS = 1_000_000_000;

    /** The longest trial. */
    private static final long LONGEST_TRIAL_NANOS = 125_000_000;

    /** The time between trials is at least so many times what one took: little is lost where servers are far. */
    private static final int TIMES_BETWEEN_TRIALS = 32;

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
    private boolean trying;
    private long trialBeganNanos;
    /** The longest that the trial may last: until the queue is empty, and one more request is answered. */
    private long trialNanos;
    /** The time from which on there is a trial as soon as somebody waits. */
    private long nextTrialNanos;
    /** The time that a server took for the newest answers. */
    private long serverNanos;
    /** Tenants with names that have requests under way. */
    private int namedBusy;
    /** The last time at which there were two of them, if there are not now. */
    private long togetherNanos;
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
        this.togetherNanos = -LATELY_NANOS;
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

    /** The requests that a tenant may have under way. A trial does not concern those that have not asked for much. */
    int share(Tenant tenant) {
        return trying && tenant.isGreedy() ? 1 : share;
    }

    /** The requests that a tenant may start in one pass. A small share consists of two batches: one is on its way. */
    int inPass() {
        return share < QUANTUM ? (share + 1) / 2 : QUANTUM;
    }

    /** The time after which a tenant has a turn if its requests are not answered. */
    long patienceNanos() {
        return Math.max(PATIENCE_NANOS, 2 * serverNanos);
    }

    // ---- whether turns are taken ----

    /** Whether the tenant takes turns with others, should it ask for much. */
    public boolean areTaken(Tenant asking) {
        return namedBusy > 1
                || now() - togetherNanos < LATELY_NANOS && asking.hasName()
                || modest != null && modest != asking && now() - modestNanos < LATELY_NANOS;
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
        modest = tenant;
        modestNanos = nanos;
    }

    // ---- the share ----

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
        this.serverNanos = serverNanos;
        if (trying) {
            endTrial(alone);
        } else if (waited) {
            share = Math.max(Math.clamp(least, LEAST, QUANTUM), share - (requests + 1) / 2);
            beginTrialIfDue();
        } else if (somebodyWaits()) {
            share = Math.min(MOST, share + requests);
            beginTrialIfDue();
        }
    }

    private boolean somebodyWaits() {
        return !ready.isEmpty() || !watched.isEmpty();
    }

    private void beginTrialIfDue() {
        if (now() >= nextTrialNanos && somebodyWaits()) {
            trying = true;
            trialBeganNanos = now();
            trialNanos = Math.min(patienceNanos(), LONGEST_TRIAL_NANOS);
        }
    }

    /** Ends the trial if it has succeeded, or takes too long. */
    private void endTrial(boolean succeeded) {
        long took = now() - trialBeganNanos;
        if (succeeded || took >= trialNanos) {
            trying = false;
            long next = now() + TIMES_BETWEEN_TRIALS * took;
            nextTrialNanos = next - next % TRIAL_NANOS + TRIAL_NANOS;
        }
    }

    /** Notes that a server has been asked for more than it may have to do. */
    public void refused() {
        share = Math.min(share, QUANTUM);
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
        if (trying) {
            endTrial(false);
        }
        try {
            for (int left = watched.size(); left > 0; left--) {
                Tenant tenant = watched.remove();
                if (tenant.endsWatched(!trying) || tenant.waits()) {
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
