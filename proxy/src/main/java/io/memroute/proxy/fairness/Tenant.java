package io.memroute.proxy.fairness;

import java.util.ArrayDeque;

/**
 * The clients of one worker that have one share: those with the same identity, or one connection that has none. Owned
 * by the worker's thread.
 */
public final class Tenant {

    /** The proxy itself, whose requests never wait for a turn. */
    public static final Tenant PROXY = new Tenant(new Turns(Runnable::run, Runnable::run, () -> {}, () -> 0), "");

    private final Turns turns;
    private final String name;
    private final ArrayDeque<Turns.Waiter> waiting = new ArrayDeque<>(2);
    /** Whether it is among those that take turns. */
    private boolean listed;

    private int connections;
    private int underWay;
    /** Requests that it may start in its present turn. */
    private int credit;
    /** The time at which it last had more under way than a quantum. */
    private long greedyNanos;

    Tenant(Turns turns, String name) {
        this.turns = turns;
        this.name = name;
        this.greedyNanos = turns.longAgo();
    }

    String name() {
        return name;
    }

    void connect() {
        connections++;
    }

    /** Notes that one of its connections has gone, or has got another identity. */
    public void disconnect() {
        if (--connections == 0) {
            turns.forget(this);
        }
    }

    /** Whether it has so little under way that its requests go before those that wait. */
    public boolean isModest() {
        return underWay <= Turns.QUANTUM;
    }

    /** Whether it may start one more request now; if not, a {@link Turns.Waiter} waits for its turn. */
    public boolean mayStart() {
        return underWay < Turns.QUANTUM || credit > 0 || !turns.areTaken();
    }

    /** Notes that a request has been started. */
    public void began() {
        turns.started();
        if (credit > 0) {
            credit--;
        }
        if (underWay++ == 0) {
            turns.busy(this);
        } else if (underWay > Turns.QUANTUM) {
            greedyNanos = turns.now();
        }
    }

    /** Notes that a request has been answered. */
    public void ended() {
        if (--underWay == 0) {
            turns.idle(this, greedyNanos);
        }
    }

    /** Has a client wait for the tenant's next turn. */
    public void await(Turns.Waiter waiter) {
        greedyNanos = turns.now();
        waiting.add(waiter);
        if (!listed) {
            listed = true;
            turns.await(this);
        }
    }

    /**
     * Has clients start requests, in the order in which they came, until the tenant's share is used up. Returns whether
     * more wait.
     */
    boolean takeTurn() {
        credit = Turns.QUANTUM;
        // One that is not content waits at the end again.
        for (int left = waiting.size(); left > 0 && credit > 0; left--) {
            waiting.remove().takeTurn();
        }
        credit = 0;
        listed = !waiting.isEmpty();
        return listed;
    }
}
