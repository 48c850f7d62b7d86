package io.memroute.proxy.backend;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.backend.BackendCounters.Count;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.stats.ReplyKind;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A large reply that is passed on while it arrives. One connection has one at a time. Owned by the worker's thread. */
final class LargeReply {

    private static final int LINE_END = '\r' << 8 | '\n';

    private final BackendCounters counters;

    /** Bytes that are still to come; 0 if no large reply is arriving. */
    private int left;
    /** Gets the bytes; without it they are passed over. */
    private @Nullable Call call;
    /** Whether it is the value of a get, whose keys stay pending until the get has ended. */
    private boolean keepsPlace;
    /** The last byte so far: with the next one it may be the value's line end. */
    private int lastByte;

    private boolean malformed;
    /** The kind that the reply is counted under when it ends. */
    private ReplyKind kind = ReplyKind.HIT;

    /** @param counters counts the replies that end, and those that break off */
    LargeReply(BackendCounters counters) {
        this.counters = counters;
    }

    /** Whether one is arriving. */
    boolean arriving() {
        return left > 0;
    }

    /** Whether one is arriving that a call waits for. */
    boolean hasCall() {
        return call != null;
    }

    /** Whether one is arriving that a call waits for whose place among the pending ones has been removed. */
    boolean hasCallWithoutPlace() {
        return call != null && !keepsPlace;
    }

    /** Whether the value did not end with a line end. */
    boolean malformed() {
        return malformed;
    }

    /** Begins: {@code here} bytes of the reply, its line included, have arrived. */
    void begin(@Nullable Call receiver, Reply reply, int here) {
        call = receiver;
        if (receiver != null) {
            kind = ReplyKind.of(receiver.request().command(), reply.type());
        }
        keepsPlace = reply.type() == ReplyType.VALUE;
        left = reply.wholeBytes() - here;
        lastByte = reply.buffer().getByte(reply.start() + here - 1) & 0xff;
    }

    /** Ends the reply before its end: the connection is lost. */
    void breakOff() {
        Call broken = call;
        call = null;
        left = 0;
        malformed = false;
        if (broken != null) {
            counters.increment(Count.UNANSWERED);
            broken.replyBreaks();
        }
    }

    /** Passes on the next part. Returns its length. */
    int passOn(ByteBuf data, int at, int end) {
        int length = Math.min(left, end - at);
        int tail = length == 1 ? lastByte << 8 | data.getByte(at) & 0xff : lastTwo(data, at + length);
        if (length == left && tail != LINE_END) {
            malformed = true;
            return length;
        }
        lastByte = tail & 0xff;
        left -= length;
        Call receiver = call;
        if (receiver != null) {
            receiver.replyBytes(data, at, length);
            // The call may have had the connection closed.
            if (left == 0 && call != null) {
                call = null;
                counters.replied(kind);
                receiver.replyEnds();
            }
        }
        return length;
    }

    /** Whether the bytes before {@code end} are a line end. */
    static boolean endsLine(ByteBuf data, int end) {
        return lastTwo(data, end) == LINE_END;
    }

    private static int lastTwo(ByteBuf data, int end) {
        return (data.getByte(end - 2) & 0xff) << 8 | data.getByte(end - 1) & 0xff;
    }
}
