package io.memroute.proxy.explain;

import io.memroute.proxy.handler.Words;
import io.memroute.proxy.text.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An {@link Outline} as a graph: listeners, the entries of their trees, routes, pools, backends; each of them once, a
 * route too that stands in several places.
 *
 * @param nodes an edge leads from an earlier node to a later one, except into what several edges lead to
 */
public record Drawing(List<Node> nodes, List<Edge> edges) {

    /** The kinds of nodes. */
    public enum Kind {
        LISTENER,
        RULE,
        ROUTE,
        POOL,
        EMBEDDED,
        BACKEND
    }

    /**
     * @param title the first line
     * @param detail a second line; may be empty
     */
    public record Node(Kind kind, String title, String detail) {
        public Node {
            title = Shown.text(title);
            detail = Shown.text(detail);
        }
    }

    /**
     * Indexes into {@link Drawing#nodes}.
     *
     * @param label the role of the child; empty where there is only one
     */
    public record Edge(int from, int to, String label) {
        public Edge {
            label = Shown.text(label);
        }
    }

    public Drawing {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    public static Drawing of(Outline outline) {
        return new Builder(outline).build();
    }

    private static final class Builder {
        private final Outline outline;
        private final List<Node> nodes = new ArrayList<>();
        private final List<Edge> edges = new ArrayList<>();
        private final Map<String, Integer> pools = new HashMap<>();
        private final Map<Outline.Node, Integer> routes = new HashMap<>();
        private final Map<String, Integer> backends = new HashMap<>();
        private int embedded = -1;

        Builder(Outline outline) {
            this.outline = outline;
        }

        Drawing build() {
            for (Outline.Tree tree : outline.trees()) {
                int listener = add(Kind.LISTENER, tree.tag().isEmpty() ? "listeners" : "tag " + tree.tag(), "");
                for (Outline.Entry rule : tree.rules()) {
                    int entry = add(Kind.RULE, rule.name(), "");
                    edges.add(new Edge(listener, entry, ""));
                    edges.add(new Edge(entry, route(rule.route()), ""));
                }
            }
            // Pools that no route reaches are drawn too.
            outline.pools().forEach(pool -> pool(pool.name()));
            return new Drawing(nodes, edges);
        }

        private int add(Kind kind, String title, String detail) {
            nodes.add(new Node(kind, title, detail));
            return nodes.size() - 1;
        }

        private int route(Outline.Node route) {
            Integer known = routes.get(route);
            if (known != null) {
                return known;
            }
            int node = add(Kind.ROUTE, route.handler(), String.join(", ", arguments(route)));
            routes.put(route, node);
            boolean several = route.children().size() > 1;
            for (Outline.Child child : route.children()) {
                int target = switch (child.target()) {
                    case Outline.PoolNamed(String pool) -> pool(pool);
                    case Outline.Embedded() -> embedded();
                    case Outline.Nested(Outline.Node nested) -> route(nested);
                };
                edges.add(new Edge(node, target, several ? child.role() : ""));
            }
            return node;
        }

        /** Returns the arguments that set a route apart from others of its kind: all but switches that are off. */
        private static List<String> arguments(Outline.Node route) {
            List<String> shown = new ArrayList<>();
            route.arguments().forEach((name, value) -> {
                if (!value.equals(false) && !value.equals("") && !name.equals("weights")) {
                    shown.add(
                            value.equals(true)
                                    ? name
                                    : name + " " + Words.value(value).replace("\"", ""));
                }
            });
            return shown;
        }

        private int embedded() {
            if (embedded < 0) {
                embedded = add(Kind.EMBEDDED, "internal", "the proxy's memory");
            }
            return embedded;
        }

        private int pool(String name) {
            Integer known = pools.get(name);
            if (known != null) {
                return known;
            }
            Outline.Pool pool = outline.pools().stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            int node = add(Kind.POOL, name, detail(pool));
            pools.put(name, node);
            for (Outline.Backend backend : pool.backends()) {
                int place = backends.computeIfAbsent(
                        backend.address(),
                        address -> add(
                                Kind.BACKEND,
                                address,
                                backend.label().orElse("")
                                        + (Boolean.TRUE.equals(backend.options().get("down")) ? " down" : "")));
                Edge edge = new Edge(node, place, "");
                if (!edges.contains(edge)) {
                    edges.add(edge);
                }
            }
            return node;
        }

        private static String detail(Outline.Pool pool) {
            List<String> words = new ArrayList<>();
            for (String name : List.of("dist", "filter", "filter_conf", "seed")) {
                Object value = pool.options().get(name);
                if (value != null && !value.equals("jump_hash")) {
                    words.add(name.equals("dist") ? value.toString() : name + " " + value);
                }
            }
            return String.join(", ", words);
        }
    }
}
