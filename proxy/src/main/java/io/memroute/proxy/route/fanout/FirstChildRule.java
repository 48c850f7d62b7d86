package io.memroute.proxy.route.fanout;

import io.memroute.protocol.Reply;
import io.memroute.proxy.call.ReplyClass;

/** The first child's reply, when all have answered. */
public final class FirstChildRule implements FanOut.Rule {

    @Override
    public void replied(FanOut fanOut, int child, Reply reply) {
        if (child == 0) {
            fanOut.keep(child, ReplyClass.of(reply), reply);
        }
    }

    @Override
    public FanOut.Large largeBegins(FanOut fanOut, int child, Reply reply) {
        return child == 0 ? FanOut.Large.GATHER : FanOut.Large.DROP;
    }

    @Override
    public void allReplied(FanOut fanOut) {
        fanOut.answerKept();
    }
}
