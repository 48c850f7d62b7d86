package io.memroute.proxy.fairness;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Has the tenants of one worker take turns, so that one with thousands of requests delays nobody who has few. Owned by
 * the worker's thread.
 *
 * <p>It is deficit round robin with a way past it, as of fq_codel (RFC 8290) or the bulk class of HAProxy's scheduler.
 * A tenant with at most {@link #QUANTUM} requests under way starts them as they come. What it asks for beyond that
 * waits in the connection's input, unparsed, so that nothing is allocated for it and no order changes. Each pass of the
 * loop starts {@link #PASS} of these, a quantum for each tenant in turn. Before that it writes what the others have
 * asked, and after that it reads, so that they wait for one such slice at most.
 *
 * <p>Turns cost: the batches to servers and clients are shorter. So they are taken only while they help somebody: when
 * a tenant that asks for little was answered lately, or two with names have requests under way. One that is alone, or
 * among its like, is never held up.
 */
public final class Turns implements Runnable {

    /**
     * Requests that a tenant may have under way at any time: a get of fifty keys, or as many keys as a command line to
     * a server has. Also what one turn starts.
     */
    static final int QUANTUM = 64;

    /**
     * Requests started in one pass by those that wait: some 100 microseconds. With fewer, what is written at a time is
     * so short that the greedy pay with a third of their throughput.
     */
    static final int PASS = 128;

    /** For so long after a modest tenant's last answer turns are taken. */
    private static final long LATELY_NANOS = 1_000_000_000;

    /** A client whose requests wait. */
    public interface Waiter {
        /** Starts requests, as many as its tenant may, and waits again if there are more. */
        void takeTurn();
    }

    private final Executor endOfPass;
    private final Runnable next;
    private final Runnable flush;
    private final LongSupplier clock;
    private final Map<String, Tenant> named = new HashMap<>();
    private final ArrayDeque<Tenant> waiting = new ArrayDeque<>();
    private boolean scheduled;
    /** Tenants with names that have requests under way. */
    private int namedBusy;
    /** The time at which a tenant became idle that has not been greedy. */
    private long modestNanos = -LATELY_NANOS;
    /** Requests that have ever been started. */
    private long started;

    /**
     * @param loop runs a task when the worker's loop has read what has arrived
     * @param endOfPass runs a task at the end of the present pass of the loop
     * @param flush writes what has been collected so far
     * @param clock time of the present pass
     */
    public Turns(Executor loop, Executor endOfPass, Runnable flush, LongSupplier clock) {
        this.endOfPass = endOfPass;
        // Not at once: a task that the loop is given while it runs tasks runs before it reads again.
        this.next = () -> loop.execute(this);
        this.flush = flush;
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

    /** Whether tenants with much under way take turns now. */
    public boolean areTaken() {
        return namedBusy > 1 || now() - modestNanos < LATELY_NANOS;
    }

    void started() {
        started++;
    }

    void busy(Tenant tenant) {
        if (!tenant.name().isEmpty()) {
            namedBusy++;
        }
    }

    void idle(Tenant tenant, long greedyNanos) {
        if (!tenant.name().isEmpty()) {
            namedBusy--;
        }
        long now = now();
        if (now - greedyNanos >= LATELY_NANOS) {
            modestNanos = now;
        }
    }

    void await(Tenant tenant) {
        waiting.add(tenant);
        if (!scheduled) {
            scheduled = true;
            endOfPass.execute(next);
        }
    }

    @Override
    public void run() {
        flush.run();
        long most = started + PASS;
        while (!waiting.isEmpty() && (started < most || !areTaken())) {
            Tenant tenant = waiting.remove();
            if (tenant.takeTurn()) {
                waiting.add(tenant);
            }
        }
        scheduled = !waiting.isEmpty();
        if (scheduled) {
            endOfPass.execute(next);
        }
    }
}
