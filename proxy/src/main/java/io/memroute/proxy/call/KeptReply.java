package io.memroute.proxy.call;

import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.proxy.wire.BufferMemory;
import io.memroute.proxy.wire.OutputBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A reply that a route needs longer than {@link io.memroute.proxy.call.Call#replied} lasts. A small one is copied, a
 * large one kept as a slice of the buffer it arrived in, or gathered while it arrives. Used again and again; owned by
 * the worker's thread.
 *
 * <p>Memory is taken as bytes arrive, whatever length the server has announced. Where there is no more of it, the reply
 * gathered becomes an error.
 */
public final class KeptReply {

    private static final int FIRST_BYTES = 128;

    /** The length at which gathering begins: a read or two. */
    private static final int FIRST_GATHERED_BYTES = 64 << 10;

    /** Stateless, so that all workers share it. */
    private final ByteBufAllocator allocator;

    private final BufferMemory memory;
    private final ByteBuf copy = Unpooled.buffer(FIRST_BYTES);
    private final Reply view = new Reply();
    /**
     * A reply of at least {@link OutputBuffer#SLICE_FROM_BYTES}: readers may keep slices of it, so it is never written
     * again.
     */
    private @Nullable ByteBuf large;

    private @Nullable Reply kept;

    /**
     * @param allocator for large replies
     * @param memory where their bytes are counted
     */
    public KeptReply(ByteBufAllocator allocator, BufferMemory memory) {
        this.allocator = allocator;
        this.memory = memory;
    }

    public boolean isEmpty() {
        return kept == null;
    }

    /** Keeps a whole reply, in place of one kept before. */
    public void keep(Reply reply) {
        clear();
        if (reply == FixedReply.WAIT_EXPIRED || FixedReply.isBackendFailure(reply)) {
            kept = reply;
            return;
        }
        int bytes = reply.wholeBytes();
        if (bytes < OutputBuffer.SLICE_FROM_BYTES) {
            copy.clear().writeBytes(reply.buffer(), reply.start(), bytes);
            view.viewCopy(reply, copy, 0);
        } else {
            ByteBuf own = lasting(reply.buffer(), reply.start(), bytes);
            setLarge(own);
            view.viewCopy(reply, own, 0);
        }
        kept = view;
    }

    /** A slice if it is most of the buffer, which it keeps alive; else a copy. */
    private ByteBuf lasting(ByteBuf source, int index, int length) {
        return length >= source.capacity() / 2
                ? source.retainedSlice(index, length)
                : allocator.directBuffer(length, length).writeBytes(source, index, length);
    }

    /** Begins to gather a large reply, in place of one kept before. */
    public void begin(int totalBytes) {
        clear();
        setLarge(allocator.directBuffer(Math.min(totalBytes, FIRST_GATHERED_BYTES), totalBytes));
    }

    /** Gathers the next bytes of a reply begun. */
    public void add(ByteBuf source, int index, int length) {
        if (large != null && hasRoomFor(large, length)) {
            large.writeBytes(source, index, length);
        }
    }

    /**
     * Makes room, at least twice as much as there was, so that gathering takes linear time; gives up if there is none.
     */
    private boolean hasRoomFor(ByteBuf gathered, int length) {
        int before = gathered.capacity();
        int needed = gathered.writerIndex() + length;
        if (needed <= before) {
            return true;
        }
        int capacity = (int) Math.min(gathered.maxCapacity(), Math.max(needed, 2L * before));
        if (!memory.admits(capacity - before, false)) {
            clear();
            return false;
        }
        gathered.capacity(capacity);
        memory.add(capacity - before);
        return true;
    }

    /** All of a reply begun has been added. */
    public void end() {
        if (large == null) {
            kept = FixedReply.OUT_OF_MEMORY_GET;
            return;
        }
        ReplyParser.parse(large, 0, large.writerIndex(), view);
        kept = view;
    }

    /** The reply kept, where there is one; good until the next change. */
    @SuppressWarnings("NullAway") // asked for only where one is kept
    public Reply view() {
        return kept;
    }

    public void clear() {
        kept = null;
        if (large != null) {
            memory.add(-large.capacity());
            large.release();
            large = null;
        }
    }

    private void setLarge(ByteBuf buffer) {
        large = buffer;
        memory.add(buffer.capacity());
    }
}
