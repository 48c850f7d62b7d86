package io.memroute.proxy.explain.render;

import io.memroute.proxy.text.Shown;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text, each shown on one line, whose columns line up. The last cell of a row is as long as it likes. */
final class TextTable {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    TextTable row(String... cells) {
        rows.add(Arrays.stream(cells).map(Shown::text).toList());
        return this;
    }

    /** Every row with a line end; nothing if there is none. */
    String render() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                if (column > 0) {
                    line.append(GAP);
                }
                line.append(row.get(column));
                if (column < row.size() - 1) {
                    line.append(" ".repeat(width(column) - length(row.get(column))));
                }
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** The widest cell that another follows. */
    private int width(int column) {
        return rows.stream()
                .filter(row -> row.size() > column + 1)
                .mapToInt(row -> length(row.get(column)))
                .max()
                .orElse(0);
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
