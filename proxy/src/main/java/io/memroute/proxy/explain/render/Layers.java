package io.memroute.proxy.explain.render;

import io.memroute.proxy.explain.Drawing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A layered layout of a {@link Drawing}, from left to right: each node one column to the right of the last that points
 * to it, backends and the embedded store in the last. Within a column nodes stand at the mean height of their
 * neighbours, swept forth and back, which keeps most edges from crossing (Sugiyama, Tagawa and Toda, 1981, with the
 * barycenter heuristic).
 */
final class Layers {

    /** Sweeps after which the order of real configurations changes no more. */
    private static final int SWEEPS = 8;

    private final Drawing drawing;
    private final int[] column;
    private final List<List<Integer>> columns = new ArrayList<>();
    private final double[] height;

    private Layers(Drawing drawing) {
        this.drawing = drawing;
        this.column = new int[drawing.nodes().size()];
        this.height = new double[drawing.nodes().size()];
    }

    static Layers of(Drawing drawing) {
        Layers layers = new Layers(drawing);
        layers.assignColumns();
        layers.order();
        return layers;
    }

    int columns() {
        return columns.size();
    }

    /** The nodes of a column from top to bottom. */
    List<Integer> column(int index) {
        return columns.get(index);
    }

    int columnOf(int node) {
        return column[node];
    }

    private void assignColumns() {
        // The graph has no cycles; as many passes as the longest path settle every node.
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Drawing.Edge edge : drawing.edges()) {
                if (column[edge.to()] <= column[edge.from()]) {
                    column[edge.to()] = column[edge.from()] + 1;
                    changed = true;
                }
            }
        }
        alignRight(Drawing.Kind.POOL);
        int last = Arrays.stream(column).max().orElse(0);
        for (int i = 0; i < column.length; i++) {
            Drawing.Kind kind = drawing.nodes().get(i).kind();
            if (kind == Drawing.Kind.BACKEND || kind == Drawing.Kind.EMBEDDED) {
                column[i] = last;
            }
        }
        for (int i = 0; i <= last; i++) {
            columns.add(new ArrayList<>());
        }
        for (int i = 0; i < column.length; i++) {
            columns.get(column[i]).add(i);
        }
    }

    /** Puts all nodes of a kind into the column of the rightmost of them, and backends behind it. */
    private void alignRight(Drawing.Kind kind) {
        int right = 0;
        for (int i = 0; i < column.length; i++) {
            if (drawing.nodes().get(i).kind() == kind) {
                right = Math.max(right, column[i]);
            }
        }
        for (int i = 0; i < column.length; i++) {
            if (drawing.nodes().get(i).kind() == kind) {
                column[i] = right;
            } else if (drawing.nodes().get(i).kind() == Drawing.Kind.BACKEND) {
                column[i] = Math.max(column[i], right + 1);
            }
        }
    }

    private void order() {
        columns.forEach(this::number);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean forth = sweep % 2 == 0;
            for (int i = 0; i < columns.size(); i++) {
                List<Integer> nodes = columns.get(forth ? i : columns.size() - 1 - i);
                double[] mean = new double[column.length];
                for (int node : nodes) {
                    mean[node] = mean(node, forth);
                }
                nodes.sort(Comparator.comparingDouble(node -> mean[node]));
                number(nodes);
            }
        }
    }

    /** Heights are relative to the column, so that columns of different length compare. */
    private void number(List<Integer> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            height[nodes.get(i)] = (i + 0.5) / nodes.size();
        }
    }

    /** The mean height of a node's neighbours on one side; its own if it has none there. */
    private double mean(int node, boolean before) {
        return drawing.edges().stream()
                .filter(edge -> (before ? edge.to() : edge.from()) == node)
                .mapToDouble(edge -> height[before ? edge.from() : edge.to()])
                .average()
                .orElse(height[node]);
    }
}
