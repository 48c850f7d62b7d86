package io.memroute.proxy.wire;

import io.netty.buffer.ByteBuf;

/**
 * A piece of memory that received requests lie in, one after another, until each has been answered. Owned by the
 * worker's thread; references are plain counts.
 *
 * @see InputArena
 */
public final class InputBlock {

    private final InputArena arena;
    private final byte[] array;
    private final ByteBuf view;
    private int used;
    private int references;

    /** Whether one client has it for itself, to gather a long line or value in. */
    private boolean single;

    InputBlock(InputArena arena, int bytes) {
        this.arena = arena;
        array = new byte[bytes];
        view = new ArrayBytes(array);
    }

    /** The whole block, for absolute reads; its indexes and reference count are not to be touched. */
    public ByteBuf view() {
        return view;
    }

    /** Keeps the block's bytes until the matching {@link #release()}. */
    public InputBlock retain() {
        references++;
        return this;
    }

    /** Gives one reference back; the last one returns the block to the arena. */
    public void release() {
        if (--references == 0) {
            arena.recycle(this);
        }
    }

    /** Length of the whole block. */
    public int capacity() {
        return array.length;
    }

    /** Whether one client has it for itself. */
    public boolean isSingle() {
        return single;
    }

    /** Gives the empty block to one client alone. */
    InputBlock forOneClient() {
        single = true;
        return this;
    }

    int used() {
        return used;
    }

    int room() {
        return array.length - used;
    }

    void reset() {
        used = 0;
        single = false;
    }

    /** Copies bytes behind what is there; the caller has seen to the room. Returns where they begin. */
    int append(ByteBuf source, int index, int length) {
        int at = used;
        ByteCopy.copy(source, index, array, at, length);
        used += length;
        return at;
    }

    /** Whether only the arena itself refers to it. */
    boolean isOnlyHeldByArena() {
        return references == 1;
    }
}
