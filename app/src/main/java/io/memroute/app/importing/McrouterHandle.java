package io.memroute.app.importing;

import io.memroute.app.importing.Node.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A route handle of mcrouter's as it stands in the file, in the tree for one command. What it becomes is a child of
 * memroute's: the name of a pool or the call of a handler.
 *
 * @param routes the tree that it stands in
 */
record McrouterHandle(String type, Fields fields, McrouterRoutes routes) {

    static final String CHILDREN = "children";
    static final String TARGET = "target";

    /**
     * A kind of handle.
     *
     * @param type its name
     * @param keys those that are looked at; any other is reported
     * @param translation gives the children that it stands for
     */
    record Kind(String type, Set<String> keys, Function<McrouterHandle, List<Object>> translation) {

        /** Keys of every handle. */
        private static final Set<String> COMMON = Set.of("type", "name");

        Kind {
            keys = Stream.of(keys, COMMON).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
        }

        /** A handle that stands for one child. */
        static Kind of(String type, Function<McrouterHandle, Object> translation, String... keys) {
            return new Kind(type, Set.of(keys), handle -> List.of(translation.apply(handle)));
        }
    }

    int line() {
        return fields.line();
    }

    /** The line of a key, or of the handle if it has none. */
    int line(String key) {
        return McrouterPools.line(fields, key);
    }

    Report report() {
        return routes.report();
    }

    McrouterPools pools() {
        return routes.pools();
    }

    McrouterCommand command() {
        return routes.command();
    }

    Optional<Node> get(String key) {
        return fields.get(key);
    }

    Optional<String> text(String key) {
        return fields.text(key);
    }

    /** @throws ImportException if it has no such key */
    Node required(String key) {
        return required(fields, key, type);
    }

    /** @throws ImportException if there is no such key */
    static Node required(Fields fields, String key, String of) {
        return fields.get(key).orElseThrow(() -> new ImportException(fields.line(), of + ": needs \"" + key + "\""));
    }

    /** The routes of the key {@code children}. */
    List<Object> children() {
        return routes.several(required(CHILDREN));
    }

    /** The one route of the key {@code target}. */
    Object target() {
        return routes.single(required(TARGET));
    }

    Optional<Double> number(String key) {
        return number(fields, key);
    }

    /** @throws ImportException if it is something else */
    static Optional<Double> number(Fields fields, String key) {
        return fields.get(key).map(node -> finite(key, "a number", node));
    }

    private static double finite(String key, String expected, Node node) {
        try {
            double number = Double.parseDouble(node.asText().orElse(""));
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, for all that is no such number.
        }
        throw new ImportException(node.line(), key + ": expected " + expected + ", got " + node.kind());
    }

    /**
     * A list of numbers; empty if there is none.
     *
     * @throws ImportException if it is something else
     */
    static List<Double> numbers(Fields fields, String key) {
        List<Double> numbers = new ArrayList<>();
        fields.get(key).ifPresent(node -> node.asList().forEach(each -> numbers.add(finite(key, "numbers", each))));
        return numbers;
    }
}
