package io.memroute.proxy.backend;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;

/**
 * The doubt about a shared get that was answered with an error: memcached ends its answer with the error, a proxy may
 * go on with the other keys and {@code END}. The next reply shows which. Owned by the worker's thread.
 */
final class GetDoubt {

    /** The meaning of a reply for the get in doubt. */
    enum Verdict {
        /** The get before it had ended, or there is no doubt: the reply is to be taken as any other. */
        TAKE,
        /** The reply belongs to the get: no call is told of it. */
        PASS_OVER,
        /** The reply may or may not belong to the get. */
        UNCLEAR
    }

    private enum Phase {
        /** No error: all is well. */
        NONE,
        /** The error may have ended the answer, or values and {@code END} may follow. */
        ENDED_OR_NOT,
        /** A value of the same get followed: the rest is passed over up to its {@code END}. */
        NOT_ENDED
    }

    private final PendingCalls pending;
    private final OldestGet get;
    private Phase phase = Phase.NONE;
    /** Errors that followed the one that began the doubt. */
    private int furtherErrors;

    GetDoubt(PendingCalls pending, OldestGet get) {
        this.pending = pending;
        this.get = get;
    }

    /** Begins: the oldest get has been answered with an error. */
    void begin() {
        phase = Phase.ENDED_OR_NOT;
        furtherErrors = 0;
    }

    void forget() {
        phase = Phase.NONE;
    }

    /** Judges a reply of one line; its keys are asked for again if the get has ended. */
    Verdict judgeLine(ReplyType type) {
        if (phase == Phase.NONE) {
            return Verdict.TAKE;
        }
        if (type.isErrorLine()) {
            furtherErrors++;
            return Verdict.PASS_OVER;
        }
        if (type != ReplyType.END) {
            return hadEnded();
        }
        if (phase == Phase.ENDED_OR_NOT && pending.isKey(get.length())) {
            return Verdict.UNCLEAR;
        }
        end();
        return Verdict.PASS_OVER;
    }

    /** Judges a reply with a value; the get's keys are asked for again if it has ended. */
    Verdict judgeValue(Reply value) {
        if (phase == Phase.NONE) {
            return Verdict.TAKE;
        }
        if (phase == Phase.NOT_ENDED) {
            return Verdict.PASS_OVER;
        }
        if (value.type() != ReplyType.VALUE) {
            return hadEnded();
        }
        boolean ofThisGet = get.asksFor(value);
        if (ofThisGet == get.nextAsksFor(value)) {
            return Verdict.UNCLEAR;
        }
        if (ofThisGet) {
            phase = Phase.NOT_ENDED;
            return Verdict.PASS_OVER;
        }
        return hadEnded();
    }

    private Verdict hadEnded() {
        if (phase == Phase.NOT_ENDED || furtherErrors > 0) {
            return Verdict.UNCLEAR;
        }
        end();
        return Verdict.TAKE;
    }

    private void end() {
        phase = Phase.NONE;
        get.askApart();
    }
}
