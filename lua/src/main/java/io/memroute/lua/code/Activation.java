package io.memroute.lua.code;

import org.jspecify.annotations.Nullable;

/**
 * The variables of one call of a {@link ResumableFunction}, while it waits. Generated code reads and writes the fields.
 * May be used for one call after another.
 */
public final class Activation {
    /** Variables that are objects; the arguments before the call begins. */
    public final @Nullable Object[] objects;

    /** Variables that are integers, and the bits of those that are floats. */
    public final long[] numbers;

    /** The wait at which the call goes on; 0 is its beginning. */
    public int place;

    /** The results of the wait. */
    public @Nullable Object value;

    public Activation(int objects, int numbers) {
        this.objects = new @Nullable Object[objects];
        this.numbers = new long[numbers];
    }
}
