package io.memroute.transport;

import io.memroute.transport.kernel.CompletionQueue;
import io.memroute.transport.kernel.Operation;
import java.util.Arrays;

/**
 * Completions taken from the kernel's queue and not yet looked at, in their order.
 *
 * <p>They are copied so that the queue is free for the kernel at once, and so that what a send left unsent is known
 * before anything else happens; see {@link SendBatch}.
 */
final class Completions implements CompletionQueue.Target {

    private static final int FIRST_CAPACITY = 256;
    private static final int MORE = 1 << 1;
    private static final int BUFFER = 1;
    private static final int BUFFER_SHIFT = 16;

    private final Slots slots;
    private long[] tags = new long[FIRST_CAPACITY];
    private int[] results = new int[FIRST_CAPACITY];
    private int[] flags = new int[FIRST_CAPACITY];
    private int size;
    private int current = -1;

    Completions(Slots slots) {
        this.slots = slots;
    }

    /** Adds a completion, also while others are being gone through. Runs nothing of the channels' users. */
    @Override
    public void add(long tag, int result, int flag) {
        if (Operation.operation(tag) == Operation.SEND) {
            if (slots.get(tag) instanceof UringStreamChannel channel) {
                channel.sending().fellShort(result);
            }
            return;
        }
        if (size == tags.length) {
            tags = Arrays.copyOf(tags, 2 * size);
            results = Arrays.copyOf(results, 2 * size);
            flags = Arrays.copyOf(flags, 2 * size);
        }
        tags[size] = tag;
        results[size] = result;
        flags[size++] = flag;
    }

    /** Whether all have been gone through. */
    boolean isEmpty() {
        return size == 0;
    }

    /** Goes on to the next one, if there is one. */
    boolean next() {
        if (++current < size) {
            return true;
        }
        size = 0;
        current = -1;
        return false;
    }

    long tag() {
        return tags[current];
    }

    /** The result of the operation; below zero the error number. */
    int result() {
        return results[current];
    }

    int flags() {
        return flags[current];
    }

    /** Whether the operation goes on and completes again. */
    static boolean more(int flags) {
        return (flags & MORE) != 0;
    }

    /** Whether the kernel used up a buffer. */
    static boolean hasBuffer(int flags) {
        return (flags & BUFFER) != 0;
    }

    /** The buffer's number in its group. */
    static int buffer(int flags) {
        return flags >>> BUFFER_SHIFT;
    }
}
