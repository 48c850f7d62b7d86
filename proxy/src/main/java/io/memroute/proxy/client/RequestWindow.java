package io.memroute.proxy.client;

/**
 * How many requests one client may have outstanding, so that the replies it might not read at once stay within bounds: many
 * if its replies are short, few if they are long. Owned by the worker's thread.
 *
 * <p>Nothing is known of a new client's replies, so it starts in the middle; every reply shorter than expected widens the window,
 * one longer narrows it at once.
 */
final class RequestWindow {

    /** Bytes of replies that one client may have coming to it: several of memcached's largest items. */
    private static final int REPLY_BYTES = 8 << 20;

    /** What a reply is expected to have at first: makes the first window 64 requests. */
    private static final int FIRST_EXPECTED_BYTES = 128 << 10;

    /** Enough to keep backends busy even if each reply is as large as memcached allows. */
    private static final int LEAST = 16;

    private final int most;
    private int expectedBytes = FIRST_EXPECTED_BYTES;
    private int requests;

    /** @param most requests at any time */
    RequestWindow(int most) {
        this.most = most;
        resize();
    }

    /** How many requests may be outstanding now. */
    int requests() {
        return requests;
    }

    /** A reply of that length has been made for the client. */
    void replied(long bytes) {
        int before = expectedBytes;
        expectedBytes = (int) Math.max(Math.min(bytes, REPLY_BYTES), before - (before >> 3));
        if (expectedBytes != before) {
            resize();
        }
    }

    private void resize() {
        requests = Math.min(most, Math.max(LEAST, REPLY_BYTES / Math.max(1, expectedBytes)));
    }
}
