package io.memroute.proxy.explain.render;

import io.memroute.proxy.explain.Outline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An {@link Outline} as a tree for a terminal. */
public final class OutlineText {

    private OutlineText() {}

    /** @param name of the configuration */
    public static String of(String name, Outline outline) {
        TextTree root = new TextTree(name);
        root.add("settings", Outline.shown(outline.settings()));
        outline.access().ifPresent(access -> addAccess(root.add("access"), access));
        if (!outline.quotas().isEmpty()) {
            TextTree quotas = root.add("quotas");
            outline.quotas()
                    .forEach(quota -> quotas.add(
                            String.join(", ", quota.who()), quota.where().toString(), Outline.shown(quota.limits())));
        }
        List<Outline.Backend> all = outline.pools().stream()
                .flatMap(pool -> pool.backends().stream())
                .toList();
        Map<String, Object> everywhere = common(all);
        if (!all.isEmpty()) {
            root.add("all backends", Outline.shown(everywhere));
        }
        TextTree pools = root.add("pools");
        outline.pools().forEach(pool -> addPool(pools, pool, everywhere.keySet()));
        for (Outline.Tree tree : outline.trees()) {
            String tag = tree.tag().isEmpty() ? "routes" : "routes, tag \"" + tree.tag() + "\"";
            TextTree routes = root.add(tag, tree.where().toString(), Outline.shown(tree.options()));
            tree.rules().forEach(rule -> routes.add(node(rule.name() + ": ", rule.route())));
        }
        return root.render();
    }

    private static void addAccess(TextTree access, Outline.Access rules) {
        for (Outline.AccessEntry rule : rules.rules()) {
            access.add(
                    String.join(", ", rule.who()),
                    rule.where().toString(),
                    rule.decision() + " " + String.join(", ", rule.commands())
                            + (rule.keys().isEmpty() ? "" : "; keys " + String.join(", ", rule.keys())));
        }
        access.add("default", "", rules.otherwise());
    }

    /** The options that all of some backends have alike. */
    private static Map<String, Object> common(List<Outline.Backend> backends) {
        Map<String, Object> common = new LinkedHashMap<>();
        if (!backends.isEmpty()) {
            backends.getFirst().options().forEach((name, value) -> {
                if (backends.stream()
                        .allMatch(backend -> value.equals(backend.options().get(name)))) {
                    common.put(name, value);
                }
            });
        }
        return common;
    }

    /** Options stand as far up as they are common to all below. */
    private static void addPool(TextTree pools, Outline.Pool pool, Set<String> shownAbove) {
        Map<String, Object> options = new LinkedHashMap<>(pool.options());
        Map<String, Object> common = common(pool.backends());
        common.keySet().removeAll(shownAbove);
        options.putAll(common);
        TextTree tree = pools.add(pool.name(), pool.where().toString(), Outline.shown(options));
        for (Outline.Backend backend : pool.backends()) {
            Map<String, Object> own = new LinkedHashMap<>();
            backend.label().ifPresent(label -> own.put("label", label));
            own.putAll(backend.options());
            own.keySet().removeAll(shownAbove);
            own.keySet().removeAll(common.keySet());
            tree.add(backend.address(), "", Outline.shown(own));
        }
    }

    private static TextTree node(String role, Outline.Node route) {
        TextTree tree =
                new TextTree(role + route.handler(), route.where().toString(), Outline.shown(route.arguments()));
        for (Outline.Child child : route.children()) {
            String itsRole = child.role() + ": ";
            switch (child.target()) {
                case Outline.PoolNamed(String pool) -> tree.add(itsRole + "pool " + pool);
                case Outline.Embedded() -> tree.add(itsRole + "internal");
                case Outline.Nested(Outline.Node nested) -> tree.add(node(itsRole, nested));
            }
        }
        return tree;
    }
}
