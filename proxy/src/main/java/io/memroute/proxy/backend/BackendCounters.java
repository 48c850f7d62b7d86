package io.memroute.proxy.backend;

import io.memroute.proxy.backend.events.BackendFailure;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counts of one worker about the servers with one label. They outlive connections, which a reload may replace, so
 * that no count falls while the label is in use. Written by the worker's thread only; read by any thread.
 */
public final class BackendCounters {

    private static final VarHandle REQUESTS;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    static {
        try {
            REQUESTS = MethodHandles.lookup().findVarHandle(BackendCounters.class, "requests", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long requests;
    private final long[] failures = new long[BackendFailure.values().length];

    /** Counts a request given to a connection, whether or not it is sent. */
    void request() {
        REQUESTS.setOpaque(this, requests + 1);
    }

    /** Counts a connection that was lost, or could not be made. */
    void failed(BackendFailure failure) {
        int i = failure.ordinal();
        ELEMENT.setOpaque(failures, i, failures[i] + 1);
    }

    /** Any thread. */
    public long requests() {
        return (long) REQUESTS.getOpaque(this);
    }

    /** Any thread. */
    public long failures(BackendFailure failure) {
        return (long) ELEMENT.getOpaque(failures, failure.ordinal());
    }
}
