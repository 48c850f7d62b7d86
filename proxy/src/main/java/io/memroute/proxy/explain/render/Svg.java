package io.memroute.proxy.explain.render;

import io.memroute.proxy.explain.Drawing;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A {@link Drawing} as an SVG image: boxes in columns from left to right, joined by curves. Needs no other program. */
public final class Svg {

    /** Font sizes in pixels. */
    private static final double TITLE = 13;

    private static final double DETAIL = 10.5;
    private static final double ROLE = 10;
    /** The distance from one role to the next below it. */
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
                .mapToDouble(edge -> TextWidth.of(edge.label(), ROLE))
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
        return Math.max(
                TextWidth.of(of.title(), TITLE), TextWidth.of(of.detail().strip(), DETAIL));
    }

    private String write() {
        StringBuilder text =
                new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$.0f" height="%2$.0f" viewBox="0 0 %1$.0f %2$.0f" \
                font-family="Helvetica, Arial, sans-serif">
                <style>
                .edge { fill: none; stroke: #7b8794; stroke-width: 1.2 }
                .role { font-size: %3$.1fpx; fill: #52606d; paint-order: stroke; stroke: #fff; stroke-width: 3px }
                .title { font-size: %4$.1fpx; fill: #1f2933 }
                .detail { font-size: %5$.1fpx; fill: #52606d }
                .box { stroke: #52606d; stroke-width: 1 }
                .listener { fill: #d9e2ec } .rule { fill: #fff; stroke: none } .route { fill: #e3f8ff }
                .pool { fill: #fff3c4 } .embedded { fill: #eae2f8 } .backend { fill: #e3f9e5 }
                </style>
                <rect width="100%%" height="100%%" fill="#fff"/>
                """, totalWidth, totalHeight, ROLE, TITLE, DETAIL));
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
            writeText(
                    text,
                    "role",
                    x[node] - ROLE_MARGIN,
                    top + i * ROLE_LINE,
                    "end",
                    ROLE,
                    edges.get(i).label());
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
        writeText(text, "title", middle, y[index] + (two ? -2 : 4.5), "middle", TITLE, node.title());
        if (two) {
            writeText(
                    text,
                    "detail",
                    middle,
                    y[index] + 12,
                    "middle",
                    DETAIL,
                    node.detail().strip());
        }
    }

    /** Writes a text with its width, which it keeps where another font is used. */
    private static void writeText(
            StringBuilder text, String kind, double x, double y, String anchor, double fontSize, String label) {
        text.append(String.format(
                Locale.ROOT,
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" textLength=\"%.1f\""
                        + " lengthAdjust=\"spacingAndGlyphs\">%s</text>\n",
                kind,
                x,
                y,
                anchor,
                TextWidth.of(label, fontSize),
                escaped(label)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
