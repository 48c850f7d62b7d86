package io.memroute.proxy.route.fanout;

import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.HeldCall;
import io.memroute.proxy.call.HeldRequest;
import io.memroute.proxy.call.KeptReply;
import io.memroute.proxy.call.ReplyClass;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request sent to all children of a route at once. What the replies amount to is for the route's {@link Rule},
 * which may answer at any of them; those that come later are told to the rule all the same. Used again when the last
 * child has answered.
 *
 * <p>Owned by the worker's thread.
 */
public final class FanOut {

    /** The use of a large reply, decided at its first line. */
    public enum Large {
        /** It is the answer, and passed on as it arrives. */
        PASS,
        /** It may be the answer: it is gathered, then given to {@link Rule#replied}. */
        GATHER,
        /** It is not the answer: it is skipped, and {@link Rule#replied} hears of it only if it breaks off. */
        DROP
    }

    /** Makes one reply of many. */
    public interface Rule {

        /** A child has its whole reply. */
        void replied(FanOut fanOut, int child, Reply reply);

        /** A large reply begins to arrive: a hit. */
        Large largeBegins(FanOut fanOut, int child, Reply reply);

        /** The last child has answered: whoever still waits for a reply gets it now. */
        void allReplied(FanOut fanOut);
    }

    private final FanOuts home;
    private final Rule rule;
    private final Leg[] legs;
    private final KeptReply kept;

    private final HeldRequest asked = new HeldRequest();
    private @Nullable Call parent;
    private int waiting;
    private int keptChild;
    private @Nullable ReplyClass keptClass;
    /** Numbers for rules that count. */
    private final int[] tally;

    FanOut(FanOuts home, Rule rule, int children, int tallySize, WorkerContext worker) {
        this.home = home;
        this.rule = rule;
        this.kept = new KeptReply(worker.allocator(), worker.memory());
        this.tally = new int[tallySize];
        this.legs = new Leg[children];
        for (int i = 0; i < children; i++) {
            legs[i] = new Leg(i, worker);
        }
    }

    void start(Call call, Route[] children) {
        parent = call;
        asked.hold(call);
        waiting = children.length;
        for (int i = 0; i < children.length; i++) {
            children[i].start(legs[i]);
        }
    }

    // ---- for rules ----

    /** The request that the children were sent. */
    public Request request() {
        return legs[0].request();
    }

    /** Whether the parent has its answer, or the beginning of one. */
    public boolean answered() {
        return parent == null;
    }

    /** The number of children that have not answered, including the one whose reply is being handled. */
    public int waiting() {
        return waiting;
    }

    /** Answers the request, which has no answer yet. */
    public void answer(Reply reply) {
        takeParent().replied(reply);
    }

    /** Returns the parent, which is given its answer now and no other one later. */
    private Call takeParent() {
        Call asker = Objects.requireNonNull(parent, "parent");
        parent = null;
        return asker;
    }

    /** Answers with the reply kept. */
    public void answerKept() {
        answer(kept.view());
    }

    /** Keeps a reply in the place of the one that is kept. */
    public void keep(int child, ReplyClass replyClass, Reply reply) {
        keptChild = child;
        keptClass = replyClass;
        kept.keep(reply);
    }

    /** The child whose reply is kept. */
    public int keptChild() {
        return keptChild;
    }

    /** The class of the reply kept; none if none is kept. */
    public @Nullable ReplyClass keptClass() {
        return keptClass;
    }

    /** The counts of the rule, all 0 at first. */
    public int[] tally() {
        return tally;
    }

    private void legDone() {
        if (--waiting > 0) {
            return;
        }
        rule.allReplied(this);
        kept.clear();
        keptClass = null;
        RequestHolder holder = asked.letGo();
        Arrays.fill(tally, 0);
        home.give(this);
        holder.release();
    }

    /** The call to one child. */
    private final class Leg extends HeldCall {
        private final int child;
        private final WorkerContext worker;

        @SuppressWarnings("NullAway.Init")
        private Large large;

        @SuppressWarnings("NullAway.Init")
        private Call passedTo;

        @SuppressWarnings("NullAway.Init")
        private KeptReply gathered;

        Leg(int child, WorkerContext worker) {
            super(asked);
            this.child = child;
            this.worker = worker;
        }

        @Override
        public void replied(Reply reply) {
            rule.replied(FanOut.this, child, reply);
            legDone();
        }

        @Override
        public void replyBegins(Reply reply, int totalBytes) {
            large = rule.largeBegins(FanOut.this, child, reply);
            switch (large) {
                case PASS -> {
                    passedTo = takeParent();
                    passedTo.replyBegins(reply, totalBytes);
                }
                case GATHER -> {
                    if (gathered == null) {
                        gathered = new KeptReply(worker.allocator(), worker.memory());
                    }
                    gathered.begin(totalBytes);
                }
                case DROP -> {}
            }
        }

        @Override
        public void replyBytes(ByteBuf source, int index, int length) {
            switch (large) {
                case PASS -> passedTo.replyBytes(source, index, length);
                case GATHER -> gathered.add(source, index, length);
                case DROP -> {}
            }
        }

        @SuppressWarnings("NullAway") // not used again before it is set again
        @Override
        public void replyEnds() {
            switch (large) {
                case PASS -> {
                    Call to = passedTo;
                    passedTo = null;
                    to.replyEnds();
                }
                case GATHER -> {
                    gathered.end();
                    rule.replied(FanOut.this, child, gathered.view());
                    gathered.clear();
                }
                case DROP -> {}
            }
            legDone();
        }

        @SuppressWarnings("NullAway") // not used again before it is set again
        @Override
        public void replyBreaks() {
            if (large == Large.PASS) {
                Call to = passedTo;
                passedTo = null;
                to.replyBreaks();
            } else {
                if (large == Large.GATHER) {
                    gathered.clear();
                }
                rule.replied(FanOut.this, child, FixedReply.BACKEND_FAILURE);
            }
            legDone();
        }
    }
}
