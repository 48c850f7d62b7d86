package io.memroute.proxy.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A counter that the configuration names, on one worker. Written by the worker's thread only; read by any thread. */
public final class UserCounter {

    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(UserCounter.class, "count", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long count;

    public void increment() {
        COUNT.setOpaque(this, count + 1);
    }

    /** @param change may be negative; the count then wraps below 0, as one without sign */
    public void add(long change) {
        COUNT.setOpaque(this, count + change);
    }

    /** Any thread. */
    public long get() {
        return (long) COUNT.getOpaque(this);
    }
}
