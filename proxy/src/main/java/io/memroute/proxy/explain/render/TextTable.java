package io.memroute.proxy.explain.render;

import io.memroute.proxy.text.Shown;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of text whose columns line up. What does not fit into {@link TextWrap#COLUMNS} is broken within its column, the
 * widest column first; where columns would become too narrow for that, the cells of a row stand below each other.
 */
final class TextTable {

    private static final String GAP = "  ";

    /** Narrower than that a column is not made. */
    private static final int NARROWEST = 24;

    /** Before cells that stand below the first one of their row. */
    private static final String BELOW = "    ";

    /** @param continued stands in the first column of further lines */
    private record Row(List<String> cells, String continued) {

        int last() {
            return cells.size() - 1;
        }
    }

    private final List<Row> rows = new ArrayList<>();

    TextTable row(String... cells) {
        return continuedRow("", cells);
    }

    /** A row with a text that stands in the first column of its further lines. */
    TextTable continuedRow(String continued, String... cells) {
        rows.add(new Row(Arrays.stream(cells).map(Shown::text).toList(), continued));
        return this;
    }

    /** Every row with a line end; nothing if there is none. */
    String render() {
        int[] widths = new int[rows.stream().mapToInt(Row::last).max().orElse(0)];
        for (Row row : rows) {
            for (int column = 0; column < row.last(); column++) {
                widths[column] =
                        Math.max(widths[column], TextWrap.length(row.cells().get(column)));
            }
        }
        boolean fits = shrink(widths);
        StringBuilder text = new StringBuilder();
        for (Row row : rows) {
            text.append(fits ? beside(row, widths) : below(row));
        }
        return TextWrap.printed(text.toString());
    }

    /** Makes columns narrower until the last cell of every row has room; says whether that succeeded. */
    private boolean shrink(int[] widths) {
        int[] narrowest = new int[widths.length];
        for (int column = 0; column < widths.length; column++) {
            narrowest[column] = column == 0 ? widths[0] : Math.max(NARROWEST, longestWord(column));
        }
        while (rows.stream().anyMatch(row -> offset(row.last(), widths) + needed(row) > TextWrap.COLUMNS)) {
            int widest = -1;
            for (int column = 0; column < widths.length; column++) {
                if (widths[column] > narrowest[column] && (widest < 0 || widths[column] > widths[widest])) {
                    widest = column;
                }
            }
            if (widest < 0) {
                return false;
            }
            widths[widest]--;
        }
        return true;
    }

    private int longestWord(int column) {
        return rows.stream()
                .filter(row -> row.last() > column)
                .mapToInt(row -> TextWrap.longestWord(row.cells().get(column)))
                .max()
                .orElse(0);
    }

    private static int needed(Row row) {
        String last = row.cells().getLast();
        return Math.min(TextWrap.length(last), Math.max(NARROWEST, TextWrap.longestWord(last)));
    }

    private static int offset(int column, int[] widths) {
        return Arrays.stream(widths, 0, column).sum() + column * GAP.length();
    }

    private static String beside(Row row, int[] widths) {
        List<List<String>> cells = new ArrayList<>();
        for (int column = 0; column <= row.last(); column++) {
            int width = column < row.last() ? widths[column] : TextWrap.COLUMNS - offset(column, widths);
            cells.add(TextWrap.lines(row.cells().get(column), width));
        }
        int lines = cells.stream().mapToInt(List::size).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < lines; line++) {
            StringBuilder columns = new StringBuilder();
            for (int column = 0; column <= row.last(); column++) {
                List<String> cell = cells.get(column);
                String part = line < cell.size() ? cell.get(line) : column == 0 ? row.continued() : "";
                columns.append(column > 0 ? GAP : "").append(part);
                if (column < row.last()) {
                    columns.append(" ".repeat(widths[column] - TextWrap.length(part)));
                }
            }
            text.append(columns.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String below(Row row) {
        StringBuilder text = new StringBuilder(row.cells().getFirst()).append('\n');
        for (String cell : row.cells().subList(1, row.cells().size())) {
            if (!cell.isEmpty()) {
                String before = row.continued() + BELOW;
                boolean fits = TextWrap.longestWord(cell) <= TextWrap.COLUMNS - TextWrap.length(before);
                text.append(TextWrap.indented(before, before, fits ? cell : TextWrap.printed(cell)));
            }
        }
        return text.toString();
    }
}
