package io.memroute.app.generated;

import java.util.List;

/** A manual page as it grows, in the macros of man(7). */
final class Roff {

    private final StringBuilder text = new StringBuilder();

    /** A macro with its arguments, each in quotes. */
    Roff macro(String name, String... arguments) {
        text.append('.').append(name);
        for (String argument : arguments) {
            text.append(" \"").append(escaped(argument).replace("\"", "\\(dq")).append('"');
        }
        text.append('\n');
        return this;
    }

    /** Text that is filled. */
    Roff paragraph(String words) {
        text.append(line(words)).append('\n');
        return this;
    }

    /** A term in bold and what follows it in italics, with its description below. */
    Roff item(String term, String placeholder, List<String> description) {
        text.append(".TP\n\\fB").append(escaped(term)).append("\\fR");
        if (!placeholder.isEmpty()) {
            text.append(" \\fI").append(escaped(placeholder)).append("\\fR");
        }
        text.append('\n');
        if (description.size() == 1) {
            return paragraph(description.getFirst());
        }
        text.append(".nf\n");
        description.forEach(this::paragraph);
        text.append(".fi\n");
        return this;
    }

    /** A line that does not begin with what roff would take for a macro. */
    private static String line(String words) {
        String escaped = escaped(words);
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }

    private static String escaped(String words) {
        return words.replace("\\", "\\e").replace("-", "\\-");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
