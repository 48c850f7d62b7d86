package io.memroute.proxy.explain.render;

import java.util.ArrayList;
import java.util.List;

/** A tree drawn with line characters, with further columns behind each node that line up. */
final class TextTree {

    private final String[] cells;
    private final List<TextTree> children = new ArrayList<>();

    /** @param cells the node's name, then its columns */
    TextTree(String... cells) {
        this.cells = cells.clone();
    }

    /** Adds a child and returns it. */
    TextTree add(TextTree child) {
        children.add(child);
        return child;
    }

    TextTree add(String... itsCells) {
        return add(new TextTree(itsCells));
    }

    String render() {
        TextTable table = new TextTable();
        collect(table, "", "");
        return table.render();
    }

    private void collect(TextTable into, String before, String beforeChildren) {
        String[] row = cells.clone();
        row[0] = before + row[0];
        into.continuedRow(beforeChildren + (children.isEmpty() ? "" : "│"), row);
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1;
            children.get(i)
                    .collect(into, beforeChildren + (last ? "└─ " : "├─ "), beforeChildren + (last ? "   " : "│  "));
        }
    }
}
