package io.memroute.app.importing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of a file, with the line where it begins. */
sealed interface Node {

    /** The line, from 1 on. */
    int line();

    /** A text, a number or a word such as {@code true}, as it is written; in JSON only a text is {@code quoted}. */
    record Scalar(String text, boolean quoted, int line) implements Node {}

    /** A list. */
    record Items(List<Node> items, int line) implements Node {}

    /** Values by name, in the order of the file. */
    record Fields(Map<String, Node> fields, int line) implements Node {

        Optional<Node> get(String name) {
            return Optional.ofNullable(fields.get(name));
        }

        /**
         * A scalar's text; empty if there is none of the name.
         *
         * @throws ImportException if it is no scalar
         */
        Optional<String> text(String name) {
            return get(name).map(node -> node.asText().orElseThrow(() -> unexpected(name, "a string", node)));
        }

        /**
         * Whether a setting is on.
         *
         * @param otherwise if there is none of the name
         * @throws ImportException if it is neither true nor false
         */
        boolean flag(String name, boolean otherwise) {
            return get(name)
                    .map(node -> {
                        if (node instanceof Scalar scalar
                                && !scalar.quoted()
                                && (scalar.text().equals("true")
                                        || scalar.text().equals("false"))) {
                            return scalar.text().equals("true");
                        }
                        throw unexpected(name, "true or false", node);
                    })
                    .orElse(otherwise);
        }

        /**
         * An object of a name; empty if there is none.
         *
         * @throws ImportException if it is something else
         */
        Optional<Fields> object(String name) {
            return get(name).map(node -> {
                if (node instanceof Fields fields) {
                    return fields;
                }
                throw unexpected(name, "an object", node);
            });
        }

        private static ImportException unexpected(String name, String expected, Node got) {
            return new ImportException(got.line(), name + ": expected " + expected + ", got " + got.kind());
        }

        /** The same without one name. */
        Fields without(String name) {
            Map<String, Node> rest = new LinkedHashMap<>(fields);
            rest.remove(name);
            return new Fields(rest, line);
        }
    }

    /** The text of a scalar. */
    default Optional<String> asText() {
        return this instanceof Scalar scalar ? Optional.of(scalar.text()) : Optional.empty();
    }

    /** The items of a list; anything else is a list of itself. */
    default List<Node> asList() {
        return this instanceof Items list ? list.items() : List.of(this);
    }

    /** A word for messages. */
    default String kind() {
        return switch (this) {
            case Scalar scalar -> "\"" + scalar.text() + "\"";
            case Items list -> "a list";
            case Fields fields -> "an object";
        };
    }

    /** The value in one line, for messages. */
    default String shown() {
        return switch (this) {
            case Scalar scalar -> scalar.text();
            case Items list -> {
                List<String> texts = new ArrayList<>();
                list.items().forEach(item -> texts.add(item.shown()));
                yield "[" + String.join(", ", texts) + "]";
            }
            case Fields fields -> "{" + String.join(", ", fields.fields().keySet()) + "}";
        };
    }
}
