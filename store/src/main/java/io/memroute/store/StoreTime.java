package io.memroute.store;

/**
 * Times as items keep them: whole seconds since shortly before the store was made, so that an {@code int} holds them
 * and 0 is free to mean never.
 */
final class StoreTime {
    /** An item that never expires. */
    static final int NEVER = 0;
    /** An expiration time that every item with it has passed. */
    static final int PASSED = 1;

    /** Up to this many seconds (30 days) a client's expiration time is relative, above it is a UNIX time. */
    private static final int MAX_RELATIVE = 60 * 60 * 24 * 30;
    /** The seconds by which the origin lies before the store is made: now is then always after {@link #PASSED}. */
    private static final int HEAD_START = 2;

    private final StoreClock clock;
    private final long origin;

    StoreTime(StoreClock clock) {
        this.clock = clock;
        this.origin = clock.unixSeconds() - HEAD_START;
    }

    int now() {
        return (int) (clock.unixSeconds() - origin);
    }

    /** The time at which an item expires whose client said {@code expiration}: 0 never, negative at once. */
    int expiry(int expiration) {
        if (expiration == 0) {
            return NEVER;
        }
        if (expiration < 0) {
            return PASSED;
        }
        if (expiration > MAX_RELATIVE) {
            return expiration <= origin ? PASSED : (int) (expiration - origin);
        }
        return now() + expiration;
    }
}
