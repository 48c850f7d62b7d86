package io.memroute.proxy.route;

import io.memroute.protocol.Reply;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.HeldCall;
import io.memroute.proxy.call.HeldRequest;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives a child a limited time: if no reply has begun to arrive by then, the call is answered with
 * {@link FixedReply#WAIT_EXPIRED}, and what the child answers later is swallowed. This is what {@code wait} is, on
 * every handler that has it.
 *
 * <p>Every call waits equally long, so deadlines pass in the order of the calls: a queue and one timer do for all of
 * them.
 */
public final class TimedRoute implements Route {

    private final Route child;
    private final long waitNanos;
    private final WorkerContext worker;
    private final FreeList<Timed> free = new FreeList<>(Timed::new);
    private final Runnable expiry = this::expire;

    /** The calls that may still expire, oldest first; a ring. Calls answered in time leave when they are the oldest. */
    private Timed[] ring = new Timed[16];

    private int head;
    private int size;
    private boolean timerRunning;

    public TimedRoute(Route child, long waitNanos, WorkerContext worker) {
        this.child = child;
        this.waitNanos = waitNanos;
        this.worker = worker;
    }

    @Override
    public void start(Call call) {
        Timed timed = free.take();
        timed.begin(call, worker.nanoTime() + waitNanos);
        add(timed);
        if (!timerRunning) {
            startTimer(waitNanos);
        }
        child.start(timed);
    }

    private void startTimer(long delayNanos) {
        timerRunning = true;
        worker.loop().schedule(expiry, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void expire() {
        long now = worker.nanoTime();
        // Calls started by what is answered here are last in the queue, and must not set the timer for themselves.
        while (size > 0 && ring[head].deadlineNanos - now <= 0) {
            remove().expire();
        }
        dropAnswered();
        timerRunning = false;
        if (size > 0) {
            startTimer(ring[head].deadlineNanos - now);
        }
    }

    private void add(Timed timed) {
        if (size == ring.length) {
            Timed[] larger = new Timed[size << 1];
            for (int i = 0; i < size; i++) {
                larger[i] = ring[head + i & size - 1];
            }
            ring = larger;
            head = 0;
        }
        ring[head + size & ring.length - 1] = timed;
        size++;
    }

    @SuppressWarnings("NullAway") // empty places hold null
    private Timed remove() {
        Timed oldest = ring[head];
        ring[head] = null;
        head = head + 1 & ring.length - 1;
        size--;
        oldest.queued = false;
        return oldest;
    }

    private void dropAnswered() {
        while (size > 0 && ring[head].childDone) {
            remove().recycleIfDone();
        }
    }

    private final class Timed extends HeldCall {
        private long deadlineNanos;
        /** The call that waits; none once it has been answered. */
        private @Nullable Call parent;
        /** The call that hears the large reply that is arriving; none if it has been answered before. */
        private @Nullable Call passedTo;

        private boolean queued;
        private boolean childDone;

        Timed() {
            super(new HeldRequest());
        }

        void begin(Call call, long deadline) {
            parent = call;
            held.hold(call);
            deadlineNanos = deadline;
            childDone = false;
            queued = true;
        }

        void expire() {
            Call late = parent;
            if (late != null) {
                parent = null;
                late.replied(FixedReply.WAIT_EXPIRED);
            }
            recycleIfDone();
        }

        @Override
        public void replied(Reply reply) {
            Call inTime = parent;
            if (inTime != null) {
                parent = null;
                inTime.replied(reply);
            }
            done();
        }

        @Override
        public void replyBegins(Reply reply, int totalBytes) {
            passedTo = parent;
            parent = null;
            if (passedTo != null) {
                passedTo.replyBegins(reply, totalBytes);
            }
        }

        @Override
        public void replyBytes(ByteBuf source, int index, int length) {
            if (passedTo != null) {
                passedTo.replyBytes(source, index, length);
            }
        }

        @Override
        public void replyEnds() {
            Call to = passedTo;
            passedTo = null;
            if (to != null) {
                to.replyEnds();
            }
            done();
        }

        @Override
        public void replyBreaks() {
            Call to = passedTo;
            passedTo = null;
            if (to != null) {
                to.replyBreaks();
            }
            done();
        }

        private void done() {
            RequestHolder holder = held.letGo();
            childDone = true;
            holder.release();
            if (queued) {
                dropAnswered();
            } else {
                recycleIfDone();
            }
        }

        /** Out of the queue and answered by the child: nobody knows it any more. */
        private void recycleIfDone() {
            if (childDone && !queued) {
                free.give(this);
            }
        }
    }
}
