package io.memroute.proxy.client;

/**
 * The resources that one client may use.
 *
 * @param requestsInFlight requests outstanding before nothing more is read from it
 * @param valueBytes the largest value it may send
 * @param unsentBytes replies not taken by a slow reader before nothing more is read from it
 */
public record ClientLimits(int requestsInFlight, int valueBytes, int unsentBytes) {

    /** A few socket buffers' worth: enough to keep a fast network busy, little enough for thousands of slow readers. */
    public static final int DEFAULT_UNSENT_BYTES = 512 << 10;
}
