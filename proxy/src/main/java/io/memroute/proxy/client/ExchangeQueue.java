package io.memroute.proxy.client;

/** A client's exchanges in the order of its requests: a ring that grows. Owned by the worker's thread. */
final class ExchangeQueue {

    private Exchange[] ring = new Exchange[4];
    private int head;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The next to be answered; the queue must not be empty. */
    Exchange head() {
        return ring[head];
    }

    boolean isHead(Exchange exchange) {
        return size > 0 && ring[head] == exchange;
    }

    void add(Exchange exchange) {
        if (size == ring.length) {
            Exchange[] larger = new Exchange[ring.length << 1];
            for (int i = 0; i < size; i++) {
                larger[i] = ring[head + i & ring.length - 1];
            }
            ring = larger;
            head = 0;
        }
        ring[head + size & ring.length - 1] = exchange;
        size++;
    }

    Exchange remove() {
        Exchange removed = ring[head];
        ring[head] = null;
        head = head + 1 & ring.length - 1;
        size--;
        return removed;
    }

    /** The exchange {@code distance} behind the head. */
    Exchange get(int distance) {
        return ring[head + distance & ring.length - 1];
    }
}
