package io.memroute.proxy.call;

import java.util.Arrays;
import java.util.function.Supplier;

/** Objects that are used again, so that the steady state allocates nothing. Owned by the worker's thread. */
public final class FreeList<T> {

    /**
     * The number that a busy worker has in flight; what a stalled server made pile up beyond that is left to the
     * garbage collector.
     */
    private static final int KEPT = 8192;

    private final Supplier<T> maker;
    private Object[] free = new Object[16];
    private int count;

    /** @param maker makes one where there is none to use again */
    public FreeList(Supplier<T> maker) {
        this.maker = maker;
    }

    /** Takes one that was given back, or a new one. */
    @SuppressWarnings({"unchecked", "NullAway"}) // only Ts are put in; empty places hold null
    public T take() {
        if (count == 0) {
            return maker.get();
        }
        T taken = (T) free[--count];
        free[count] = null;
        return taken;
    }

    /** Gives one back, to be taken again. */
    public void give(T unused) {
        if (count == KEPT) {
            return;
        }
        if (count == free.length) {
            free = Arrays.copyOf(free, count << 1);
        }
        free[count++] = unused;
    }
}
