package io.memroute.transport.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory that operations point to until the kernel has taken them: addresses, and lists of what to send. It is given
 * out from the front and all free again after each call of the kernel. Places in it are offsets.
 */
public final class Scratch {

    static final int BYTES = 64 << 10;

    private final MemorySegment memory;
    private long used;

    public Scratch(Arena arena) {
        memory = arena.allocate(BYTES, Long.BYTES);
    }

    public boolean hasRoom(long bytes) {
        return used + bytes <= BYTES;
    }

    /** Gives out the next bytes, of undefined content; there must be room. A multiple of 8. */
    public long take(long bytes) {
        long at = used;
        used += bytes;
        return at;
    }

    /** Takes back the last bytes given out. */
    public void giveBack(long bytes) {
        used -= bytes;
    }

    public void putLong(long at, long value) {
        memory.set(JAVA_LONG, at, value);
    }

    public void put(long at, byte[] bytes) {
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, at, bytes.length);
    }

    /** The address of a place, for the kernel. */
    public long address(long at) {
        return memory.address() + at;
    }

    public void clear() {
        used = 0;
    }
}
