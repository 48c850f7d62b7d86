package io.memroute.proxy.trust;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks of hashed passwords that wait for the one thread that makes them: they are not to take a processor from each
 * worker. Thread safe.
 *
 * <p>Addresses take turns, so that a thousand logins from one address keep nobody else waiting for more than one hash
 * of each other address, and a flow of logins from new addresses keeps no address from its turn. A check that is
 * cancelled leaves the queue: what waits is no more than there are connections. To add a check, to cancel it and to
 * take the next cost the same however many wait.
 */
final class CheckQueue {

    /** The thread ends when nobody has logged in for this long. */
    private static final long IDLE_SECONDS = 30;

    /** Its own queue holds one step at most: {@link #makeNext}. */
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("memroute-passwords").factory());

    /** The checks that wait, by their address; the address whose turn is next comes first. Guarded by this. */
    private final LinkedHashMap<Object, SequencedSet<Waiting>> waiting = new LinkedHashMap<>();

    /** Whether the thread makes a check or is about to; guarded by this. */
    private boolean busy;

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
        Waiting added = new Waiting(check);
        waiting.computeIfAbsent(from, address -> new LinkedHashSet<>()).add(added);
        added.outcome.whenComplete((right, failure) -> leave(from, added));
        if (!busy) {
            goOn();
        }
        return added.outcome;
    }

    private synchronized void leave(Object from, Waiting left) {
        SequencedSet<Waiting> ofAddress = waiting.get(from);
        if (ofAddress != null && ofAddress.remove(left) && ofAddress.isEmpty()) {
            waiting.remove(from);
        }
    }

    private void makeNext() {
        try {
            Waiting next = next();
            if (next != null) {
                next.make();
            }
        } finally {
            goOn();
        }
    }

    private synchronized void goOn() {
        busy = false;
        if (!waiting.isEmpty()) {
            thread.execute(this::makeNext);
            busy = true;
        }
    }

    /** Takes the next check out, if there is one that is not cancelled; its address goes behind the others. */
    private synchronized @Nullable Waiting next() {
        Map.Entry<Object, SequencedSet<Waiting>> address = waiting.pollFirstEntry();
        if (address == null) {
            return null;
        }
        SequencedSet<Waiting> ofAddress = address.getValue();
        Waiting next = ofAddress.removeFirst();
        if (!ofAddress.isEmpty()) {
            waiting.put(address.getKey(), ofAddress);
        }
        return next;
    }

    /** One check. */
    private static final class Waiting {
        private final BooleanSupplier check;
        private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();

        Waiting(BooleanSupplier check) {
            this.check = check;
        }

        void make() {
            if (outcome.isDone()) {
                return;
            }
            try {
                outcome.complete(check.getAsBoolean());
            } catch (Throwable e) {
                // Errors too: a client whose check never ended would wait for good.
                outcome.completeExceptionally(e);
            }
        }
    }
}
