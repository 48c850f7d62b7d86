package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Reply;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.KeptReply;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.fanout.EitherDeletedRule;
import io.memroute.proxy.worker.WorkerContext;

/**
 * A delete of a {@link WarmRoute}: warm first, then cold, so that a {@link WarmFill} which has come too late for cold's
 * delete finds out. Used again and again; owned by the worker's thread.
 */
final class WarmDelete {

    /** Takes back deletes that are done. */
    interface Home {
        void give(WarmDelete done);
    }

    private final Route cold;
    private final WarmDebts debts;
    private final Home home;
    private final KeptReply ofWarm;
    private final Leg inWarm = new Leg(this::warmReplied);
    private final Leg inCold = new Leg(this::coldReplied);

    @SuppressWarnings("NullAway.Init")
    private Call parent;

    WarmDelete(Route cold, WarmDebts debts, WorkerContext worker, Home home) {
        this.cold = cold;
        this.debts = debts;
        this.home = home;
        ofWarm = new KeptReply(worker.allocator(), worker.memory());
    }

    void start(Call call, Route warm) {
        parent = call;
        warm.start(inWarm);
    }

    private void warmReplied(Reply reply) {
        debts.note(parent.request(), reply);
        ofWarm.keep(reply);
        cold.start(inCold);
    }

    @SuppressWarnings("NullAway") // not used again before it is set again
    private void coldReplied(Reply reply) {
        Call asked = parent;
        Reply warms = ofWarm.view();
        asked.replied(EitherDeletedRule.rank(warms) > EitherDeletedRule.rank(reply) ? warms : reply);
        ofWarm.clear();
        parent = null;
        home.give(this);
    }

    /** The step after a reply. */
    private interface Next {
        void replied(Reply reply);
    }

    /** The client's request, to one side. */
    private final class Leg extends Call {
        private final Next next;

        Leg(Next next) {
            this.next = next;
        }

        @Override
        public Request request() {
            return parent.request();
        }

        @Override
        public RequestHolder holder() {
            return parent.holder();
        }

        @Override
        public void replied(Reply reply) {
            next.replied(reply);
        }
    }
}
