package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.ReplyClass;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.fanout.FanOut;
import io.memroute.proxy.route.fanout.FanOuts;
import io.memroute.proxy.worker.WorkerContext;

/**
 * Sends to all children and answers as soon as more than half of them agree on the kind of reply (hit, miss,
 * {@code STORED}, ..., each kind of error); values are not compared. If that never happens, the most frequent kind
 * wins, of equally frequent ones the worst.
 *
 * @see "mcrouter wiki, List of Route Handles, AllMajorityRoute"
 */
public final class MajorityRoute implements Route, FanOut.Rule {

    private static final int KINDS = ReplyType.values().length;

    private final FanOuts fanOuts;
    private final int majority;

    public MajorityRoute(Route[] children, WorkerContext worker) {
        fanOuts = new FanOuts(children, this, KINDS, worker);
        majority = children.length / 2 + 1;
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
        int votes = ++fanOut.tally()[reply.type().ordinal()];
        if (votes >= majority) {
            fanOut.answer(reply);
            return;
        }
        ReplyClass replyClass = ReplyClass.of(reply);
        int most = mostVotesOfOthers(fanOut.tally(), reply.type().ordinal());
        if (votes > most || votes == most && replyClass.compareTo(fanOut.keptClass()) < 0) {
            fanOut.keep(child, replyClass, reply);
        }
    }

    private static int mostVotesOfOthers(int[] tally, int but) {
        int most = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            if (kind != but) {
                most = Math.max(most, tally[kind]);
            }
        }
        return most;
    }

    @Override
    public FanOut.Large largeBegins(FanOut fanOut, int child, Reply reply) {
        if (fanOut.answered()) {
            return FanOut.Large.DROP;
        }
        return fanOut.tally()[reply.type().ordinal()] + 1 >= majority ? FanOut.Large.PASS : FanOut.Large.GATHER;
    }

    @Override
    public void allReplied(FanOut fanOut) {
        if (!fanOut.answered()) {
            fanOut.answerKept();
        }
    }
}
