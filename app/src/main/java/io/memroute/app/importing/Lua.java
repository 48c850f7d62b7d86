package io.memroute.app.importing;

import io.memroute.lua.syntax.ReservedWords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Values as a Lua file has them: tables that fit stand in one line, others have a line for each entry. Texts are
 * {@link String}s, numbers {@link Number}s, lists {@link List}s, tables {@link Map}s, and calls {@link Call}s.
 */
final class Lua {

    /** The columns of a value that stands in one line. */
    private static final int LINE = 100;

    private Lua() {}

    /** A function that is called with one table. */
    record Call(String function, Map<String, Object> arguments) {}

    /** A variable. */
    record Name(String name) {}

    /** The value, whose first line begins after {@code indent} columns. */
    static String of(Object value, int indent) {
        String flat = flat(value);
        if (indent + flat.length() <= LINE || !isTable(value)) {
            return flat;
        }
        String margin = " ".repeat(indent + 2);
        StringBuilder text = new StringBuilder(head(value)).append("{\n");
        for (Entry entry : entries(value)) {
            text.append(margin)
                    .append(entry.key())
                    .append(of(entry.value(), indent + 2))
                    .append(",\n");
        }
        return text.append(" ".repeat(indent)).append('}').toString();
    }

    /** A text between quotes. Bytes that are no UTF-8 do not get here. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        quoted.append("\\%03d".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    /** A comment of as many lines as it takes. */
    static String comment(String text, int indent) {
        String start = " ".repeat(indent) + "-- ";
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder(start);
        // What comes from a file must not end the comment.
        for (String word : text.replaceAll("\\p{Cntrl}", " ").split(" ")) {
            if (line.length() + word.length() > LINE && line.length() > start.length()) {
                lines.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(start).append("  ");
            }
            line.append(word).append(' ');
        }
        return lines.append(line.toString().stripTrailing()).append('\n').toString();
    }

    /** A name for a pool or a variable: what is not a letter, a digit or an underscore becomes an underscore. */
    static String identifier(String text) {
        String name = text.replaceAll("[^A-Za-z0-9_]", "_");
        return name.isEmpty() || Character.isDigit(name.charAt(0)) || ReservedWords.contains(name) ? "_" + name : name;
    }

    private record Entry(String key, Object value) {}

    private static boolean isTable(Object value) {
        return value instanceof List || value instanceof Map || value instanceof Call;
    }

    private static String head(Object value) {
        return value instanceof Call call ? call.function() : "";
    }

    private static List<Entry> entries(Object value) {
        List<Entry> entries = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> entries.add(new Entry("", item)));
        } else {
            Map<?, ?> map = value instanceof Call call ? call.arguments() : (Map<?, ?>) value;
            map.forEach((key, item) -> entries.add(new Entry(key(key.toString()) + " = ", item)));
        }
        return entries;
    }

    private static String key(String name) {
        return identifier(name).equals(name) ? name : "[" + quoted(name) + "]";
    }

    private static String flat(Object value) {
        if (isTable(value)) {
            String inside = entries(value).stream()
                    .map(entry -> entry.key() + flat(entry.value()))
                    .collect(Collectors.joining(", "));
            return head(value) + (inside.isEmpty() ? "{}" : "{ " + inside + " }");
        }
        return switch (value) {
            case Double number
            when number == Math.rint(number) && Math.abs(number) < 1e15 -> Long.toString(number.longValue());
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            case Name variable -> variable.name();
            default -> quoted(value.toString());
        };
    }

    /** The bytes that a text has in a configuration. */
    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
