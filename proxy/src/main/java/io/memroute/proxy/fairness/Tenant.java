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
    /** The time since when some of its clients have been waiting. */
    private long waitingSinceNanos;
    /** The time at which it last asked for much. */
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
        return isModest(underWay);
    }

    private static boolean isModest(int requests) {
        return requests <= Turns.QUANTUM;
    }

    /** Whether a client of it may start one more request now; if not, it waits for its turn. */
    public boolean mayStart() {
        if (waiting.isEmpty() || inTurn) {
            if ((underWay < turns.share(this) || inTurn && overdue) && !hasUsedPass(turns.inPass())) {
                return true;
            }
            noteGreed();
        }
        return !turns.areTaken(this);
    }

    /** Whether it has asked for much lately. */
    boolean isGreedy() {
        return turns.now() - greedyNanos < Turns.LATELY_NANOS;
    }

    private boolean hasUsedPass(int requests) {
        return startedInPass >= requests && passNanos == turns.now();
    }

    /**
     * Notes that it asks for much, if it does: for more than a {@link Turns#QUANTUM}, or for what its turns do not
     * catch up with. Where servers are slow, and shares small, it is not greedy to wait for a moment.
     */
    private void noteGreed() {
        long now = turns.now();
        if (!isModest(underWay + 1)
                || hasUsedPass(Turns.QUANTUM)
                || waits() && now - waitingSinceNanos >= Turns.STANDING_NANOS) {
            greedyNanos = now;
        }
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
        if (!isGreedy()) {
            turns.answeredModest(this, turns.now());
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
        if (waiting.isEmpty() && !inTurn) {
            waitingSinceNanos = turns.now();
        }
        noteGreed();
        waiting.add(waiter);
        turns.await(this);
    }

    // ---- what its turns keep of it ----

    /** Whether its turn would bring something. */
    boolean mayTakeTurn() {
        return underWay < turns.share(this) || overdue;
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

    /** Ends to be watched. Returns whether its turn is due, since it has waited for long. */
    boolean endsWatched(boolean mayBeDue) {
        watched = false;
        overdue = mayBeDue && waits() && !ready && turns.now() - lastTurnNanos >= turns.patienceNanos();
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
