package io.memroute.proxy.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counts of one worker about the clients of the listeners with one tag. Written by the worker's thread only; read
 * by any thread, which may see a value some nanoseconds old but never half of one.
 */
public final class ClientCounters {

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    /** A count about clients. */
    public enum Count {
        /** Connections open now. */
        CONNECTIONS,
        /** Connections accepted so far. */
        ACCEPTED,
        /** Commands that clients have sent; each key of a multi-key get counts. */
        REQUESTS,
        /** Malformed requests, and requests that a route answered with an error. */
        ERRORS,
        /** Bytes received. */
        RECEIVED_BYTES,
        /** Bytes sent. */
        SENT_BYTES
    }

    private final long[] counts = new long[Count.values().length];

    /** Counts one more. */
    public void increment(Count count) {
        add(count, 1);
    }

    /** Counts so many more, or less if the amount is negative. */
    public void add(Count count, long amount) {
        int i = count.ordinal();
        ELEMENT.setOpaque(counts, i, counts[i] + amount);
    }

    /** Any thread. */
    public long get(Count count) {
        return (long) ELEMENT.getOpaque(counts, count.ordinal());
    }
}
