package io.memroute.proxy.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that one connection will write: small pieces are copied together, large ones are kept as slices of the buffer
 * they arrived in. Owned by the worker's thread.
 *
 * <p>Copying a small reply into an array costs less than one more entry in a gathered write. From
 * {@link #SLICE_FROM_BYTES} on it costs more.
 */
public final class OutputBuffer {

    /**
     * The length from which on a piece is kept as a slice: about where a copy costs as much as an extra write entry.
     */
    public static final int SLICE_FROM_BYTES = 4096;

    /** A burst larger than this is not expected again. */
    private static final int MOST_EXPECTED_BYTES = 32 << 10;

    private static final ByteBuf[] NONE = {};

    private final ArrayPool arrays;
    private byte @Nullable [] tail;
    private int tailBytes;
    /** The length collected the last time, probably also that of this time. */
    private int expectedBytes;
    /** The segments that go out before the tail, in order; owned. */
    private ByteBuf[] segments = NONE;

    private int segmentCount;
    private long segmentBytes;
    private long excessBytes;
    /** The buffer of the latest slice, for comparing only. */
    private @Nullable ByteBuf sliced;

    public OutputBuffer(ArrayPool arrays) {
        this.arrays = arrays;
    }

    /** All bytes held. */
    public long size() {
        return segmentBytes + tailBytes;
    }

    public boolean isEmpty() {
        return tailBytes == 0 && segmentCount == 0;
    }

    /** Appends a copy of the whole array. */
    public void append(byte[] source) {
        append(source, 0, source.length);
    }

    /** Appends a copy. */
    public void append(byte[] source, int offset, int length) {
        System.arraycopy(source, offset, room(length), tailBytes, length);
        tailBytes += length;
    }

    /** Appends one byte. */
    public void append(byte value) {
        room(1)[tailBytes++] = value;
    }

    /** Appends a copy of a part of a buffer, whose own indexes stay as they are. */
    public void append(ByteBuf source, int index, int length) {
        ByteCopy.copy(source, index, room(length), tailBytes, length);
        tailBytes += length;
    }

    /**
     * Appends a part of a buffer: a copy if it is small, else a slice that keeps the whole buffer alive until written.
     * For what is written in this pass of the loop; {@link #appendLasting} is for what may stay longer.
     */
    public void appendOrSlice(ByteBuf source, int index, int length) {
        if (length < SLICE_FROM_BYTES) {
            append(source, index, length);
        } else {
            appendOwned(source.retainedSlice(index, length));
            excessBytes += source == sliced ? -length : source.capacity() - length;
            sliced = source;
        }
    }

    /**
     * Appends a part of a buffer for an uncertain time: as a slice only if that is most of the buffer, since one small
     * slice keeps a whole receive buffer from being used again.
     */
    public void appendLasting(ByteBuf source, int index, int length) {
        if (length < SLICE_FROM_BYTES) {
            append(source, index, length);
        } else if (length >= source.capacity() / 2) {
            appendOwned(source.retainedSlice(index, length));
        } else {
            appendOwned(source.alloc().directBuffer(length, length).writeBytes(source, index, length));
        }
    }

    /** Bytes that slices keep alive beyond {@link #size()}; about as many, since a buffer may be counted twice. */
    public long excessBytes() {
        return Math.max(0, excessBytes);
    }

    /** Appends a whole buffer and takes over the caller's reference to it. */
    public void appendOwned(ByteBuf segment) {
        sealTail(segment.alloc());
        addSegment(segment);
    }

    /** Takes the last bytes back; they must have been appended as copies since the last slice. */
    public void unappend(int length) {
        tailBytes -= length;
    }

    /** Moves everything to the end of another buffer and leaves this one empty. */
    @SuppressWarnings("NullAway") // empty places hold null
    public void moveTo(OutputBuffer target) {
        if (segmentCount > 0) {
            target.sealTail(segments[0].alloc());
            for (int i = 0; i < segmentCount; i++) {
                target.addSegment(segments[i]);
                segments[i] = null;
            }
            target.excessBytes += excessBytes;
            forgetSegments();
        }
        if (tail != null && tailBytes > 0) {
            target.append(tail, 0, tailBytes);
            releaseTail();
        }
    }

    /** Hands everything to the channel, unflushed, and leaves this buffer empty. */
    @SuppressWarnings("NullAway") // empty places hold null
    public void writeTo(ChannelHandlerContext context) {
        for (int i = 0; i < segmentCount; i++) {
            ByteBuf segment = segments[i];
            segments[i] = null;
            context.write(segment, context.voidPromise());
        }
        forgetSegments();
        if (tailBytes > 0) {
            ByteBuf last = copyOfTail(context.alloc());
            releaseTail();
            context.write(last, context.voidPromise());
        }
    }

    /** Drops everything. */
    @SuppressWarnings("NullAway") // empty places hold null
    public void discard() {
        for (int i = 0; i < segmentCount; i++) {
            segments[i].release();
            segments[i] = null;
        }
        forgetSegments();
        releaseTail();
    }

    private void forgetSegments() {
        segmentCount = 0;
        segmentBytes = 0;
        excessBytes = 0;
        sliced = null;
    }

    private byte[] room(int length) {
        if (tail == null) {
            tail = arrays.take(Math.max(length, expectedBytes));
        } else if (tail.length - tailBytes < length) {
            byte[] larger = arrays.take(Math.max(Math.addExact(tailBytes, length), tail.length << 1));
            System.arraycopy(tail, 0, larger, 0, tailBytes);
            arrays.give(tail);
            tail = larger;
        }
        return tail;
    }

    private void sealTail(ByteBufAllocator allocator) {
        if (tailBytes > 0) {
            addSegment(copyOfTail(allocator));
            releaseTail();
        }
    }

    private ByteBuf copyOfTail(ByteBufAllocator allocator) {
        ByteBuf copy = allocator.directBuffer(tailBytes, tailBytes);
        return copy.writeBytes(tail, 0, tailBytes);
    }

    private void releaseTail() {
        if (tail != null) {
            arrays.give(tail);
            tail = null;
            expectedBytes = Math.min(tailBytes, MOST_EXPECTED_BYTES);
            tailBytes = 0;
        }
    }

    private void addSegment(ByteBuf segment) {
        if (segmentCount == segments.length) {
            segments = Arrays.copyOf(segments, Math.max(4, segmentCount << 1));
        }
        segments[segmentCount++] = segment;
        segmentBytes += segment.readableBytes();
    }
}
