package io.memroute.proxy.client;

import io.memroute.proxy.wire.Ring;

/** A client's exchanges in the order of its requests. Owned by the worker's thread. */
final class ExchangeQueue {

    /** A power of two: most clients have one request under way. */
    private static final int FIRST_LENGTH = 4;

    private final Ring ring = new Ring(FIRST_LENGTH);
    private Exchange[] exchanges = new Exchange[FIRST_LENGTH];

    int size() {
        return ring.size();
    }

    boolean isEmpty() {
        return ring.isEmpty();
    }

    /** The next to be answered; the queue must not be empty. */
    Exchange head() {
        return exchanges[ring.slot(0)];
    }

    boolean isHead(ExchangeReply exchange) {
        return !ring.isEmpty() && head() == exchange;
    }

    void add(Exchange exchange) {
        if (ring.isFull()) {
            exchanges = ring.copy(exchanges, new Exchange[exchanges.length << 1]);
            ring.grown();
        }
        exchanges[ring.add()] = exchange;
    }

    @SuppressWarnings("NullAway") // empty places hold null
    Exchange remove() {
        int at = ring.slot(0);
        Exchange removed = exchanges[at];
        exchanges[at] = null;
        ring.remove();
        return removed;
    }

    /** The exchange {@code distance} behind the head. */
    Exchange get(int distance) {
        return exchanges[ring.slot(distance)];
    }
}
