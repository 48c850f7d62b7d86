package io.memroute.proxy.stats;

import io.memroute.proxy.access.QuotaKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counts of one worker about the clients with one identity. Written by the worker's thread only; read by any
 * thread, which may see a value some nanoseconds old but never half of one.
 */
public final class IdentityCounters {

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    /** A count about the clients with one identity. */
    public enum Count {
        /** Requests that rules have been applied to, refused or not. */
        REQUESTS,
        /** Requests refused by the rules of access. */
        DENIED,
        /** Requests above a limit on each of these. */
        ABOVE_REQUESTS,
        ABOVE_BYTES,
        ABOVE_IN_FLIGHT,
        /** Requests on connections above a limit on these. */
        ABOVE_CONNECTIONS;

        /** The count of requests above a limit of that kind. */
        public static Count exceeded(QuotaKind kind) {
            return switch (kind) {
                case REQUESTS -> ABOVE_REQUESTS;
                case BYTES -> ABOVE_BYTES;
                case IN_FLIGHT -> ABOVE_IN_FLIGHT;
                case CONNECTIONS -> ABOVE_CONNECTIONS;
            };
        }
    }

    private final long[] counts = new long[Count.values().length];

    /** Counts one more. */
    public void increment(Count count) {
        int i = count.ordinal();
        ELEMENT.setOpaque(counts, i, counts[i] + 1);
    }

    /** Any thread. */
    public long get(Count count) {
        return (long) ELEMENT.getOpaque(counts, count.ordinal());
    }
}
