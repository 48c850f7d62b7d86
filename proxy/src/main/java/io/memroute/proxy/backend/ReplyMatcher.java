package io.memroute.proxy.backend;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;

/**
 * Matches what a backend sends to the calls outstanding on its connection, first in, first out; the values of a get with several
 * keys are matched by key. Owned by the worker's thread.
 *
 * <p>As soon as it cannot be sure where a reply ends or whose it is, it stops with a {@link #failure()}, and the connection has to
 * be given up: a wrong reply is worse than none.
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

    private final PendingCalls pending = new PendingCalls();
    private final ReplyParser parser = new ReplyParser();
    private final Reply reply = new Reply();

    private BackendFailure failure;
    /** Grows with every {@link #failAll}: what is being read then is nobody's business any more. */
    private int epoch;
    /** All keys of the oldest get have been answered, its {@code END} has not come. */
    private boolean endDue;
    /** Bytes of a large reply that are still to come. */
    private int streamLeft;
    private Call streamCall;
    /** The last byte of a large value so far: with the next one it may be the value's line end. */
    private int streamTail;
    private boolean largeLately;

    /** Calls not answered yet. */
    int depth() {
        return pending.size() + (streamCall == null ? 0 : 1);
    }

    /** Whether anything is to come. */
    boolean repliesDue() {
        return !pending.isEmpty() || streamLeft > 0 || endDue;
    }

    /** Why nothing more can be read; null while all is well. */
    BackendFailure failure() {
        return failure;
    }

    /** Expects the reply to a request just sent. */
    void expect(Call call, boolean joinedLine) {
        if (joinedLine) {
            pending.continueLastKey();
        }
        pending.add(call, call.request().command().isClassicGet() ? PendingCalls.LAST_KEY : PendingCalls.LINE);
    }

    /** Fails what is outstanding now; what those calls send in turn is expected anew. */
    void failAll() {
        epoch++;
        failure = null;
        endDue = false;
        streamLeft = 0;
        Call broken = streamCall;
        streamCall = null;
        int count = pending.size();
        if (broken != null) {
            broken.replyBreaks();
        }
        for (int i = 0; i < count; i++) {
            pending.remove().replied(FixedReply.BACKEND_FAILURE);
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
            int outcome = parser.parse(data, at, end, reply);
            if (outcome == ReplyParser.INCOMPLETE && end - at < LONGEST_REPLY_LINE) {
                return at;
            }
            if (outcome != ReplyParser.COMPLETE) {
                failure = BackendFailure.PARSING;
            } else if (reply.valueLength() < 0) {
                at = reply.end();
                line();
            } else {
                int whole = reply.end() - at + reply.valueLength() + 2;
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

    /** A reply of one line. */
    private void line() {
        ReplyType type = reply.type();
        boolean endsGet = type == ReplyType.END || type.isErrorLine();
        if (type == ReplyType.VERSION || type == ReplyType.STAT) {
            failure = BackendFailure.UNHANDLED_REPLY;
        } else if (endDue) {
            // An error in place of END: every key has been answered, so nobody is left to be told.
            endDue = false;
            if (!endsGet) {
                failure = BackendFailure.MISSING_END;
            }
        } else if (pending.kind(0) != PendingCalls.LINE) {
            if (endsGet) {
                answerKeysLeft();
            } else {
                failure = BackendFailure.MISSING_END;
            }
        } else if (type == ReplyType.END) {
            failure = BackendFailure.UNHANDLED_REPLY;
        } else {
            Call call = pending.remove();
            if (valueMayBeTakenForCommands(call.request().command(), type)) {
                failure = BackendFailure.INVALID_PROTOCOL;
            }
            call.replied(reply);
        }
    }

    /**
     * Whether the backend may have refused the line without reading the value behind it: a classic storage command it
     * calls malformed, or a command it does not know. {@code ms} skips the value of a line it refuses.
     */
    private static boolean valueMayBeTakenForCommands(Command command, ReplyType type) {
        return command.hasValue()
                && (type == ReplyType.ERROR || type == ReplyType.CLIENT_ERROR && command != Command.MS);
    }

    /** The end of a get, or an error instead of it: every key not answered has this reply. */
    private void answerKeysLeft() {
        int began = epoch;
        byte kind;
        do {
            kind = pending.kind(0);
            pending.remove().replied(reply);
        } while (kind != PendingCalls.LAST_KEY && began == epoch);
    }

    /** A reply with a value, of which {@code here} bytes, line included, have arrived. */
    private void value(int here, int whole) {
        ByteBuf data = reply.buffer();
        int start = reply.start();
        if (here == whole && lastTwo(data, start + whole) != LINE_END) {
            failure = BackendFailure.PARSING;
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
        streamCall = call;
        streamLeft = whole - here;
        streamTail = data.getByte(start + here - 1) & 0xff;
        call.replyBegins(reply, whole);
        call.replyBytes(data, start, here);
    }

    private Call answeredByLine() {
        if (endDue || pending.kind(0) != PendingCalls.LINE || !pending.call(0).request().command().isMeta()) {
            failure = BackendFailure.UNHANDLED_REPLY;
            return null;
        }
        return pending.remove();
    }

    /** The call whose key this value has; the keys before it in the command line were misses. */
    private Call answeredByKey() {
        if (endDue) {
            failure = BackendFailure.MISSING_END;
            return null;
        }
        int misses = 0;
        while (pending.kind(misses) != PendingCalls.LINE && !hasKeyOf(pending.call(misses).request())) {
            if (pending.kind(misses) == PendingCalls.LAST_KEY) {
                failure = BackendFailure.WRONG_KEY;
                return null;
            }
            misses++;
        }
        if (pending.kind(misses) == PendingCalls.LINE) {
            failure = BackendFailure.UNHANDLED_REPLY;
            return null;
        }
        int began = epoch;
        for (int i = 0; i < misses; i++) {
            pending.remove().replied(MISS);
            if (began != epoch) {
                return null;
            }
        }
        endDue = pending.kind(0) == PendingCalls.LAST_KEY;
        return pending.remove();
    }

    private boolean hasKeyOf(Request request) {
        return reply.isValueOf(request.buffer(), request.keyIndex(), request.keyLength());
    }

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
        call.replyBytes(data, at, length);
        if (streamLeft == 0 && streamCall != null) {
            streamCall = null;
            call.replyEnds();
        }
        return length;
    }

    private static int lastTwo(ByteBuf data, int end) {
        return (data.getByte(end - 2) & 0xff) << 8 | data.getByte(end - 1) & 0xff;
    }
}
