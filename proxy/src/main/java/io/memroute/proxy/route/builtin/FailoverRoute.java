package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.ErrorKind;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.KeptReply;
import io.memroute.proxy.call.PassedCall;
import io.memroute.proxy.call.ReplyClass;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.stats.UserCounter;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks one child after the other until one answers well. If none does, the best reply wins: the latest miss, else the
 * latest error, and only if there is none that no reply came in time.
 *
 * @see "docs/reference/route-library.md section 2.7"
 */
public final class FailoverRoute implements Route {

    /** The most children with an order: those that have been asked are bits of one number. */
    public static final int MOST_IN_ORDER_OF_ERRORS = Long.SIZE;

    private final Route[] children;
    private final Rules rules;
    /** The errors in a row of each child, if the order depends on them. */
    private final int @Nullable [] errorsInARow;
    /** Counts replies of children after the first. */
    private final @Nullable UserCounter retries;

    private final WorkerContext worker;
    private final FreeList<Attempt> free = new FreeList<>(Attempt::new);
    /** The failovers that may be made now, if they are limited. */
    private double allowed;

    /**
     * The rules of a failover.
     *
     * @param onMiss whether a miss has the next child asked too
     * @param onNotFound whether {@code NOT_FOUND} or {@code NF} has
     * @param onErrors the kinds of errors that have
     * @param attempts how many children are asked at most, the first included
     * @param fewestErrorsFirst whether, after the first, those with the fewest errors in a row are asked first
     * @param limit how many requests may go on to the second child
     */
    public record Rules(
            boolean onMiss,
            boolean onNotFound,
            Set<ErrorKind> onErrors,
            int attempts,
            boolean fewestErrorsFirst,
            Optional<Limit> limit) {

        /** The rules of a failover after every error that may ask all of so many children. */
        public static Rules afterErrors(boolean onMiss, int children) {
            return new Rules(onMiss, false, ErrorKind.ALL, children, false, Optional.empty());
        }
    }

    /**
     * A limit for requests that go on.
     *
     * @param rate their part of all requests, 0 to 1
     * @param burst how many may go on at once after a time without failures; 1 or more
     */
    public record Limit(double rate, double burst) {}

    /** A failover after every error, for which {@code NOT_FOUND} is final. */
    public FailoverRoute(Route[] children, boolean onMiss, @Nullable UserCounter retries, WorkerContext worker) {
        this(children, Rules.afterErrors(onMiss, children.length), retries, worker);
    }

    /**
     * @param children in the order to ask them; at most {@value #MOST_IN_ORDER_OF_ERRORS} if that depends on errors
     * @param retries counts what is asked again; none if that is not counted
     */
    public FailoverRoute(Route[] children, Rules rules, @Nullable UserCounter retries, WorkerContext worker) {
        if (rules.attempts < 1 || rules.attempts > children.length) {
            throw new IllegalArgumentException("attempts are 1 to the number of children");
        }
        this.children = children;
        this.rules = rules;
        this.retries = retries;
        this.worker = worker;
        this.errorsInARow = rules.fewestErrorsFirst ? new int[children.length] : null;
        this.allowed = rules.limit.map(Limit::burst).orElse(0.0);
    }

    @Override
    public void start(Call call) {
        Attempt attempt = free.take();
        attempt.askedBy(call);
        attempt.child = 0;
        attempt.count = 1;
        attempt.asked = 1;
        children[0].start(attempt);
    }

    /** Notes the reply of a first child: each adds its part of a failover. */
    private void noteFirstReply() {
        if (rules.limit.isPresent()) {
            Limit limit = rules.limit.get();
            allowed = Math.min(limit.burst, allowed + limit.rate);
        }
    }

    /** Whether another request may go on to its second child now. */
    private boolean mayGoOn() {
        if (rules.limit.isEmpty()) {
            return true;
        }
        if (allowed < 1) {
            return false;
        }
        allowed--;
        return true;
    }

    /** The call to the child whose turn it is. */
    private final class Attempt extends PassedCall {
        private final KeptReply kept = new KeptReply(worker.allocator(), worker.memory());
        private @Nullable ReplyClass keptClass;
        private int child;
        /** The number of children that have been asked. */
        private int count;
        /** The children that have been asked, by bit. */
        private long asked;

        @Override
        public void replied(Reply reply) {
            boolean notFound =
                    rules.onNotFound && (reply.type() == ReplyType.NOT_FOUND || reply.type() == ReplyType.NF);
            ReplyClass replyClass = notFound ? ReplyClass.MISS : ReplyClass.of(reply);
            noteReply(replyClass);
            boolean best = kept.isEmpty() || replyClass.compareTo(keptClass) >= 0;
            boolean goesOn = switch (replyClass) {
                case GOOD -> false;
                case MISS -> notFound || rules.onMiss;
                case ERROR, EXPIRED -> rules.onErrors.contains(ErrorKind.of(reply));
            };
            if (!goesOn || count == rules.attempts || count == 1 && !mayGoOn()) {
                finish(best ? reply : kept.view());
            } else {
                if (best) {
                    kept.keep(reply);
                    keptClass = replyClass;
                }
                count++;
                child = next();
                children[child].start(this);
            }
        }

        private int next() {
            if (errorsInARow == null) {
                return child + 1;
            }
            int best = 0;
            for (int i = 1; i < children.length; i++) {
                if ((asked & 1L << i) == 0 && (best == 0 || errorsInARow[i] < errorsInARow[best])) {
                    best = i;
                }
            }
            asked |= 1L << best;
            return best;
        }

        @Override
        public void answered(ByteBuf bytes) {
            // Whatever a function in Lua said, it is no reply.
            replied(FixedReply.BAD_RESPONSE);
        }

        @Override
        public void replyBegins(Reply reply, int totalBytes) {
            // Large replies are hits.
            noteReply(ReplyClass.GOOD);
            super.replyBegins(reply, totalBytes);
        }

        private void noteReply(ReplyClass replyClass) {
            if (count == 1) {
                noteFirstReply();
            } else if (retries != null) {
                retries.increment();
            }
            if (errorsInARow != null) {
                boolean error = replyClass == ReplyClass.ERROR || replyClass == ReplyClass.EXPIRED;
                // A child that is down for days stays the last.
                errorsInARow[child] = error ? Math.min(errorsInARow[child], Integer.MAX_VALUE - 1) + 1 : 0;
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
