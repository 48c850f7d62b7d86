package io.memroute.proxy.client.time;

/**
 * The time that clients may take. Fixed when a server starts.
 *
 * @param idleSeconds the time for which a TCP client may send nothing while it is owed nothing ({@code -o
 *     idle_timeout}); 0 is for ever
 * @param requestSeconds the time that a request may take to arrive from its first byte on ({@code --request-timeout});
 *     0 is for ever
 */
public record ClientTimes(int idleSeconds, int requestSeconds) {

    /** A request comes in one piece or a few; after lost packets TCP needs seconds, a person typing one some ten. */
    public static final int DEFAULT_REQUEST_SECONDS = 30;

    /**
     * A request earns a second for each so many bytes of it that have arrived, so that a large value on a slow line
     * gets through: twice the pace of an old modem, and far below that of any network a cache is used in.
     */
    public static final int BYTES_PER_SECOND = 16 << 10;

    /** memcached's defaults: idle clients stay. */
    public static final ClientTimes DEFAULTS = new ClientTimes(0, DEFAULT_REQUEST_SECONDS);

    /** @throws IllegalArgumentException naming the option and the value that is out of range */
    public ClientTimes {
        if (idleSeconds < 0 || requestSeconds < 0) {
            throw new IllegalArgumentException("idle timeout " + idleSeconds + " s and request timeout "
                    + requestSeconds + " s must be at least 0, which is for ever");
        }
    }
}
