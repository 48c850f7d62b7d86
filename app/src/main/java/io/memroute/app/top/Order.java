package io.memroute.app.top;

import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The columns that rows can be sorted by, each with its key. The rows of a table without that column stay in their
 * order.
 */
enum Order {
    RATE('r', "rate", "RATE"),
    LATENCY('l', "p99", "P99"),
    ERRORS('e', "errors", "ERR/S"),
    QUEUE('u', "queue", "QUEUE"),
    HITS('h', "hits", "HIT"),
    NAME('n', "name", "NAME");

    /** {@link #word}s, for people. */
    static final String WORDS = "rate, p99, errors, queue, hits or name";

    private final char key;
    private final String word;
    private final String column;

    Order(char key, String word, String column) {
        this.key = key;
        this.word = word;
        this.column = column;
    }

    char key() {
        return key;
    }

    /** Its name in options. */
    String word() {
        return word;
    }

    /** The title of its column; the first column of a table is what {@link #NAME} sorts by. */
    String column() {
        return column;
    }

    static Optional<Order> of(int key) {
        return Stream.of(values()).filter(order -> order.key == key).findFirst();
    }

    /** The words, for completion in a shell. */
    static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(values()).map(Order::word).iterator();
        }
    }

    /** The order that an option names. */
    static final class OfWord implements ITypeConverter<Order> {
        @Override
        public Order convert(String text) {
            return Stream.of(values())
                    .filter(order -> order.word.equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("expected " + WORDS + ", got \"" + text + "\""));
        }
    }
}
