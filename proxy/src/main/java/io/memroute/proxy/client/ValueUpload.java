package io.memroute.proxy.client;

import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * A large value that a client is sending, gathered apart from its line. Owned by the worker's thread.
 *
 * <p>Large reads are kept as they are; small ones are copied together, so that a client that sends byte by byte does not hold a
 * receive buffer for each.
 */
final class ValueUpload {

    /** Room for small reads that is added at a time. */
    private static final int CHUNK_BYTES = 64 << 10;

    private final ByteBufAllocator allocator;
    private final int bytes;
    private final List<ByteBuf> pieces = new ArrayList<>();
    private int left;
    /** Where small reads go: the last piece, as long as it has room; null if the last piece is a read of its own. */
    private ByteBuf chunk;

    /** @param bytes length of the value with its line end */
    ValueUpload(ByteBufAllocator allocator, int bytes) {
        this.allocator = allocator;
        this.bytes = bytes;
        this.left = bytes;
    }

    /** Length of the whole value with its line end. */
    int bytes() {
        return bytes;
    }

    /** How much of it has arrived. */
    int arrivedBytes() {
        return bytes - left;
    }

    boolean isComplete() {
        return left == 0;
    }

    /** Takes what belongs to the value from a read, which stays alive as long as it is referred to. Returns how much that was. */
    int add(ByteBuf read, int index, int length) {
        int taken = Math.min(left, length);
        if (taken < OutputBuffer.SLICE_FROM_BYTES) {
            return addCopy(read, index, length);
        }
        chunk = null;
        pieces.add(read.retainedSlice(index, taken));
        left -= taken;
        return taken;
    }

    /** As {@link #add}, but copies. */
    int addCopy(ByteBuf read, int index, int length) {
        int taken = Math.min(left, length);
        for (int copied = 0; copied < taken; ) {
            if (chunk == null || !chunk.isWritable()) {
                int room = Math.min(left, CHUNK_BYTES);
                chunk = allocator.directBuffer(room, room);
                pieces.add(chunk);
            }
            int piece = Math.min(taken - copied, chunk.writableBytes());
            chunk.writeBytes(read, index + copied, piece);
            copied += piece;
            left -= piece;
        }
        return taken;
    }

    /** The complete value with its line end; its reference is the caller's. */
    ByteBuf finish() {
        if (pieces.size() == 1) {
            return pieces.removeLast();
        }
        ByteBuf value = allocator.compositeDirectBuffer(pieces.size()).addComponents(true, pieces);
        pieces.clear();
        return value;
    }

    /** Drops what has arrived. */
    void discard() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
    }
}
