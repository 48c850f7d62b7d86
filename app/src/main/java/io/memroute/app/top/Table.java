package io.memroute.app.top;

import io.memroute.proxy.text.Shown;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows under titles: texts on the left of their columns, numbers on the right. */
final class Table {

    private static final String GAP = "  ";

    /** A value that is not there. */
    private static final String NONE = "-";

    /** @param number what a number is sorted by; a text has none */
    record Cell(String text, @Nullable Double number) {

        static Cell text(String text) {
            return new Cell(Shown.text(text), null);
        }

        static Cell number(@Nullable Double number, Function<Double, String> shown) {
            return number == null ? new Cell(NONE, Double.NEGATIVE_INFINITY) : new Cell(shown.apply(number), number);
        }
    }

    private final List<String> titles;
    private final List<List<Cell>> rows = new ArrayList<>();

    Table(String... titles) {
        this.titles = List.of(titles);
    }

    void row(Cell... cells) {
        rows.add(Arrays.asList(cells));
    }

    /** Sorts by a column: numbers from the largest, texts from A. A table without it stays as it is. */
    void sort(Order order) {
        int column = order == Order.NAME ? 0 : titles.indexOf(order.column());
        if (column >= 0) {
            Comparator<List<Cell>> byText =
                    Comparator.comparing(row -> row.get(column).text());
            Comparator<List<Cell>> byNumber = Comparator.comparingDouble(row -> number(row.get(column)));
            rows.sort(column == 0 ? byText : byNumber.reversed());
        }
    }

    private static double number(Cell cell) {
        Double number = cell.number();
        return number == null ? 0 : number;
    }

    int size() {
        return rows.size();
    }

    /**
     * The titles and as many rows as there is room for; a last line tells how many are left out.
     *
     * @param mostLines at least 3
     */
    List<String> lines(int mostLines) {
        int shown = rows.size() < mostLines ? rows.size() : mostLines - 2;
        int[] widths = new int[titles.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = titles.get(column).length();
            for (List<Cell> row : rows.subList(0, shown)) {
                widths[column] = Math.max(widths[column], length(row.get(column).text()));
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(titles.stream().map(Cell::text).toList(), widths));
        rows.subList(0, shown).forEach(row -> lines.add(line(row, widths)));
        if (shown < rows.size()) {
            lines.add("... and " + (rows.size() - shown) + " more");
        }
        return lines;
    }

    private String line(List<Cell> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String text = cells.get(column).text();
            String space = " ".repeat(widths[column] - length(text));
            line.append(column > 0 ? GAP : "").append(isNumber(column) ? space + text : text + space);
        }
        return line.toString().stripTrailing();
    }

    private boolean isNumber(int column) {
        return !rows.isEmpty() && rows.getFirst().get(column).number() != null;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
