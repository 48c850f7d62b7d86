package io.memroute.proxy.fairness;

import java.util.function.LongSupplier;

/**
 * The number of requests that each tenant of a worker may have under way. Owned by the worker's thread.
 *
 * <p>It follows from what servers take. It grows with each request that did not wait at its server, and shrinks with
 * each that did: so there is as much under way as keeps the servers busy, however far they are, and few requests wait
 * there. It is never less than a server does in {@link Turns#WAIT_NANOS}: that keeps batches long where servers are
 * fast, and waits short where they are slow. A request waited if it took clearly longer than one that finds the server
 * without work. So that there are such, the share is 1 for a moment in each second (a trial). All workers have their
 * trials at the same time: none takes the requests of the others for the server's own time. The idea is that of the
 * congestion control BBR.
 */
final class Share {

    /** The least share: while the server is busy with one request, the other is on its way. */
    private static final int LEAST = 2;

    /** More than any worker has under way. */
    private static final int MOST = 1 << 20;

    /** Trials begin at multiples of this time. */
    private static final long TRIAL_NANOS = 1_000_000_000;

    /** The longest trial. */
    private static final long LONGEST_TRIAL_NANOS = 125_000_000;

    /** The time between trials is at least so many times what one took: little is lost where servers are far. */
    private static final int TIMES_BETWEEN_TRIALS = 32;

    /** The longest that a tenant has no turn: a server that takes longer is not far, but fails. */
    private static final long MOST_PATIENCE_NANOS = 1_000_000_000;

    private final LongSupplier clock;
    private int requests = Turns.QUANTUM;
    private boolean trying;
    private long trialBeganNanos;
    /** The longest that the trial may last: until the queue is empty, and one more request is answered. */
    private long trialNanos;
    /** The time from which on there is a trial as soon as somebody waits. */
    private long nextTrialNanos;
    /** The time that a server took for the newest answers. */
    private long serverNanos;

    /** @param clock time of the present pass */
    Share(LongSupplier clock) {
        this.clock = clock;
    }

    /** The requests that a tenant may have under way. A trial does not concern those that have not asked for much. */
    int of(Tenant tenant) {
        return trying && tenant.isGreedy() ? 1 : requests;
    }

    /** The requests that a tenant may start in one pass. A small share consists of two batches: one is on its way. */
    int inPass() {
        return requests < Turns.QUANTUM ? (requests + 1) / 2 : Turns.QUANTUM;
    }

    /** The time after which a tenant has a turn if its requests are not answered. */
    long patienceNanos() {
        return Math.clamp(2 * serverNanos, Turns.PATIENCE_NANOS, MOST_PATIENCE_NANOS);
    }

    /** Whether there is a trial. */
    boolean isTried() {
        return trying;
    }

    /** Whether a request that was just answered after a time was written in a trial, behind no queue from before it. */
    boolean wasTried(long nanos) {
        return trying && clock.getAsLong() - trialBeganNanos >= 2 * nanos;
    }

    /** Notes answers, as {@link Turns#answered} does. */
    void answered(int count, long nanos, boolean waited, int least, boolean alone, boolean somebodyWaits) {
        serverNanos = nanos;
        if (trying) {
            endTrial(alone);
            return;
        }
        if (waited) {
            requests = Math.max(Math.clamp(least, LEAST, Turns.QUANTUM), requests - (count + 1) / 2);
        } else if (somebodyWaits) {
            requests = Math.min(MOST, requests + count);
        }
        if (somebodyWaits && clock.getAsLong() >= nextTrialNanos) {
            beginTrial();
        }
    }

    private void beginTrial() {
        trying = true;
        trialBeganNanos = clock.getAsLong();
        trialNanos = Math.clamp(3 * serverNanos, Turns.PATIENCE_NANOS, LONGEST_TRIAL_NANOS);
    }

    /** Ends the trial, if there is one that takes too long. */
    void endLongTrial() {
        if (trying) {
            endTrial(false);
        }
    }

    /** Ends the trial if it has succeeded, or takes too long. */
    private void endTrial(boolean succeeded) {
        long now = clock.getAsLong();
        long took = now - trialBeganNanos;
        if (succeeded || took >= trialNanos) {
            trying = false;
            // A trial in which all fell quiet is ended by the next request, perhaps hours later.
            long next = now + TIMES_BETWEEN_TRIALS * Math.min(took, LONGEST_TRIAL_NANOS);
            nextTrialNanos = next - next % TRIAL_NANOS + TRIAL_NANOS;
        }
    }

    /** Notes that a server has been asked for more than it may have to do. */
    void refused() {
        requests = Math.min(requests, Turns.QUANTUM);
    }
}
