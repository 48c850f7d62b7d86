package io.memroute.proxy.route.fanout;

import io.memroute.protocol.Reply;
import io.memroute.proxy.call.ReplyClass;

/** Picks one of two replies: an error before everything, a deletion before {@code NOT_FOUND}; of equals cold's. */
public final class EitherDeletedRule implements FanOut.Rule {

    /** The number of counts that it keeps: the rank of the reply kept. */
    public static final int TALLY = 1;

    private static final int RANK = 0;

    @Override
    public void replied(FanOut fanOut, int child, Reply reply) {
        int rank = rank(reply);
        int kept = fanOut.tally()[RANK];
        if (rank > kept || rank == kept && child < fanOut.keptChild()) {
            fanOut.tally()[RANK] = rank;
            fanOut.keep(child, ReplyClass.of(reply), reply);
        }
    }

    /** The rank of a reply: of two, the higher one is the answer. */
    public static int rank(Reply reply) {
        return switch (reply.type()) {
            case NOT_FOUND, NF -> 1;
            case EX -> 2;
            case DELETED, HD -> 3;
            default -> 4;
        };
    }

    @Override
    public FanOut.Large largeBegins(FanOut fanOut, int child, Reply reply) {
        return FanOut.Large.GATHER;
    }

    @Override
    public void allReplied(FanOut fanOut) {
        fanOut.answerKept();
    }
}
