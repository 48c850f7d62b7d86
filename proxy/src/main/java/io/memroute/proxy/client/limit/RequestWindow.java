package io.memroute.proxy.client.limit;

/**
 * The number of requests that one client may have outstanding, so that the replies it might not read stay within
 * bounds: many if its replies are short, one if they are long. Owned by the worker's thread.
 *
 * <p>The replies of a new client are not known, so they are taken to be as long as the largest that any client has
 * lately got; each that turns out to be short then doubles the window. One that is longer than expected narrows it at
 * once.
 */
public final class RequestWindow {

    /**
     * Bytes of replies that one client may have coming to it: one of memcached's largest items, many of its usual ones.
     */
    static final int REPLY_BYTES = 1 << 20;

    private final int most;
    private int expectedBytes;
    /** Whether what is expected is what others got: the client's own replies have not been so long. */
    private boolean guessed = true;

    private int requests;

    /**
     * @param most requests at any time
     * @param expected bytes of a reply
     */
    public RequestWindow(int most, long expected) {
        this.most = most;
        this.expectedBytes = bounded(expected);
        resize();
    }

    /** The number of requests that may be outstanding now. */
    public int requests() {
        return requests;
    }

    /** Notes that a reply of that length has been made for the client. */
    public void replied(long bytes) {
        int before = expectedBytes;
        int shrunk = guessed ? before >> 1 : before - (before >> 3);
        expectedBytes = Math.max(bounded(bytes), shrunk);
        if (expectedBytes != before) {
            guessed &= expectedBytes == shrunk && expectedBytes > LargestReply.LEAST_BYTES;
            resize();
        } else {
            guessed = false;
        }
    }

    private static int bounded(long bytes) {
        return (int) Math.min(bytes, REPLY_BYTES);
    }

    private void resize() {
        requests = Math.min(most, Math.max(1, REPLY_BYTES / Math.max(1, expectedBytes)));
    }
}
