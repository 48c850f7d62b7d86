package io.memroute.transport.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Buffers of one size that the kernel receives into: it takes the next one only when bytes are there, so that ten
 * thousand idle connections need none. Used by the ring's owner.
 *
 * <p>The buffers are Netty's. One that the kernel has filled is lent to a channel's pipeline; if nobody has kept it
 * when the pipeline returns, the kernel gets it again, and if somebody has, a new one takes its place. Nothing is
 * copied, and as long as nothing is kept nothing is allocated.
 *
 * <p>A group begins small and grows by as many as the kernel finds wanting.
 */
public final class BufferGroup {

    // struct io_uring_buf_reg
    private static final long DESCRIPTION_BYTES = 40;
    private static final long RING_ADDRESS = 0;
    private static final long RING_ENTRIES = 8;
    private static final long GROUP = 12;

    // struct io_uring_buf; the first entry's last two bytes are the ring's tail
    private static final long ENTRY_BYTES = 16;
    private static final long ADDRESS = 0;
    private static final long LENGTH = 8;
    private static final long ID = 12;
    private static final long TAIL = 14;

    private static final long PAGE_BYTES = 4096;
    private static final VarHandle SHORT = JAVA_SHORT.varHandle();

    private final Ring ring;
    private final int number;
    private final int bytes;
    private final ByteBufAllocator allocator;
    private final MemorySegment entries;
    private final MemorySegment description;
    private final ByteBuf[] buffers;
    private int used;
    private short tail;

    /**
     * @param number by which operations name the group
     * @param bytes the size of one buffer
     * @param first how many buffers there are at first
     * @param most how many there may be; a power of two
     * @throws IOException if the kernel refuses
     */
    public BufferGroup(Ring ring, int number, int bytes, int first, int most, ByteBufAllocator allocator)
            throws IOException {
        this.ring = ring;
        this.number = number;
        this.bytes = bytes;
        this.allocator = allocator;
        buffers = new ByteBuf[most];
        entries = allocateEntries(ring.arena(), buffers.length);
        description = describe(ring.arena(), entries, number);
        ring.registerBuffers(description);
        UringFootprint.RING_BYTES.addAndGet(entries.byteSize());
        grow(first);
    }

    private static MemorySegment allocateEntries(Arena arena, int count) {
        return arena.allocate(ENTRY_BYTES * count, PAGE_BYTES);
    }

    private static MemorySegment describe(Arena arena, MemorySegment entries, int number) {
        MemorySegment description = arena.allocate(DESCRIPTION_BYTES, Long.BYTES);
        description.set(JAVA_LONG, RING_ADDRESS, entries.address());
        description.set(JAVA_INT, RING_ENTRIES, (int) (entries.byteSize() / ENTRY_BYTES));
        description.set(JAVA_SHORT, GROUP, (short) number);
        return description;
    }

    /**
     * Tries whether the kernel takes a group of buffers.
     *
     * @throws IOException if not, with the reason
     */
    public static void probe(Ring ring, Arena arena) throws IOException {
        MemorySegment description = describe(arena, allocateEntries(arena, 1), 0);
        ring.registerBuffers(description);
        ring.unregisterBuffers(description);
    }

    int number() {
        return number;
    }

    /** The size of each buffer. */
    public int bytes() {
        return bytes;
    }

    /** The number of buffers at this moment. */
    int count() {
        return used;
    }

    /** Adds a buffer for a receive that found none, up to the most. */
    public void grow() {
        grow(Math.min(used + 1, buffers.length));
    }

    private void grow(int count) {
        while (used < count) {
            int id = used++;
            buffers[id] = newBuffer();
            give(id);
        }
    }

    private ByteBuf newBuffer() {
        ByteBuf buffer = allocator.directBuffer(bytes);
        if (!buffer.hasMemoryAddress()) {
            buffer.release();
            throw new IllegalStateException("allocator " + allocator + " makes buffers without a memory address");
        }
        UringFootprint.RECEIVE_BUFFER_BYTES.addAndGet(bytes);
        return buffer;
    }

    private void give(int id) {
        long at = (tail & buffers.length - 1) * ENTRY_BYTES;
        entries.set(JAVA_LONG, at + ADDRESS, buffers[id].memoryAddress());
        entries.set(JAVA_INT, at + LENGTH, bytes);
        entries.set(JAVA_SHORT, at + ID, (short) id);
        SHORT.setRelease(entries, TAIL, ++tail);
    }

    /**
     * Returns a buffer that the kernel has filled, for one who releases it. {@link #giveBack} must follow, whatever
     * becomes of it.
     */
    public ByteBuf lend(int id, int length) {
        return buffers[id].setIndex(0, length).retain();
    }

    /** Gives the kernel the buffer again, or one in its place if it has been kept. */
    public void giveBack(int id) {
        ByteBuf buffer = buffers[id];
        if (buffer.refCnt() != 1 || buffer.capacity() < bytes) {
            UringFootprint.RECEIVE_BUFFER_BYTES.addAndGet(-bytes);
            if (buffer.refCnt() > 0) {
                buffer.release();
            }
            buffers[id] = newBuffer();
        }
        give(id);
    }

    /** Takes the buffers from the kernel; only when nothing is being received any more. */
    public void close() {
        ring.unregisterBuffers(description);
        UringFootprint.RING_BYTES.addAndGet(-entries.byteSize());
        for (int id = 0; id < used; id++) {
            buffers[id].release();
        }
        UringFootprint.RECEIVE_BUFFER_BYTES.addAndGet(-(long) used * bytes);
    }
}
