package io.memroute.proxy.explain.render;

import io.memroute.proxy.explain.Drawing;

/** A {@link Drawing} in the language of Graphviz. */
public final class Dot {

    private Dot() {}

    public static String of(Drawing drawing) {
        StringBuilder text = new StringBuilder("""
                digraph memroute {
                  rankdir=LR;
                  node [shape=box, fontname="sans-serif", fontsize=11];
                  edge [fontname="sans-serif", fontsize=9];
                """);
        for (int i = 0; i < drawing.nodes().size(); i++) {
            Drawing.Node node = drawing.nodes().get(i);
            String label = quoted(node.title()) + (node.detail().isBlank() ? "" : "\\n" + quoted(node.detail()));
            text.append("  n")
                    .append(i)
                    .append(" [label=\"")
                    .append(label)
                    .append('"')
                    .append(style(node.kind()))
                    .append("];\n");
        }
        for (Drawing.Edge edge : drawing.edges()) {
            text.append("  n").append(edge.from()).append(" -> n").append(edge.to());
            if (!edge.label().isEmpty()) {
                text.append(" [label=\"").append(quoted(edge.label())).append("\"]");
            }
            text.append(";\n");
        }
        return text.append("}\n").toString();
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String style(Drawing.Kind kind) {
        return switch (kind) {
            case LISTENER -> ", shape=cds";
            case RULE -> ", shape=plaintext";
            case ROUTE -> ", style=rounded";
            case POOL -> ", shape=folder";
            case EMBEDDED -> ", shape=cylinder";
            case BACKEND -> ", shape=box3d";
        };
    }
}
