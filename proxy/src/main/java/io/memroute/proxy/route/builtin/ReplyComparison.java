package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.HeldCall;
import io.memroute.proxy.call.HeldRequest;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.stats.UserCounter;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request to two routes, answers with the first one's reply as it comes, and counts whether the second one's is
 * the same. Two replies are the same if they are of one kind ({@code VALUE}, {@code EN}, {@code STORED}, ...) and have
 * equal values; flags, CAS numbers and times are not compared. Owned by the worker's thread.
 */
public final class ReplyComparison {

    private final UserCounter same;
    private final UserCounter different;
    private final FreeList<Pair> free = new FreeList<>(Pair::new);

    public ReplyComparison(UserCounter same, UserCounter different) {
        this.same = same;
        this.different = different;
    }

    void start(Call call, Route first, Route second) {
        Pair pair = free.take();
        pair.begin(call);
        second.start(pair.second);
        first.start(pair.first);
    }

    private final class Pair {
        private final HeldRequest held = new HeldRequest();
        private final Half first = new Half(this, true);
        private final Half second = new Half(this, false);

        @SuppressWarnings("NullAway.Init")
        private Call parent;

        private int waiting;

        void begin(Call call) {
            parent = call;
            held.hold(call);
            waiting = 2;
        }

        @SuppressWarnings("NullAway") // not used again before it is set again
        void halfDone() {
            if (--waiting > 0) {
                return;
            }
            (first.sameReply(second) ? same : different).increment();
            RequestHolder holder = held.letGo();
            parent = null;
            free.give(this);
            holder.release();
        }
    }

    /** The call to one of the two. Of its reply it remembers the kind, the value's length and a checksum. */
    private static final class Half extends HeldCall {
        private final Pair pair;
        private final boolean answers;
        private final CRC32C checksum = new CRC32C();
        private @Nullable ReplyType kind;
        private int valueLength;
        /** Bytes of a large reply still to come: of the line, then of the value. */
        private int lineLeft;

        private int valueLeft;

        Half(Pair pair, boolean answers) {
            super(pair.held);
            this.pair = pair;
            this.answers = answers;
        }

        boolean sameReply(Half other) {
            return kind == other.kind
                    && valueLength == other.valueLength
                    && checksum.getValue() == other.checksum.getValue();
        }

        @Override
        public void replied(Reply reply) {
            begin(reply);
            if (valueLength > 0) {
                fold(reply.buffer(), reply.end(), valueLength);
            }
            if (answers) {
                pair.parent.replied(reply);
            }
            pair.halfDone();
        }

        @Override
        public void replyBegins(Reply reply, int totalBytes) {
            begin(reply);
            lineLeft = reply.end() - reply.start();
            valueLeft = valueLength;
            if (answers) {
                pair.parent.replyBegins(reply, totalBytes);
            }
        }

        @Override
        public void replyBytes(ByteBuf source, int index, int length) {
            int ofLine = Math.min(lineLeft, length);
            int ofValue = Math.min(valueLeft, length - ofLine);
            lineLeft -= ofLine;
            valueLeft -= ofValue;
            fold(source, index + ofLine, ofValue);
            if (answers) {
                pair.parent.replyBytes(source, index, length);
            }
        }

        @Override
        public void replyEnds() {
            if (answers) {
                pair.parent.replyEnds();
            }
            pair.halfDone();
        }

        @Override
        public void replyBreaks() {
            kind = ReplyType.SERVER_ERROR;
            if (answers) {
                pair.parent.replyBreaks();
            }
            pair.halfDone();
        }

        private void begin(Reply reply) {
            kind = reply.type();
            valueLength = reply.valueLength();
            checksum.reset();
        }

        private void fold(ByteBuf source, int index, int length) {
            if (source.hasArray()) {
                checksum.update(source.array(), source.arrayOffset() + index, length);
            } else if (source.nioBufferCount() == 1) {
                checksum.update(source.internalNioBuffer(index, length));
            } else {
                for (ByteBuffer part : source.nioBuffers(index, length)) {
                    checksum.update(part);
                }
            }
        }
    }
}
