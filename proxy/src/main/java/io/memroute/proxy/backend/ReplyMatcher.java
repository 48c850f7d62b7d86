package io.memroute.proxy.backend;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Matches what a backend sends to the calls outstanding on its connection, first in, first out; the values of a get
 * with several keys are matched by key. Owned by the worker's thread.
 *
 * <p>As soon as it cannot be sure where a reply ends or whose it is, it stops with a {@link #failure()}, and the
 * connection has to be given up: a wrong reply is worse than none. So it does when a reply does not fit its request
 * ({@link ReplyFit}), and when the answer to a mark of the proxy's own is not exactly in its place.
 *
 * <p>A get that several calls share is the proxy's own business. A server that answers it with an error is asked again
 * key by key, and shared lines pause ({@link GetMerging}). Whether an error ends the answer is not known then:
 * memcached ends it, a proxy may go on with the other keys and {@code END}. The next reply shows which ({@link Doubt});
 * a mark is sent so that there is one.
 *
 * @see "proxy-api.md section 5.5"
 */
final class ReplyMatcher implements ReplyReads.Taker {

    /** A reply that has not wholly arrived and is at least this long is passed on as it arrives. */
    static final int STREAM_FROM_BYTES = OutputBuffer.SLICE_FROM_BYTES;

    /** The longest reply line that is waited for; memcached's longest is a key, its flags and some numbers. */
    private static final int LONGEST_REPLY_LINE = 8 << 10;

    private static final int LINE_END = '\r' << 8 | '\n';

    private static final Reply MISS = FixedReply.of(Replies.END);

    /** What becomes of calls whose shared get has been answered with an error. */
    interface Unshared {
        /** A shared get has failed: none must be shared for a while, and a mark must be sent. */
        void sharedGetFailed();

        /** Sends the call's request again, on a line of its own. */
        void sendApart(Call call);
    }

    /** What is known of the oldest get after it was answered with an error. */
    private enum Doubt {
        /** No error: all is well. */
        NONE,
        /** The error may have ended the answer, or values and {@code END} may follow. */
        ENDED_OR_NOT,
        /** A value of the same get followed: the rest is passed over up to its {@code END}. */
        NOT_ENDED
    }

    private final Unshared unshared;
    private final GetMerging merging;
    private final PendingCalls pending = new PendingCalls();
    private final Reply reply = new Reply();

    private BackendFailure failure;
    /** Grows with every {@link #failAll}: what is being read then is nobody's business any more. */
    private int epoch;
    /** The place, among the keys of the oldest get, where the next value is expected. */
    private int nextKey;
    /** Keys of the oldest get that have been answered. */
    private int answeredKeys;
    /** The place of a key of the oldest get that has been answered where it stands first; 0 if none is known. */
    private int repeatedKey;

    private Doubt doubt = Doubt.NONE;
    /** Errors that followed the one that began the doubt. */
    private int furtherErrors;

    private int marks;
    /** Bytes of a large reply that are still to come. */
    private int streamLeft;
    /** Who gets them; null if they are passed over. */
    private Call streamCall;
    /** The large reply is the value of a get, whose keys stay pending until the get has ended. */
    private boolean streamKeepsPlace;
    /** The last byte of a large value so far: with the next one it may be the value's line end. */
    private int streamTail;

    private boolean largeLately;

    ReplyMatcher(Unshared unshared, GetMerging merging) {
        this.unshared = unshared;
        this.merging = merging;
    }

    /** Calls not answered yet. */
    int unanswered() {
        return pending.size() - answeredKeys - marks + (streamCall == null ? 0 : 1);
    }

    /** Calls not answered yet, and those answered by a get that has not ended. */
    int depth() {
        return pending.size() - marks + (streamCall == null || streamKeepsPlace ? 0 : 1);
    }

    /** Whether anything is to come. */
    boolean repliesDue() {
        return !pending.isEmpty() || streamLeft > 0;
    }

    /** Whether the answer to a mark is to come. */
    boolean markDue() {
        return marks > 0;
    }

    /** Whether a large reply is arriving. */
    boolean streaming() {
        return streamLeft > 0;
    }

    /** How many replies have ever been expected. */
    long expected() {
        return pending.added();
    }

    /** How many of them have come, or failed. */
    long answered() {
        return pending.removed();
    }

    /** Why nothing more can be read; null while all is well. */
    BackendFailure failure() {
        return failure;
    }

    /** Expects the reply to a request just sent. */
    void expect(Call call, RequestBatch.Place place) {
        if (place != RequestBatch.Place.OWN_LINE) {
            pending.continueLastKey();
        }
        pending.add(call, call.request().command().isClassicGet() ? PendingCalls.LAST_KEY : PendingCalls.LINE);
        if (place == RequestBatch.Place.JOINED_REPEATED && standsBefore(call.request())) {
            pending.markRepeated();
        }
    }

    /** Whether the newest key stands in its command line before. */
    private boolean standsBefore(Request newest) {
        for (int place = pending.size() - 2; place >= 0 && pending.kind(place) == PendingCalls.KEY; place--) {
            Request before = pending.call(place).request();
            if (before.keyLength() == newest.keyLength()
                    && ByteBufUtil.equals(
                            before.buffer(),
                            before.keyIndex(),
                            newest.buffer(),
                            newest.keyIndex(),
                            newest.keyLength())) {
                return true;
            }
        }
        return false;
    }

    /** Expects the answer to a {@code version} of the proxy's own. */
    void expectMark() {
        marks++;
        pending.add(null, PendingCalls.MARK);
    }

    /**
     * Fails what is outstanding now; what those calls send in turn is expected anew. Gets are sent again if they may be
     * outstanding only because another one shared their line.
     */
    void failAll() {
        boolean getsAgain = failure == BackendFailure.UNCLEAR_GET;
        epoch++;
        failure = null;
        nextKey = 0;
        answeredKeys = 0;
        repeatedKey = 0;
        doubt = Doubt.NONE;
        marks = 0;
        streamLeft = 0;
        Call broken = streamCall;
        streamCall = null;
        int count = pending.size();
        if (broken != null) {
            broken.replyBreaks();
        }
        for (int i = 0; i < count; i++) {
            boolean again = getsAgain && isGet(pending.kind(0));
            Call call = pending.remove();
            if (call == null) {
                continue;
            }
            if (again) {
                unshared.sendApart(call);
            } else {
                call.replied(FixedReply.BACKEND_FAILURE);
            }
        }
    }

    /**
     * Takes whole replies from the front of what has been received, until there is none or {@link #failure()} is set.
     *
     * @return where the first byte not taken is
     */
    @Override
    public int take(ByteBuf data, int begin, int end, boolean lasting) {
        int began = epoch;
        int at = begin;
        while (at < end && failure == null && began == epoch) {
            if (streamLeft > 0) {
                if (!lasting) {
                    return at;
                }
                at += stream(data, at, end);
                continue;
            }
            if (!repliesDue()) {
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
                line();
            } else {
                int whole = reply.wholeBytes();
                int here = Math.min(whole, end - at);
                largeLately = whole >= STREAM_FROM_BYTES;
                if (largeLately ? !lasting : here < whole) {
                    return at;
                }
                at += here;
                value(here, whole);
            }
        }
        return at;
    }

    @Override
    public boolean expectsLarge() {
        return largeLately;
    }

    // ---- replies of one line ----

    private void line() {
        ReplyType type = reply.type();
        if (doubt != Doubt.NONE && !lineEndsDoubt(type)) {
            return;
        }
        switch (pending.kind(0)) {
            case PendingCalls.LINE -> answerLine(type);
            case PendingCalls.MARK -> answerMark(type);
            case PendingCalls.KEY, PendingCalls.LAST_KEY -> endGet(type);
            default -> failure = BackendFailure.TRAILING_DATA;
        }
    }

    private void answerLine(ReplyType type) {
        Call call = pending.call(0);
        if (!ReplyFit.fits(call.request(), reply)) {
            failure = misplaced(type);
            return;
        }
        pending.remove();
        if (valueMayBeTakenForCommands(call.request().command(), type)) {
            failure = BackendFailure.INVALID_PROTOCOL;
        }
        call.replied(reply);
    }

    /** Why a reply that is none to the oldest request ends the connection. */
    private BackendFailure misplaced(ReplyType type) {
        boolean outOfStep = pending.kind(0) == PendingCalls.MARK || type == ReplyType.VERSION && marks > 0;
        return outOfStep ? BackendFailure.OUT_OF_STEP : BackendFailure.UNHANDLED_REPLY;
    }

    private void answerMark(ReplyType type) {
        if (type != ReplyType.VERSION) {
            failure = misplaced(type);
            return;
        }
        marks--;
        pending.remove();
    }

    /**
     * Whether the backend may have refused the line without reading the value behind it: a classic storage command it
     * calls malformed, or a command it does not know. {@code ms} skips the value of a line it refuses.
     */
    private static boolean valueMayBeTakenForCommands(Command command, ReplyType type) {
        return command.hasValue()
                && (type == ReplyType.ERROR || type == ReplyType.CLIENT_ERROR && command != Command.MS);
    }

    /** {@code END}: the keys not answered are misses. An error: if the get is one call's, that call's reply. */
    private void endGet(ReplyType type) {
        if (type == ReplyType.END && repeatedKey > 0 && pending.call(repeatedKey) != null) {
            merging.learn(GetMerging.RepeatedKeys.ANSWERED_ONCE);
            finishGetOfRepeatedKeys();
        } else if (type == ReplyType.END) {
            finishGet(MISS);
        } else if (!type.isErrorLine()) {
            failure = BackendFailure.MISSING_END;
        } else if (pending.kind(0) == PendingCalls.LAST_KEY) {
            finishGet(reply);
        } else {
            doubt = Doubt.ENDED_OR_NOT;
            furtherErrors = 0;
            unshared.sharedGetFailed();
        }
    }

    /** Ends the oldest get: every key not answered has this reply. */
    private void finishGet(Reply rest) {
        int began = epoch;
        nextKey = 0;
        answeredKeys = 0;
        repeatedKey = 0;
        byte kind;
        do {
            kind = pending.kind(0);
            Call call = pending.remove();
            if (call != null) {
                call.replied(rest);
            }
        } while (kind != PendingCalls.LAST_KEY && began == epoch);
    }

    // ---- replies with a value ----

    /** A reply with a value, of which {@code here} bytes, line included, have arrived. */
    private void value(int here, int whole) {
        ByteBuf data = reply.buffer();
        int start = reply.start();
        if (here == whole && lastTwo(data, start + whole) != LINE_END) {
            failure = BackendFailure.PARSING;
            return;
        }
        if (doubt != Doubt.NONE && !valueEndsDoubt()) {
            if (failure == null && here < whole) {
                expectRest(null, data, start + here, whole - here);
            }
            return;
        }
        Call call = reply.type() == ReplyType.VALUE ? answeredByKey() : answeredByLine();
        if (call == null) {
            return;
        }
        if (here == whole) {
            call.replied(reply);
            return;
        }
        expectRest(call, data, start + here, whole - here);
        call.replyBegins(reply, whole);
        call.replyBytes(data, start, here);
    }

    private void expectRest(Call call, ByteBuf data, int end, int left) {
        streamCall = call;
        streamKeepsPlace = reply.type() == ReplyType.VALUE;
        streamLeft = left;
        streamTail = data.getByte(end - 1) & 0xff;
    }

    private Call answeredByLine() {
        if (pending.kind(0) != PendingCalls.LINE
                || !ReplyFit.fits(pending.call(0).request(), reply)) {
            failure = misplaced(reply.type());
            return null;
        }
        return pending.remove();
    }

    /** The call whose key this value has. Usually it is the next one; the keys passed over may be misses. */
    private Call answeredByKey() {
        if (!isGet(pending.kind(0))) {
            failure = misplaced(reply.type());
            return null;
        }
        boolean atEnd = nextKey > 0 && pending.kind(nextKey - 1) == PendingCalls.LAST_KEY;
        int place = atEnd ? -1 : placeOfKey(nextKey);
        if (place < 0 && nextKey > 0) {
            place = placeOfKey(0);
        }
        if (place < 0) {
            failure = answeredKeys == getLength() ? BackendFailure.MISSING_END : BackendFailure.WRONG_KEY;
            return null;
        }
        nextKey = place + 1;
        answeredKeys++;
        if (pending.repeats() > 0 && merging.repeatedKeys() == GetMerging.RepeatedKeys.UNKNOWN) {
            noteRepeatedKey(place);
        }
        return pending.take(place);
    }

    /** Finds out, from the first key that a line repeats, whether the server answers it again. */
    private void noteRepeatedKey(int answered) {
        if (repeatedKey > 0) {
            if (answered == repeatedKey) {
                merging.learn(GetMerging.RepeatedKeys.ANSWERED);
            }
            return;
        }
        for (int place = answered + 1; pending.kind(place - 1) == PendingCalls.KEY; place++) {
            if (pending.repeated(place) && hasReplyKey(pending.call(place))) {
                repeatedKey = place;
                return;
            }
        }
    }

    private boolean hasReplyKey(Call call) {
        return call != null
                && reply.isValueOf(
                        call.request().buffer(),
                        call.request().keyIndex(),
                        call.request().keyLength());
    }

    /** Ends the oldest get of a server that answers a repeated key once: what it has passed over need be no miss. */
    private void finishGetOfRepeatedKeys() {
        int began = epoch;
        nextKey = 0;
        answeredKeys = 0;
        repeatedKey = 0;
        for (int left = getLength(); left > 0 && began == epoch; left--) {
            boolean repeated = pending.repeated(0);
            Call call = pending.remove();
            if (call != null && repeated) {
                unshared.sendApart(call);
            } else if (call != null) {
                call.replied(MISS);
            }
        }
    }

    /**
     * The place of the unanswered call with the reply's key in the get that {@code from} is a place of; -1 if there is
     * none.
     */
    private int placeOfKey(int from) {
        for (int place = from; isGet(pending.kind(place)); place++) {
            if (hasReplyKey(pending.call(place))) {
                return place;
            }
            if (pending.kind(place) == PendingCalls.LAST_KEY) {
                return -1;
            }
        }
        return -1;
    }

    /** Keys of the oldest get. */
    private int getLength() {
        int length = 0;
        while (pending.kind(length) == PendingCalls.KEY) {
            length++;
        }
        return length + 1;
    }

    private static boolean isGet(byte kind) {
        return kind == PendingCalls.KEY || kind == PendingCalls.LAST_KEY;
    }

    // ---- after an error in a shared get ----

    /** Returns whether the line is to be taken as any other, since the get before it is known to have ended. */
    private boolean lineEndsDoubt(ReplyType type) {
        if (type.isErrorLine()) {
            furtherErrors++;
            return false;
        }
        if (type == ReplyType.END) {
            if (doubt == Doubt.ENDED_OR_NOT && isGet(pending.kind(getLength()))) {
                failure = BackendFailure.UNCLEAR_GET;
            } else {
                sendKeysApart();
            }
            return false;
        }
        return getHadEnded();
    }

    /** As {@link #lineEndsDoubt} for a value; one that belongs to the get in doubt is passed over. */
    private boolean valueEndsDoubt() {
        if (doubt == Doubt.NOT_ENDED) {
            return false;
        }
        if (reply.type() != ReplyType.VALUE) {
            return getHadEnded();
        }
        int length = getLength();
        boolean ofThisGet = placeOfKey(0) >= 0;
        boolean ofTheNext = isGet(pending.kind(length)) && placeOfKey(length) >= 0;
        if (ofThisGet == ofTheNext) {
            failure = BackendFailure.UNCLEAR_GET;
            return false;
        }
        if (ofThisGet) {
            doubt = Doubt.NOT_ENDED;
            return false;
        }
        return getHadEnded();
    }

    private boolean getHadEnded() {
        if (doubt == Doubt.NOT_ENDED || furtherErrors > 0) {
            failure = BackendFailure.UNCLEAR_GET;
            return false;
        }
        sendKeysApart();
        return true;
    }

    private void sendKeysApart() {
        doubt = Doubt.NONE;
        nextKey = 0;
        answeredKeys = 0;
        repeatedKey = 0;
        int began = epoch;
        for (int left = getLength(); left > 0 && began == epoch; left--) {
            Call call = pending.remove();
            if (call != null) {
                unshared.sendApart(call);
            }
        }
    }

    // ---- large values ----

    /** Passes on the next part of a large reply. Returns how many bytes that were. */
    private int stream(ByteBuf data, int at, int end) {
        int length = Math.min(streamLeft, end - at);
        int tail = length == 1 ? streamTail << 8 | data.getByte(at) & 0xff : lastTwo(data, at + length);
        if (length == streamLeft && tail != LINE_END) {
            failure = BackendFailure.PARSING;
            return length;
        }
        streamTail = tail & 0xff;
        streamLeft -= length;
        Call call = streamCall;
        if (call != null) {
            call.replyBytes(data, at, length);
            if (streamLeft == 0 && streamCall != null) {
                streamCall = null;
                call.replyEnds();
            }
        }
        return length;
    }

    private static int lastTwo(ByteBuf data, int end) {
        return (data.getByte(end - 2) & 0xff) << 8 | data.getByte(end - 1) & 0xff;
    }
}
