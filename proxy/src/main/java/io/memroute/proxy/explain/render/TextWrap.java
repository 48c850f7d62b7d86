package io.memroute.proxy.explain.render;

import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines: after a comma or a semicolon where that leaves no short line, else between words. */
public final class TextWrap {

    /** The width of every text for a terminal: it fits beside another window, and into a mail. */
    public static final int COLUMNS = 100;

    /** Stands for a space at which no line is broken. */
    private static final char KEPT_SPACE = '\u00a0';

    private TextWrap() {}

    /** A text that stays on one line. */
    static String unbroken(String text) {
        return text.replace(' ', KEPT_SPACE);
    }

    /** A broken text as it is printed. */
    static String printed(String text) {
        return text.replace(KEPT_SPACE, ' ');
    }

    /** The lines of a text; a word that is longer than the width stays whole, so that it can be copied. */
    static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (length(rest) > width) {
            int end = breakOf(rest, width);
            if (end < 0) {
                break;
            }
            lines.add(rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).stripLeading();
        }
        lines.add(rest);
        return lines;
    }

    /**
     * Lines of at most {@link #COLUMNS}, each with a line end.
     *
     * @param first put before the first line
     * @param further put before the others
     */
    public static String indented(String first, String further, String text) {
        int width = COLUMNS - Math.max(length(first), length(further));
        StringBuilder lines = new StringBuilder();
        for (String line : lines(text, width)) {
            lines.append(lines.isEmpty() ? first : further).append(line).append('\n');
        }
        return lines.toString();
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The longest part that is not broken. */
    static int longestWord(String text) {
        int longest = 0;
        for (String word : text.split(" ", -1)) {
            longest = Math.max(longest, length(word));
        }
        return longest;
    }

    /** Returns the end of the first line; -1 if there is no place to break. */
    private static int breakOf(String text, int width) {
        int limit = text.offsetByCodePoints(0, width);
        int word = text.lastIndexOf(' ', limit);
        if (word <= 0) {
            return text.indexOf(' ', limit);
        }
        for (int space = word; space > limit * 2 / 3; space = text.lastIndexOf(' ', space - 1)) {
            char before = text.charAt(space - 1);
            if (before == ',' || before == ';') {
                return space;
            }
        }
        return word;
    }
}
