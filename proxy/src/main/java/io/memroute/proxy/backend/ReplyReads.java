package io.memroute.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The reads of one socket, handed to a taker of whole replies; what it leaves is kept for the next read. Owned by the worker's
 * thread.
 */
final class ReplyReads {

    /** How much of a read is joined with a partial reply before it: enough for any reply that is not passed on in parts. */
    private static final int JOINED_BYTES = 2 * ReplyMatcher.STREAM_FROM_BYTES;

    /** Takes replies from the front of what has been received. */
    interface Taker {
        /**
         * @return where the first byte not taken is
         */
        int take(ByteBuf data, int begin, int end);
    }

    private final Taker taker;
    private ByteBuf partial;
    private boolean dropped;

    ReplyReads(Taker taker) {
        this.taker = taker;
    }

    /** Hands over what has arrived; the buffer stays the caller's. */
    void add(ByteBuf data) {
        int at = data.readerIndex();
        int end = data.writerIndex();
        if (partial != null) {
            at = completePartial(data, at, end);
        }
        if (!dropped && partial == null && at < end) {
            at = taker.take(data, at, end);
        }
        if (!dropped && at < end) {
            keep(data, at, end);
        }
    }

    /** The socket is given up: nothing is kept or handed over any more. May be called by the taker. */
    void drop() {
        dropped = true;
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    /**
     * Joins the part of a reply that came before with the first bytes of what has come now, so that not all of it needs to
     * be copied.
     *
     * @return where the first byte of {@code data} not taken is
     */
    private int completePartial(ByteBuf data, int begin, int end) {
        ByteBuf joined = partial;
        partial = null;
        int earlier = joined.readableBytes();
        int length = Math.min(end - begin, JOINED_BYTES);
        joined.writeBytes(data, begin, length);
        try {
            int from = joined.readerIndex();
            int taken = taker.take(joined, from, joined.writerIndex()) - from;
            if (taken >= earlier || dropped) {
                return begin + Math.max(0, taken - earlier);
            }
            partial = joined.skipBytes(taken).retain();
            return begin + length;
        } finally {
            joined.release();
        }
    }

    private void keep(ByteBuf data, int from, int end) {
        if (partial == null) {
            ByteBufAllocator allocator = data.alloc();
            partial = allocator.heapBuffer(end - from + JOINED_BYTES);
        }
        partial.writeBytes(data, from, end - from);
    }
}
