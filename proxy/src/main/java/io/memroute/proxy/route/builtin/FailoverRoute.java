package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.KeptReply;
import io.memroute.proxy.call.PassedCall;
import io.memroute.proxy.call.ReplyClass;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.stats.UserCounter;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Asks one child after the other until one answers well. If none does, the best reply wins: the latest miss, else the
 * latest error, and only if there is none that no reply came in time.
 *
 * @see "docs/reference/route-library.md section 2.7"
 */
public final class FailoverRoute implements Route {

    private final Route[] children;
    private final boolean onMiss;
    private final boolean onNotFound;
    /** Counts replies of children after the first. */
    private final @Nullable UserCounter retries;

    private final WorkerContext worker;
    private final FreeList<Attempt> free = new FreeList<>(Attempt::new);

    /** A failover for which {@code NOT_FOUND} is final. */
    public FailoverRoute(Route[] children, boolean onMiss, @Nullable UserCounter retries, WorkerContext worker) {
        this(children, onMiss, false, retries, worker);
    }

    /**
     * @param children in the order to ask them, no more than are to be asked
     * @param onMiss whether a miss has the next child asked too
     * @param onNotFound whether {@code NOT_FOUND} or {@code NF} has
     * @param retries counts what is asked again; none if that is not counted
     */
    public FailoverRoute(
            Route[] children, boolean onMiss, boolean onNotFound, @Nullable UserCounter retries, WorkerContext worker) {
        if (children.length == 0) {
            throw new IllegalArgumentException("a failover without children");
        }
        this.children = children;
        this.onMiss = onMiss;
        this.onNotFound = onNotFound;
        this.retries = retries;
        this.worker = worker;
    }

    @Override
    public void start(Call call) {
        Attempt attempt = free.take();
        attempt.askedBy(call);
        attempt.child = 0;
        children[0].start(attempt);
    }

    /** The call to the child whose turn it is. */
    private final class Attempt extends PassedCall {
        private final KeptReply kept = new KeptReply(worker.allocator(), worker.memory());
        private @Nullable ReplyClass keptClass;
        private int child;

        @Override
        public void replied(Reply reply) {
            countRetry();
            boolean notFound = onNotFound && (reply.type() == ReplyType.NOT_FOUND || reply.type() == ReplyType.NF);
            ReplyClass replyClass = notFound ? ReplyClass.MISS : ReplyClass.of(reply);
            boolean best = kept.isEmpty() || replyClass.compareTo(keptClass) >= 0;
            if (replyClass == ReplyClass.GOOD || replyClass == ReplyClass.MISS && !notFound && !onMiss) {
                finish(reply);
            } else if (child + 1 == children.length) {
                finish(best ? reply : kept.view());
            } else {
                if (best) {
                    kept.keep(reply);
                    keptClass = replyClass;
                }
                child++;
                children[child].start(this);
            }
        }

        @Override
        public void answered(ByteBuf bytes) {
            // Whatever a function in Lua said, it is no reply.
            replied(FixedReply.BAD_RESPONSE);
        }

        @Override
        public void replyBegins(Reply reply, int totalBytes) {
            // Large replies are hits.
            countRetry();
            super.replyBegins(reply, totalBytes);
        }

        private void countRetry() {
            if (child > 0 && retries != null) {
                retries.increment();
            }
        }

        private void finish(Reply reply) {
            parent.replied(reply);
            recycle();
        }

        @Override
        protected void recycle() {
            forgetParent();
            kept.clear();
            free.give(this);
        }
    }
}
