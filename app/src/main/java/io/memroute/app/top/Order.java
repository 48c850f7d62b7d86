package io.memroute.app.top;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The columns that rows can be sorted by, each with its key. The rows of a table without that column stay in their
 * order.
 */
enum Order {
    RATE('r', "RATE"),
    LATENCY('l', "P99"),
    ERRORS('e', "ERR/S"),
    QUEUE('u', "QUEUE"),
    HITS('h', "HIT"),
    NAME('n', "NAME");

    private final char key;
    private final String column;

    Order(char key, String column) {
        this.key = key;
        this.column = column;
    }

    char key() {
        return key;
    }

    /** The title of its column; the first column of a table is what {@link #NAME} sorts by. */
    String column() {
        return column;
    }

    static Optional<Order> of(int key) {
        return Stream.of(values()).filter(order -> order.key == key).findFirst();
    }
}
