package io.memroute.proxy.trust;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Slows attempts to log in that fail, by the address that they come from. Thread safe; its memory is fixed.
 *
 * <p>Addresses share places in a table, so that a flood of addresses takes no memory. Two that share one slow each
 * other.
 */
public final class AttemptLimit {

    /** 32 kilobytes, and few places shared by those who mistype. */
    private static final int PLACE_BITS = 12;

    /** Failures that cost nothing: somebody mistypes, or an old password is still in use. */
    private static final int FREE_FAILURES = 3;

    private static final long FIRST_DELAY_MILLIS = 100;

    /** Long enough that a thousand connections get 200 attempts a second; short enough to wait for. */
    private static final long LONGEST_DELAY_MILLIS = 5000;

    /** Failures are forgotten when there have been none for this long. */
    private static final long MEMORY_SECONDS = 60;

    private static final int COUNT_BITS = 8;
    private static final int MOST_FAILURES = (1 << COUNT_BITS) - 1;

    /** Seconds of the last failure, then the number of failures. */
    private final AtomicLongArray places = new AtomicLongArray(1 << PLACE_BITS);

    /**
     * Returns what stands for everybody who has the address. Of IPv6 that is its network of 64 bits: every machine has
     * at least one whole, and would have each attempt come from a new address.
     */
    static Object origin(InetAddress address) {
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(address.getAddress()).getLong()
                : address;
    }

    /**
     * Notes a failed attempt.
     *
     * @param address of the client
     * @param second the time in seconds, from any beginning, never less than before
     * @return how long the answer has to wait, in milliseconds
     */
    public long failed(InetAddress address, long second) {
        int hash = origin(address).hashCode();
        int place = (hash ^ hash >>> 16) * 0x9E37_79B1 >>> Integer.SIZE - PLACE_BITS;
        long after = places.updateAndGet(place, before -> {
            boolean forgotten = second - (before >>> COUNT_BITS) > MEMORY_SECONDS;
            long failures = forgotten ? 0 : Math.min(before & MOST_FAILURES, MOST_FAILURES - 1);
            return second << COUNT_BITS | failures + 1;
        });
        long beyond = (after & MOST_FAILURES) - FREE_FAILURES;
        return beyond <= 0 ? 0 : Math.min(FIRST_DELAY_MILLIS << Math.min(beyond - 1, 20), LONGEST_DELAY_MILLIS);
    }
}
