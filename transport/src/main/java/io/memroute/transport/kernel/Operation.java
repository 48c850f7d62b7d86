package io.memroute.transport.kernel;

/**
 * The kinds of operation a ring is asked for, and the 64 bits by which each completion names what it belongs to:
 *
 * <pre>
 *   bit 63      62..61   60         59..56      55..32        31..0
 *       0       0        cancels    operation   generation    slot
 * </pre>
 *
 * A slot is a channel's place in the event loop's table; its generation changes whenever the place gets a new channel.
 * A channel has each kind of operation under way at most once, so that these three name an operation exactly.
 */
public final class Operation {

    /** Receives into buffers that the kernel takes from a group. */
    public static final int RECEIVE = 0;

    /** Accepts connections, one completion each. */
    public static final int ACCEPT = 1;

    /** Connects. */
    public static final int CONNECT = 2;

    /** Watches for a reset while nothing is received. */
    public static final int WATCH_ERRORS = 3;

    /** Watches for room in a socket's send buffer. */
    public static final int WATCH_ROOM = 4;

    /** Sends; completes only when less than all has been sent. */
    public static final int SEND = 5;

    /** Closes a descriptor; completes only on failure. */
    public static final int CLOSE = 6;

    /** Reads the event descriptor by which other threads wake a ring's. */
    static final int WAKE = 7;

    private static final int OPERATION_SHIFT = 56;
    private static final int OPERATION_MASK = 15;
    private static final int GENERATION_SHIFT = 32;
    private static final long CANCELS = 1L << 60;

    public static final int GENERATION_MASK = 0xff_ffff;

    private Operation() {}

    public static long tag(int operation, int generation, int slot) {
        return (long) operation << OPERATION_SHIFT | (long) generation << GENERATION_SHIFT | slot;
    }

    /** The tag of the request to cancel another. */
    static long cancelling(long tag) {
        return tag | CANCELS;
    }

    public static boolean cancels(long tag) {
        return (tag & CANCELS) != 0;
    }

    public static int operation(long tag) {
        return (int) (tag >>> OPERATION_SHIFT) & OPERATION_MASK;
    }

    public static int generation(long tag) {
        return (int) (tag >>> GENERATION_SHIFT) & GENERATION_MASK;
    }

    public static int slot(long tag) {
        return (int) tag;
    }

    /** The bit of an operation in a channel's set of those under way. */
    public static int bit(int operation) {
        return 1 << operation;
    }
}
