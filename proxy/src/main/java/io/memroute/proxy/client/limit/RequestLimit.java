package io.memroute.proxy.client.limit;

/**
 * The requests that one worker may have under way: as many as the configuration lets, and never more than the heap
 * bears. Owned by the worker's thread.
 *
 * <p>Requests stay under way when their client has gone, until their servers have answered or failed. Clients that ask,
 * go and come again would otherwise fill the heap while a server is slow, however few may be connected at one time.
 */
public final class RequestLimit {

    /** The part of the heap that may be taken by requests under way. */
    private static final int HEAP_PART = 4;

    /** The memory of a request with all that routes make of it, give or take: most take less. */
    private static final int REQUEST_BYTES = 1 << 10;

    /** The remains of a client that has gone, its channel included, in requests. */
    private static final int REQUESTS_OF_DEPARTED = 4;

    /** The part of the configured limit that is left to tenants with little under way. */
    private static final int LEFT_PART = 8;

    private final long bearable;
    private long configured = Long.MAX_VALUE;
    private long departed;

    /**
     * @param heapBytes the largest heap of the process
     * @param workers how many share it
     */
    public RequestLimit(long heapBytes, int workers) {
        bearable = Math.max(1, heapBytes / HEAP_PART / REQUEST_BYTES / workers);
    }

    /** Sets the worker's share of the configured limit; 0 is none. */
    public void configure(long requests) {
        configured = requests == 0 ? Long.MAX_VALUE : requests;
    }

    /** Counts a client that has gone with requests under way, or with -1 one of whom nothing is under way any more. */
    public void addDeparted(int change) {
        departed += change;
    }

    /**
     * Whether no more may be started.
     *
     * @param active the requests under way
     * @param leavesSome whether an eighth of the configured limit is left to others
     */
    public boolean isReached(long active, boolean leavesSome) {
        return active >= (leavesSome ? configured - configured / LEFT_PART : configured)
                || active + departed * REQUESTS_OF_DEPARTED >= bearable;
    }
}
