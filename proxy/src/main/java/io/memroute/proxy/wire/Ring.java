package io.memroute.proxy.wire;

/**
 * The order of a ring buffer that grows. Its owner keeps the entries, in one array or several of the same length; the
 * ring says in which slot of them an entry is. Owned by one thread.
 */
public final class Ring {

    private int capacity;
    private int head;
    private int size;

    /** @param capacity length of the owner's arrays, a power of two */
    public Ring(int capacity) {
        this.capacity = capacity;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Whether the arrays have to grow before the next entry. */
    public boolean isFull() {
        return size == capacity;
    }

    /** The slot of the entry {@code distance} behind the oldest. */
    public int slot(int distance) {
        return head + distance & capacity - 1;
    }

    /** Adds an entry to a ring that is not full. Returns its slot. */
    public int add() {
        return slot(size++);
    }

    /** Removes the oldest entry, whose slot was {@code slot(0)}. */
    public void remove() {
        head = slot(1);
        size--;
    }

    /** Removes all entries. */
    public void clear() {
        size = 0;
    }

    /**
     * Copies the entries into an array of twice the length, the oldest to the front. {@link #grown()} has to follow
     * once each array has been copied.
     *
     * @return {@code longer}
     */
    public <A> A copy(A array, A longer) {
        int first = Math.min(size, capacity - head);
        System.arraycopy(array, head, longer, 0, first);
        System.arraycopy(array, 0, longer, first, size - first);
        return longer;
    }

    /** Notes that the owner's arrays are twice as long and begin with the oldest entry. */
    public void grown() {
        capacity <<= 1;
        head = 0;
    }
}
