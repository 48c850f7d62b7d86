package io.memroute.proxy.fairness;

import java.util.ArrayDeque;

/**
 * The clients of one worker that have one share: those with the same identity, or one connection that has none. Owned
 * by the worker's thread.
 */
public final class Tenant {

    private final Turns turns;
    private final String name;
    private final ArrayDeque<Turns.Waiter> waiting = new ArrayDeque<>(1);

    /** Whether it is among those whose turn comes next. */
    private boolean ready;
    /** Whether it is among those that are looked at in case that nothing of theirs is answered. */
    private boolean watched;

    private boolean inTurn;
    /** Whether its present or next turn is one in spite of its share. */
    private boolean overdue;

    private int connections;
    private int underWay;

    /** The pass of the loop in which it last started a request, and how many in that pass. */
    private long passNanos;

    private int startedInPass;

    private long lastTurnNanos;
    /** The time at which it last asked for more than its share. */
    private long greedyNanos;

    Tenant(Turns turns, String name) {
        this.turns = turns;
        this.name = name;
        this.greedyNanos = turns.longAgo();
        this.lastTurnNanos = greedyNanos;
    }

    boolean hasName() {
        return !name.isEmpty();
    }

    String name() {
        return name;
    }

    void connect() {
        connections++;
    }

    /** Notes that one of its connections has gone, or has got another identity. */
    public void disconnect() {
        connections--;
        forgetIfGone();
    }

    /** One that connects again is the same tenant as long as its requests are under way. */
    private void forgetIfGone() {
        if (connections == 0 && underWay == 0) {
            turns.forget(this);
        }
    }

    /** Whether it has no more requests under way than any tenant may have. */
    public boolean isModest() {
        return underWay <= Turns.QUANTUM;
    }

    /** Whether a client of it may start one more request now; if not, it waits for its turn. */
    public boolean mayStart() {
        if (waiting.isEmpty() || inTurn) {
            if ((underWay < turns.share() || inTurn && overdue) && !hasUsedPass()) {
                return true;
            }
            greedyNanos = turns.now();
        }
        return !turns.areTaken(this);
    }

    private boolean hasUsedPass() {
        return startedInPass >= Turns.QUANTUM && passNanos == turns.now();
    }

    /** Notes that a client of it has started a request. */
    public void began() {
        if (underWay++ == 0) {
            turns.busy(this);
        }
        long now = turns.now();
        if (passNanos != now) {
            passNanos = now;
            startedInPass = 0;
        }
        startedInPass++;
    }

    /** Notes that a request has been answered. */
    public void ended() {
        long now = turns.now();
        if (now - greedyNanos >= Turns.LATELY_NANOS) {
            turns.answeredModest(this, now);
        }
        if (--underWay == 0) {
            turns.idle(this);
            forgetIfGone();
        }
        if (!waiting.isEmpty()) {
            turns.await(this);
        }
    }

    /** Takes over the requests under way of a client that had another identity when it asked. */
    public void takeOver(Tenant other, int requests) {
        for (int i = 0; i < requests; i++) {
            began();
            other.ended();
        }
    }

    /** Has a client wait for the tenant's next turn. */
    public void await(Turns.Waiter waiter) {
        greedyNanos = turns.now();
        waiting.add(waiter);
        turns.await(this);
    }

    // ---- what its turns keep of it ----

    /** Whether its turn would bring something. */
    boolean mayTakeTurn() {
        return underWay < turns.share() || overdue;
    }

    boolean waits() {
        return !waiting.isEmpty();
    }

    boolean becomesReady() {
        boolean added = !ready;
        ready = true;
        return added;
    }

    boolean becomesWatched() {
        boolean added = !watched;
        watched = true;
        return added;
    }

    /** Ends to be watched. Returns whether it has waited for so long that its turn is due. */
    boolean endsWatched(long patienceNanos) {
        watched = false;
        overdue = waits() && !ready && turns.now() - lastTurnNanos >= patienceNanos;
        return overdue;
    }

    /**
     * Has clients start requests, in the order in which they came to wait, until the tenant has used what it may have.
     * Those with more to start wait again, behind the others.
     */
    void takeTurn() {
        ready = false;
        inTurn = true;
        try {
            for (int left = waiting.size(); left > 0 && mayStart(); left--) {
                lastTurnNanos = turns.now();
                waiting.remove().takeTurn();
            }
        } finally {
            inTurn = false;
            overdue = false;
            if (waits()) {
                turns.await(this);
            }
        }
    }
}
