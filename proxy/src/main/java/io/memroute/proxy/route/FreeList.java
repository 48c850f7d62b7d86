package io.memroute.proxy.route;

import java.util.Arrays;

/**
 * Objects that a route will use again, so that the steady state allocates nothing. It holds as many as were ever in use at
 * one time. Owned by the worker's thread.
 */
final class FreeList<T> {

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
        if (count == free.length) {
            free = Arrays.copyOf(free, count << 1);
        }
        free[count++] = unused;
    }
}
