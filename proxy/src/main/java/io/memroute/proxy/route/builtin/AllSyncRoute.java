package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Reply;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.ReplyClass;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.fanout.FanOut;
import io.memroute.proxy.route.fanout.FanOuts;
import io.memroute.proxy.worker.WorkerContext;

/**
 * Sends to all children and waits for all: the first error in their order, else the last child's reply, whichever came
 * last. A miss or {@code NOT_FOUND} is no error.
 *
 * @see "docs/reference/route-library.md section 2.5"
 */
public final class AllSyncRoute implements Route, FanOut.Rule {

    private final FanOuts fanOuts;
    private final int last;

    public AllSyncRoute(Route[] children, WorkerContext worker) {
        fanOuts = new FanOuts(children, this, 0, worker);
        last = children.length - 1;
    }

    @Override
    public void start(Call call) {
        fanOuts.start(call);
    }

    @Override
    public void replied(FanOut fanOut, int child, Reply reply) {
        ReplyClass replyClass = ReplyClass.of(reply);
        boolean error = replyClass.compareTo(ReplyClass.ERROR) <= 0;
        boolean wins = error ? !errorKept(fanOut) || child < fanOut.keptChild() : child == last && !errorKept(fanOut);
        if (wins && fanOut.waiting() == 1) {
            fanOut.answer(reply);
        } else if (wins) {
            fanOut.keep(child, replyClass, reply);
        }
    }

    @Override
    public FanOut.Large largeBegins(FanOut fanOut, int child, Reply reply) {
        if (child != last || errorKept(fanOut)) {
            return FanOut.Large.DROP;
        }
        return fanOut.waiting() == 1 ? FanOut.Large.PASS : FanOut.Large.GATHER;
    }

    @Override
    public void allReplied(FanOut fanOut) {
        if (!fanOut.answered()) {
            fanOut.answerKept();
        }
    }

    private static boolean errorKept(FanOut fanOut) {
        return fanOut.keptClass() != null && fanOut.keptClass().compareTo(ReplyClass.ERROR) <= 0;
    }
}
