package io.memroute.proxy.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The memory in which a worker keeps the requests of all its clients while they are on their way. Owned by the worker's
 * thread.
 *
 * <p>Received bytes of all clients are copied one read behind the other into the current block, so that hundreds of
 * mostly idle clients share one block and the receive buffer is free again at once. A block returns when every request
 * in it has been answered. A slow request keeps one block, never a receive buffer.
 */
public final class InputArena {

    /**
     * Length of a block: some hundred small requests, and short enough that a client which stops in the middle of one
     * pins little.
     */
    static final int BLOCK_BYTES = 32 << 10;

    /** Blocks kept for later, 4 MiB in all: what a burst needs soon again. */
    private static final int KEPT_BLOCKS = 128;

    /**
     * A client that has left more than this unfinished gets a block for itself. In a shared block the requests of
     * others would follow it, so that each further read would copy all of it once more.
     */
    private static final int LONG_BYTES = 4 << 10;

    private final InputBlock[] free = new InputBlock[KEPT_BLOCKS];
    private int freeCount;
    private @Nullable InputBlock current;

    /** A place in a block; reused by the arena, valid until its next call. */
    public static final class Place {
        @SuppressWarnings("NullAway.Init")
        private InputBlock block;

        private int from;
        private int to;

        /** The block, with no reference taken for the caller. */
        public InputBlock block() {
            return block;
        }

        /** Index of the first byte. */
        public int from() {
            return from;
        }

        /** Index after the last byte. */
        public int to() {
            return to;
        }
    }

    private final Place place = new Place();

    /**
     * Copies the rest of an earlier read and a new read into one stretch of a block.
     *
     * @param left the block of the earlier read, if something is left of it
     */
    public Place join(@Nullable InputBlock left, int leftFrom, int leftTo, ByteBuf read, int index, int length) {
        int leftLength = left == null ? 0 : leftTo - leftFrom;
        if (left != null && (left == current || left.isSingle()) && leftTo == left.used() && left.room() >= length) {
            left.append(read, index, length);
            return at(left, leftFrom);
        }
        if (left != null && leftLength > LONG_BYTES) {
            InputBlock single = single(leftLength, length);
            single.append(left.view(), leftFrom, leftLength);
            single.append(read, index, length);
            return at(single, 0);
        }
        if (left == null && current != null && current.isOnlyHeldByArena()) {
            // Every request in it has been answered: start over on memory that is still in the processor's cache.
            current.reset();
        }
        InputBlock block = blockWithRoom(leftLength + length);
        int from = block.used();
        if (left != null && leftLength > 0) {
            block.append(left.view(), leftFrom, leftLength);
        }
        block.append(read, index, length);
        return at(block, from);
    }

    /** A block for one client: at least twice as long as what has been copied, so that gathering takes linear time. */
    private InputBlock single(int leftLength, int length) {
        if (leftLength + length <= BLOCK_BYTES / 2) {
            return take().forOneClient();
        }
        return new InputBlock(this, Math.max(2 * leftLength, leftLength + length)).forOneClient();
    }

    private InputBlock take() {
        return freeCount == 0 ? new InputBlock(this, BLOCK_BYTES) : free[--freeCount];
    }

    private Place at(InputBlock block, int from) {
        place.block = block;
        place.from = from;
        place.to = block.used();
        return place;
    }

    private InputBlock blockWithRoom(int length) {
        if (length > BLOCK_BYTES) {
            // Unusually much at once (a multi-key get of thousands of keys): a block of its own, not kept afterwards.
            InputBlock single = new InputBlock(this, length);
            retire();
            current = single.retain();
            return single;
        }
        if (current == null || current.room() < length) {
            retire();
            current = take().retain();
        }
        return current;
    }

    private void retire() {
        if (current != null) {
            InputBlock full = current;
            current = null;
            full.release();
        }
    }

    void recycle(InputBlock block) {
        block.reset();
        if (block.capacity() == BLOCK_BYTES && freeCount < KEPT_BLOCKS) {
            free[freeCount++] = block;
        }
    }
}
