package io.memroute.proxy.client.accept;

import io.netty.channel.EventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Waits until the acceptor has accepted the clients whom the system has connected already: if their listening socket
 * closed before, it would reset them, and with them what they have sent. Runs on the acceptor's thread.
 */
public final class LastAccepts implements Runnable {

    /** Turns of the loop without a client, after which none waits: transports differ by one or two. */
    private static final int QUIET_TURNS = 3;

    /** Clients may come faster than turns go by. */
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** A busy machine may keep the acceptor from its turns for so long. */
    private static final long LONGEST_WAIT_SECONDS = 2;

    private final EventLoop acceptor;
    private final LongSupplier accepted;
    private final CountDownLatch quiet = new CountDownLatch(1);
    private final long beganNanos = System.nanoTime();
    private long acceptedBefore = -1;
    private int quietTurns;

    /** @param accepted the number of clients accepted so far */
    public LastAccepts(EventLoop acceptor, LongSupplier accepted) {
        this.acceptor = acceptor;
        this.accepted = accepted;
    }

    /** Returns when they are accepted; another thread's. */
    public void await() {
        try {
            acceptor.execute(this);
            quiet.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException closed) {
            // The server is being closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        long now = accepted.getAsLong();
        quietTurns = now == acceptedBefore ? quietTurns + 1 : 0;
        acceptedBefore = now;
        if (quietTurns >= QUIET_TURNS || System.nanoTime() - beganNanos > LONGEST_NANOS) {
            quiet.countDown();
        } else {
            // A task that is executed would run in the same turn, before the loop looks at its sockets again.
            acceptor.schedule(this, 0, TimeUnit.NANOSECONDS);
        }
    }
}
