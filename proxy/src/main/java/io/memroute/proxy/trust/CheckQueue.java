package io.memroute.proxy.trust;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Checks of hashed passwords that wait for the one thread that makes them: they are not to take a processor from each
 * worker. Thread safe.
 *
 * <p>Addresses take turns, so that a thousand logins from one address keep nobody else waiting for more than one hash
 * of each other address. A check that is cancelled leaves the queue: what waits is no more than there are connections.
 */
final class CheckQueue {

    /** The thread ends when nobody has logged in for this long. */
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new PriorityBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("memroute-passwords").factory());

    /** The checks that wait or are made, by the address that they are for; guarded by this. */
    private final Map<Object, Integer> unfinished = new HashMap<>();

    private long asked;

    CheckQueue() {
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Has the thread make a check.
     *
     * @param from the address that asks for it
     * @return completes on that thread; cancel it if nobody needs it any longer
     */
    synchronized CompletableFuture<Boolean> add(Object from, BooleanSupplier check) {
        Waiting waiting = new Waiting(unfinished.merge(from, 1, Integer::sum), asked++, check);
        waiting.outcome.whenComplete((right, failure) -> {
            finished(from);
            thread.remove(waiting);
        });
        thread.execute(waiting);
        return waiting.outcome;
    }

    private synchronized void finished(Object from) {
        unfinished.computeIfPresent(from, (address, count) -> count > 1 ? count - 1 : null);
    }

    /** One check: those that are their address's first come before those that are its second. */
    private static final class Waiting implements Runnable, Comparable<Waiting> {
        private final int turn;
        private final long number;
        private final BooleanSupplier check;
        private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();

        Waiting(int turn, long number, BooleanSupplier check) {
            this.turn = turn;
            this.number = number;
            this.check = check;
        }

        @Override
        public void run() {
            if (outcome.isDone()) {
                return;
            }
            try {
                outcome.complete(check.getAsBoolean());
            } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        }

        @Override
        public int compareTo(Waiting other) {
            return turn != other.turn ? Integer.compare(turn, other.turn) : Long.compare(number, other.number);
        }
    }
}
