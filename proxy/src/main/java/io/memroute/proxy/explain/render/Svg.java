package io.memroute.proxy.explain.render;

import io.memroute.proxy.explain.Drawing;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A {@link Drawing} as an SVG image: boxes in columns from left to right, joined by curves. Needs no other program. */
public final class Svg {

    /**
     * Mean width of a character at the title's font size, and at the detail's, generous so that text stays in its box.
     */
    private static final double TITLE_CHAR = 7.3;

    private static final double DETAIL_CHAR = 5.9;
    private static final double ROLE_CHAR = 6.2;
    /** From one role to the next below it. */
    private static final int ROLE_LINE = 12;
    /** Between a role and what it is written beside. */
    private static final int ROLE_MARGIN = 8;

    private static final int ROW = 54;
    private static final int BOX = 38;
    private static final int PADDING = 12;
    private static final int COLUMN_GAP = 70;
    private static final int MARGIN = 20;

    private final Drawing drawing;
    private final Layers layers;
    private final double[] x;
    private final double[] y;
    private final double[] width;
    private double totalWidth = MARGIN;
    private double totalHeight;

    private Svg(Drawing drawing) {
        this.drawing = drawing;
        this.layers = Layers.of(drawing);
        int nodes = drawing.nodes().size();
        this.x = new double[nodes];
        this.y = new double[nodes];
        this.width = new double[nodes];
    }

    public static String of(Drawing drawing) {
        Svg svg = new Svg(drawing);
        svg.place();
        return svg.write();
    }

    private void place() {
        double highest = 0;
        for (int i = 0; i < layers.columns(); i++) {
            highest = Math.max(
                    highest, layers.column(i).stream().mapToDouble(this::height).sum());
        }
        totalHeight = 2.0 * MARGIN + Math.max(ROW, highest);
        for (int i = 0; i < layers.columns(); i++) {
            totalWidth += i > 0 ? gapBefore(i) : 0;
            placeColumn(layers.column(i));
        }
        totalWidth += MARGIN;
    }

    private void placeColumn(List<Integer> nodes) {
        double widest = nodes.stream().mapToDouble(this::textWidth).max().orElse(0) + 2 * PADDING;
        double needed = nodes.stream().mapToDouble(this::height).sum();
        double spare = (totalHeight - 2 * MARGIN - needed) / Math.max(1, nodes.size());
        double top = MARGIN;
        for (int node : nodes) {
            double step = height(node) + spare;
            width[node] = widest;
            x[node] = totalWidth;
            y[node] = top + step / 2;
            top += step;
        }
        totalWidth += widest;
    }

    /** A node with many roles at its side needs as much room as they do. */
    private double height(int node) {
        return Math.max(ROW, roles(node).size() * ROLE_LINE + ROLE_MARGIN);
    }

    /** Roles stand before the column of their targets, and nothing else does but edges. */
    private double gapBefore(int column) {
        double longest = layers.column(column).stream()
                .flatMap(node -> roles(node).stream())
                .mapToDouble(edge -> edge.label().length() * ROLE_CHAR)
                .max()
                .orElse(0);
        return Math.max(COLUMN_GAP, longest + 3 * ROLE_MARGIN);
    }

    /** The edges to a node that have a role. */
    private List<Drawing.Edge> roles(int node) {
        return drawing.edges().stream()
                .filter(edge -> edge.to() == node && !edge.label().isEmpty())
                .toList();
    }

    private double textWidth(int node) {
        Drawing.Node of = drawing.nodes().get(node);
        return Math.max(of.title().length() * TITLE_CHAR, of.detail().length() * DETAIL_CHAR);
    }

    private String write() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$.0f" height="%2$.0f" viewBox="0 0 %1$.0f %2$.0f" \
                font-family="Helvetica, Arial, sans-serif">
                <style>
                .edge { fill: none; stroke: #7b8794; stroke-width: 1.2 }
                .role { font-size: 10px; fill: #52606d; paint-order: stroke; stroke: #fff; stroke-width: 3px }
                .title { font-size: 13px; fill: #1f2933 }
                .detail { font-size: 10.5px; fill: #52606d }
                .box { stroke: #52606d; stroke-width: 1 }
                .listener { fill: #d9e2ec } .rule { fill: #fff; stroke: none } .route { fill: #e3f8ff }
                .pool { fill: #fff3c4 } .embedded { fill: #eae2f8 } .backend { fill: #e3f9e5 }
                </style>
                <rect width="100%%" height="100%%" fill="#fff"/>
                """, totalWidth, totalHeight));
        drawing.edges().forEach(edge -> writeEdge(text, edge));
        for (int i = 0; i < drawing.nodes().size(); i++) {
            writeNode(text, i);
        }
        // Above boxes and edges, so that crossing lines do not hide them.
        for (int i = 0; i < drawing.nodes().size(); i++) {
            writeRoles(text, i);
        }
        return text.append("</svg>\n").toString();
    }

    private void writeEdge(StringBuilder text, Drawing.Edge edge) {
        double fromX = x[edge.from()] + width[edge.from()];
        double toX = x[edge.to()];
        // Bends within the gaps beside the columns, so that an edge over several columns is straight between.
        double bend = COLUMN_GAP * 0.6;
        text.append(String.format(
                Locale.ROOT,
                "<path class=\"edge\" d=\"M%.1f %.1f C%.1f %.1f %.1f %.1f %.1f %.1f\"/>\n",
                fromX,
                y[edge.from()],
                fromX + bend,
                y[edge.from()],
                toX - bend,
                y[edge.to()],
                toX,
                y[edge.to()]));
    }

    /** The roles at a node stand below each other, in the order in which their edges come from above. */
    private void writeRoles(StringBuilder text, int node) {
        List<Drawing.Edge> edges = roles(node).stream()
                .sorted(Comparator.comparingDouble(edge -> y[edge.from()]))
                .toList();
        double top = y[node] - 4 - ROLE_LINE * (edges.size() - 1) / 2.0;
        for (int i = 0; i < edges.size(); i++) {
            text.append(String.format(
                    Locale.ROOT,
                    "<text class=\"role\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                    x[node] - ROLE_MARGIN,
                    top + i * ROLE_LINE,
                    escaped(edges.get(i).label())));
        }
    }

    private void writeNode(StringBuilder text, int index) {
        Drawing.Node node = drawing.nodes().get(index);
        double middle = x[index] + width[index] / 2;
        int round = node.kind() == Drawing.Kind.ROUTE || node.kind() == Drawing.Kind.EMBEDDED ? 10 : 2;
        text.append(String.format(
                Locale.ROOT,
                "<rect class=\"box %s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"%d\"/>\n",
                node.kind().name().toLowerCase(Locale.ROOT),
                x[index],
                y[index] - BOX / 2.0,
                width[index],
                BOX,
                round));
        boolean two = !node.detail().isBlank();
        text.append(String.format(
                Locale.ROOT,
                "<text class=\"title\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n",
                middle,
                y[index] + (two ? -2 : 4.5),
                escaped(node.title())));
        if (two) {
            text.append(String.format(
                    Locale.ROOT,
                    "<text class=\"detail\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n",
                    middle,
                    y[index] + 12,
                    escaped(node.detail().strip())));
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
