package io.memroute.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Hands the reads of one socket to a taker of whole replies, and keeps the bytes it leaves for the next read. Owned by
 * the worker's thread.
 */
final class ReplyReads {

    /**
     * The part of a read that is joined with a partial reply before it: enough for any reply that is not passed on in
     * parts.
     */
    private static final int JOINED_BYTES = 2 * ReplyMatcher.STREAM_FROM_BYTES;

    /** The number of unread bytes that are shown when a connection fails; as many as memcached shows. */
    private static final int SHOWN_BYTES = 100;

    static final byte[] NOTHING = {};

    /** Takes replies from the front of what has been received. */
    interface Taker {
        /**
         * @param lasting whether parts of {@code data} may be kept by taking a reference; if not, a reply that is worth
         *     that must be left: it is handed over again in a buffer that lasts
         * @return where the first byte not taken is
         */
        int take(ByteBuf data, int begin, int end, boolean lasting);

        /** Whether the next reply is probably large, and so to be handed over at once in a buffer that lasts. */
        boolean expectsLarge();
    }

    private final Taker taker;
    private final ByteBuf scratch;
    private @Nullable ByteBuf partial;
    private boolean dropped;

    /**
     * @param scratch memory on the heap that the connections of a worker share. Small replies are copied there in one
     *     go, because taking them apart is faster on an array than on memory outside the heap, whose every access is
     *     checked
     */
    ReplyReads(Taker taker, ByteBuf scratch) {
        this.taker = taker;
        this.scratch = scratch;
    }

    /** Hands over what has arrived; the buffer stays the caller's. */
    void add(ByteBuf data) {
        int at = data.readerIndex();
        int end = data.writerIndex();
        if (partial != null) {
            at = completePartial(partial, data, at, end);
        }
        if (!dropped && partial == null) {
            at = takeSmall(data, at, end);
        }
        if (!dropped && partial == null && at < end) {
            at = taker.take(data, at, end, true);
        }
        if (!dropped && at < end) {
            keep(data, at, end);
        }
    }

    /**
     * Hands over small replies in scratch memory, as many as fit at a time.
     *
     * @return where the first byte not taken is
     */
    private int takeSmall(ByteBuf data, int begin, int end) {
        int at = begin;
        boolean more = at < end;
        while (more && !dropped && !taker.expectsLarge()) {
            int length = Math.min(end - at, scratch.capacity());
            scratch.setBytes(0, data.internalNioBuffer(at, length));
            int taken = taker.take(scratch, 0, length, false);
            more = taken > 0 && at + length < end;
            at += taken;
        }
        return at;
    }

    /** The first bytes that have been left, to be shown. */
    byte[] unread() {
        return partial == null ? NOTHING : head(partial, partial.readerIndex(), partial.writerIndex());
    }

    /** Returns the first bytes of a part of a buffer, to be shown. */
    static byte[] head(ByteBuf data, int begin, int end) {
        return ByteBufUtil.getBytes(data, begin, Math.min(end - begin, SHOWN_BYTES));
    }

    /** Gives the socket up: nothing is kept or handed over any more. May be called by the taker. */
    void drop() {
        dropped = true;
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    /**
     * Joins the part of a reply that came before with the first bytes of what has come now, so that not all of it needs
     * to be copied.
     *
     * @return where the first byte of {@code data} not taken is
     */
    private int completePartial(ByteBuf joined, ByteBuf data, int begin, int end) {
        partial = null;
        int earlier = joined.readableBytes();
        int length = Math.min(end - begin, JOINED_BYTES);
        joined.writeBytes(data, begin, length);
        try {
            int from = joined.readerIndex();
            int taken = taker.take(joined, from, joined.writerIndex(), true) - from;
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
