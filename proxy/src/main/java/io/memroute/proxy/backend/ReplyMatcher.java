package io.memroute.proxy.backend;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.backend.line.ReplyFit;
import io.memroute.proxy.backend.line.UnreadValue;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.measure.ValueSizes;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Matches the replies of a backend to the calls outstanding on its connection, first in, first out. Owned by the
 * worker's thread.
 *
 * <p>It stops with a {@link #failure()} as soon as it is not sure where a reply ends or which call it belongs to. The
 * connection has to be given up then: a wrong reply is worse than none. Two more findings stop it: a reply that does
 * not fit its request ({@link ReplyFit}), and a mark of the proxy's own whose answer is not exactly in its place.
 *
 * <p>The values of a get with several keys are matched by key ({@link OldestGet}). A get that several calls share and
 * that is answered with an error is sent again key by key, once it is clear where its answer ends ({@link GetDoubt}).
 *
 * <p>Longer than 300 lines: where a reply ends and whose it is are decided in one loop over the received bytes.
 *
 * @see "docs/reference/proxy-api.md section 5.5"
 */
final class ReplyMatcher implements ReplyReads.Taker {

    /** A reply that has not wholly arrived and is at least this long is passed on as it arrives. */
    static final int STREAM_FROM_BYTES = OutputBuffer.SLICE_FROM_BYTES;

    /** The longest reply line that is waited for; memcached's longest is a key, its flags and some numbers. */
    private static final int LONGEST_REPLY_LINE = 8 << 10;

    private final UnsharedGets unshared;
    private final BackendCounters counters;
    private final ValueSizes sizes;
    private final PendingCalls pending = new PendingCalls();
    private final OldestGet get;
    private final GetDoubt doubt;
    private final GetsAgain again;
    private final LargeReply large;
    private final Reply reply = new Reply();
    private @Nullable BackendFailure failure;
    private boolean largeLately;

    /** @param counters counts the replies, and the requests that get none */
    ReplyMatcher(UnsharedGets unshared, GetMerging merging, BackendCounters counters, ValueSizes sizes) {
        this.unshared = unshared;
        this.counters = counters;
        this.sizes = sizes;
        this.again = new GetsAgain(pending, unshared, counters);
        this.get = new OldestGet(pending, merging, again, counters);
        this.doubt = new GetDoubt(pending, get);
        this.large = new LargeReply(counters);
    }

    /** The number of calls not answered yet. */
    int unanswered() {
        return pending.size() - get.answeredKeys() - pending.marks() + (large.hasCall() ? 1 : 0);
    }

    /** The number of calls not answered yet, and of those answered by a get that has not ended. */
    int depth() {
        return pending.size() - pending.marks() + (large.hasCallWithoutPlace() ? 1 : 0);
    }

    /** Whether anything is to come. */
    boolean repliesDue() {
        return !pending.isEmpty() || large.arriving();
    }

    /** Whether a reply is to come to what has been written. */
    boolean awaited() {
        return pending.isDue() || large.arriving();
    }

    /** Whether the answer to a mark is due. */
    boolean markDue() {
        return pending.marks() > 0;
    }

    /** Whether a large reply is arriving. */
    boolean streaming() {
        return large.arriving();
    }

    /** The number of replies that have ever been expected. */
    long expected() {
        return pending.added();
    }

    /** The number of them that have come, or failed. */
    long answered() {
        return pending.removed();
    }

    /** As {@link #answered}, without those behind a get that is asked for again. */
    long answeredInOrder() {
        return again.answeredInOrder();
    }

    /** The reason for which nothing more can be read, once there is one. */
    @Nullable
    BackendFailure failure() {
        return failure;
    }

    /** Expects the reply to a request that is about to be written. */
    void expect(Call call, RequestBatch.Place place) {
        pending.add(call, place);
    }

    /** Expects the answer to a {@code version} of the proxy's own that is about to be written. */
    void expectMark() {
        pending.addMark();
    }

    /** Notes that all requests whose replies are expected have been written. A reply that comes before is none. */
    void written() {
        pending.noteWritten();
    }

    /** Whether the oldest request written is a get that several calls share. */
    boolean sharedGetDue() {
        return pending.dueKind() == PendingCalls.KEY;
    }

    /**
     * Fails the calls that are outstanding now; those that they send in turn are expected anew.
     *
     * @param getsAgain whether gets are sent again instead, since a shared one is to blame
     * @param outcome the answer to the others
     */
    void failAll(boolean getsAgain, Reply outcome) {
        pending.beginEpoch();
        failure = null;
        get.forget();
        doubt.forget();
        int count = pending.size();
        large.breakOff();
        again.end(count, getsAgain, outcome);
    }

    /**
     * Takes whole replies from the front of the bytes received, until there is none or {@link #failure()} is set.
     *
     * @return the index of the first byte not taken
     */
    @Override
    public int take(ByteBuf data, int begin, int end, boolean lasting) {
        int began = pending.epoch();
        int at = begin;
        while (at < end && failure == null && began == pending.epoch()) {
            if (large.arriving()) {
                if (!lasting) {
                    return at;
                }
                at += large.passOn(data, at, end);
                if (large.malformed()) {
                    failure = BackendFailure.PARSING;
                }
                continue;
            }
            if (!pending.isDue()) {
                failure = at == begin ? BackendFailure.CLOSED_SOCKET : BackendFailure.TRAILING_DATA;
                return at;
            }
            int outcome = ReplyParser.parse(data, at, end, reply);
            if (outcome == ReplyParser.INCOMPLETE && end - at < LONGEST_REPLY_LINE) {
                return at;
            }
            if (outcome != ReplyParser.COMPLETE) {
                failure = BackendFailure.PARSING;
            } else if (reply.valueLength() < 0) {
                at = reply.end();
                takeLine();
            } else {
                int whole = reply.wholeBytes();
                int here = Math.min(whole, end - at);
                largeLately = whole >= STREAM_FROM_BYTES;
                if (largeLately ? !lasting : here < whole) {
                    return at;
                }
                at += here;
                takeValue(here);
            }
        }
        return at;
    }

    @Override
    public boolean expectsLarge() {
        return largeLately;
    }

    // ---- replies of one line ----

    private void takeLine() {
        ReplyType type = reply.type();
        switch (doubt.judgeLine(type)) {
            case TAKE -> takeLine(type);
            case PASS_OVER -> {}
            case UNCLEAR -> failure = BackendFailure.UNCLEAR_GET;
        }
    }

    private void takeLine(ReplyType type) {
        switch (pending.dueKind()) {
            case PendingCalls.LINE -> answerLine(type);
            case PendingCalls.MARK -> answerMark(type);
            case PendingCalls.KEY, PendingCalls.LAST_KEY -> endGet(type);
            default -> failure = BackendFailure.TRAILING_DATA;
        }
    }

    private void answerLine(ReplyType type) {
        Call call = pending.oldest();
        if (!ReplyFit.fits(call.request(), reply)) {
            failure = misplaced(type);
            return;
        }
        pending.remove();
        if (UnreadValue.possible(call.request(), reply)) {
            failure = BackendFailure.INVALID_PROTOCOL;
        }
        counters.replied(call.request().command(), type);
        call.replied(reply);
    }

    /** Why a reply that does not belong to the oldest request ends the connection. */
    private BackendFailure misplaced(ReplyType type) {
        boolean outOfStep = pending.kind(0) == PendingCalls.MARK || type == ReplyType.VERSION && markDue();
        return outOfStep ? BackendFailure.OUT_OF_STEP : BackendFailure.UNHANDLED_REPLY;
    }

    private void answerMark(ReplyType type) {
        if (type == ReplyType.VERSION) {
            pending.remove();
        } else {
            failure = misplaced(type);
        }
    }

    /** {@code END}: the keys not answered are misses. An error: if the get is one call's, that call's reply. */
    private void endGet(ReplyType type) {
        if (type == ReplyType.END) {
            get.end();
        } else if (!type.isErrorLine()) {
            failure = BackendFailure.MISSING_END;
        } else if (pending.kind(0) == PendingCalls.LAST_KEY) {
            get.endWith(reply);
        } else {
            doubt.begin();
            unshared.sharedGetFailed();
        }
    }

    // ---- replies with a value ----

    /** Takes a reply with a value, of which {@code here} bytes, line included, have arrived. */
    private void takeValue(int here) {
        boolean isWhole = here == reply.wholeBytes();
        if (isWhole && !LargeReply.endsLine(reply.buffer(), reply.start() + here)) {
            failure = BackendFailure.PARSING;
            return;
        }
        switch (doubt.judgeValue(reply)) {
            case TAKE -> answerWithValue(here, isWhole);
            case PASS_OVER -> {
                if (!isWhole) {
                    large.begin(null, reply, here);
                }
            }
            case UNCLEAR -> failure = BackendFailure.UNCLEAR_GET;
        }
    }

    private void answerWithValue(int here, boolean isWhole) {
        Call call = takeCall();
        if (call == null) {
            return;
        }
        sizes.seen(call.request(), reply.valueLength());
        if (isWhole) {
            counters.replied(call.request().command(), reply.type());
            call.replied(reply);
            return;
        }
        large.begin(call, reply, here);
        call.replyBegins(reply, reply.wholeBytes());
        call.replyBytes(reply.buffer(), reply.start(), here);
    }

    /** Takes the call that the value belongs to. If there is none, it notes a {@link #failure}. */
    private @Nullable Call takeCall() {
        byte due = pending.dueKind();
        boolean ofGet = reply.type() == ReplyType.VALUE;
        if (ofGet && (due == PendingCalls.KEY || due == PendingCalls.LAST_KEY)) {
            Call call = get.take(reply);
            if (call == null) {
                failure = get.isAnswered() ? BackendFailure.MISSING_END : BackendFailure.WRONG_KEY;
            }
            return call;
        }
        if (!ofGet && due == PendingCalls.LINE && ReplyFit.fits(pending.oldest().request(), reply)) {
            return pending.remove();
        }
        failure = misplaced(reply.type());
        return null;
    }
}
