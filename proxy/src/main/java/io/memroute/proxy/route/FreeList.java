package io.memroute.proxy.route;

import java.util.Arrays;

/** Objects that a route will use again, so that the steady state allocates nothing. Owned by the worker's thread. */
final class FreeList<T> {

    /**
     * As many as a busy worker has in flight; what a stalled server made pile up beyond that is left to the garbage
     * collector.
     */
    private static final int KEPT = 8192;

    private Object[] free = new Object[16];
    private int count;

    /** One to use again, or null: then the caller makes one. */
    @SuppressWarnings("unchecked")
    T take() {
        if (count == 0) {
            return null;
        }
        T taken = (T) free[--count];
        free[count] = null;
        return taken;
    }

    void give(T unused) {
        if (count == KEPT) {
            return;
        }
        if (count == free.length) {
            free = Arrays.copyOf(free, count << 1);
        }
        free[count++] = unused;
    }
}
