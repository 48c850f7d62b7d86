package io.memroute.proxy.config;

import io.memroute.proxy.text.Shown;
import java.util.Optional;

/**
 * The line of a file that a finding is about, as compilers show it:
 *
 * <pre>
 *  14 | routes{ default = route_direct{ child = "mian" } }
 *     |                                 ^
 * </pre>
 */
final class Excerpt {

    /** The width of the whole: as much as other answers for terminals. */
    private static final int COLUMNS = 100;

    private static final String CUT = "...";

    private Excerpt() {}

    /** Two lines, or one where the column is not known, each with a line end before it; nothing without a source. */
    static String after(SourceLocation where, Optional<String> source) {
        if (source.isEmpty() || source.get().isBlank()) {
            return "";
        }
        String number = " " + where.line() + " | ";
        int width = COLUMNS - number.length();
        int[] points = source.get().codePoints().map(Excerpt::inOnePlace).toArray();
        int place = Math.clamp(where.column() - 1, 0, points.length);
        // Of a line that is too long, the part around the place.
        int from = points.length <= width || place < width - CUT.length() ? 0 : place - width / 2;
        int to = Math.min(points.length, from + width);
        StringBuilder text = new StringBuilder("\n").append(number);
        for (int i = from; i < to; i++) {
            boolean cut = from > 0 && i < from + CUT.length() || to < points.length && i >= to - CUT.length();
            text.appendCodePoint(cut ? '.' : points[i]);
        }
        if (where.column() > 0) {
            text.append('\n')
                    .repeat(' ', number.length() - 2)
                    .append("| ")
                    .repeat(' ', place - from)
                    .append('^');
        }
        return text.toString();
    }

    /** A character that takes one place on a terminal, so that the mark stands where it should. */
    private static int inOnePlace(int point) {
        String shown = Shown.text(Character.toString(point));
        return point == '\t' ? ' ' : shown.codePointCount(0, shown.length()) == 1 ? point : '?';
    }
}
