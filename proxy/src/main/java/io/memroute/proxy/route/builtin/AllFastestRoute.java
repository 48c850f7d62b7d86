package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Reply;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.ReplyClass;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.fanout.FanOut;
import io.memroute.proxy.route.fanout.FanOuts;
import io.memroute.proxy.worker.WorkerContext;

/**
 * Sends to all children and takes the first good reply; the others' replies are dropped. Without a good one it waits
 * for all, and the best wins: a miss before an error, an error before none within the {@code wait}, of equals the one
 * of the last child.
 *
 * @see "docs/reference/route-library.md section 2.6"
 */
public final class AllFastestRoute implements Route, FanOut.Rule {

    private final FanOuts fanOuts;
    private final ReplyClass good;

    /** @param onMiss whether a miss is not good enough while a hit can come */
    public AllFastestRoute(Route[] children, boolean onMiss, WorkerContext worker) {
        fanOuts = new FanOuts(children, this, 0, worker);
        good = onMiss ? ReplyClass.GOOD : ReplyClass.MISS;
    }

    @Override
    public void start(Call call) {
        fanOuts.start(call);
    }

    @Override
    public void replied(FanOut fanOut, int child, Reply reply) {
        if (fanOut.answered()) {
            return;
        }
        ReplyClass replyClass = ReplyClass.of(reply);
        if (replyClass.compareTo(good) >= 0) {
            fanOut.answer(reply);
            return;
        }
        ReplyClass kept = fanOut.keptClass();
        int better = kept == null ? 1 : replyClass.compareTo(kept);
        if (better > 0 || better == 0 && child > fanOut.keptChild()) {
            fanOut.keep(child, replyClass, reply);
        }
    }

    @Override
    public FanOut.Large largeBegins(FanOut fanOut, int child, Reply reply) {
        return fanOut.answered() ? FanOut.Large.DROP : FanOut.Large.PASS;
    }

    @Override
    public void allReplied(FanOut fanOut) {
        if (!fanOut.answered()) {
            fanOut.answerKept();
        }
    }
}
