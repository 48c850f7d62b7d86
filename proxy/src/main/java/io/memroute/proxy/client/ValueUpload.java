package io.memroute.proxy.client;

import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A large value that a client is sending, gathered apart from its line. Owned by the worker's thread.
 *
 * <p>Reads that fill most of their buffer are kept as they are; others are copied together, so that a client that sends
 * byte by byte does not hold a receive buffer for each.
 */
final class ValueUpload {

    /** Room for small reads that is added at first; then as much as there is, up to the latter. */
    private static final int FIRST_CHUNK_BYTES = 4 << 10;

    private static final int MOST_CHUNK_BYTES = 256 << 10;

    private final RequestExchange exchange;
    private final ByteBufAllocator allocator;
    private final int bytes;
    private final List<ByteBuf> pieces = new ArrayList<>();
    private int left;
    private long held;
    /** The last piece, which takes small reads while it has room, unless it is a read of its own. */
    private @Nullable ByteBuf chunk;

    /**
     * @param exchange the request that the value belongs to
     * @param bytes length of the value with its line end
     */
    ValueUpload(RequestExchange exchange, ByteBufAllocator allocator, int bytes) {
        this.exchange = exchange;
        this.allocator = allocator;
        this.bytes = bytes;
        this.left = bytes;
    }

    /** The exchange that the value belongs to. */
    RequestExchange exchange() {
        return exchange;
    }

    /** Length of the buffers that what has arrived lies in. */
    long heldBytes() {
        return held;
    }

    /** Bytes of the value, its line end included, that have not arrived. */
    int missingBytes() {
        return left;
    }

    /** Bytes of the value that have arrived. */
    int arrivedBytes() {
        return bytes - left;
    }

    boolean isComplete() {
        return left == 0;
    }

    /**
     * Takes the bytes that belong to the value from a read, which stays alive while it is referred to. Returns their
     * number.
     */
    int add(ByteBuf read, int index, int length) {
        int taken = Math.min(left, length);
        if (taken < OutputBuffer.SLICE_FROM_BYTES || taken < read.capacity() / 4 * 3) {
            return addCopy(read, index, length);
        }
        chunk = null;
        pieces.add(read.retainedSlice(index, taken));
        held += read.capacity();
        left -= taken;
        return taken;
    }

    /** As {@link #add}, but copies. */
    int addCopy(ByteBuf read, int index, int length) {
        int taken = Math.min(left, length);
        for (int copied = 0; copied < taken; ) {
            if (chunk == null || !chunk.isWritable()) {
                int room = Math.min(left, Math.clamp(held, FIRST_CHUNK_BYTES, MOST_CHUNK_BYTES));
                chunk = allocator.directBuffer(room, room);
                held += room;
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

    /** Drops the bytes that have arrived. */
    void discard() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
    }
}
