package io.memroute.transport;

import io.memroute.transport.kernel.Operation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The channels of a ring by number. A channel keeps its number until it is closed and the kernel has nothing under way
 * for it; the next to get the number has another generation, so that no completion reaches a channel that it is not
 * meant for.
 */
final class Slots {

    private static final int FIRST_CAPACITY = 64;

    private @Nullable AbstractUringChannel[] channels = new AbstractUringChannel[FIRST_CAPACITY];
    private int[] generations = new int[FIRST_CAPACITY];
    private int[] free = new int[FIRST_CAPACITY];
    private int freeCount;
    private int used;

    /** Gives a channel a number. */
    void add(AbstractUringChannel channel) {
        int slot;
        if (freeCount > 0) {
            slot = free[--freeCount];
        } else {
            if (used == channels.length) {
                channels = Arrays.copyOf(channels, 2 * used);
                generations = Arrays.copyOf(generations, 2 * used);
                free = Arrays.copyOf(free, 2 * used);
            }
            slot = used++;
        }
        channels[slot] = channel;
        channel.placed(slot, generations[slot]);
    }

    /** Takes a channel's number back. */
    void remove(int slot) {
        channels[slot] = null;
        generations[slot] = generations[slot] + 1 & Operation.GENERATION_MASK;
        free[freeCount++] = slot;
    }

    /** Returns the channel that a completion is meant for, unless it is gone. */
    @Nullable
    AbstractUringChannel get(long tag) {
        int slot = Operation.slot(tag);
        return slot >= 0 && slot < used && generations[slot] == Operation.generation(tag) ? channels[slot] : null;
    }

    int size() {
        return used - freeCount;
    }

    /** The channels at this moment. */
    AbstractUringChannel[] all() {
        return Arrays.stream(channels, 0, used)
                .filter(channel -> channel != null)
                .toArray(AbstractUringChannel[]::new);
    }
}
