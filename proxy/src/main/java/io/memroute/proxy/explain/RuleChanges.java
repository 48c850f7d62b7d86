package io.memroute.proxy.explain;

import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.PrefixRule;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.handler.HandlerSpec;
import io.memroute.proxy.handler.Shown;
import io.memroute.proxy.handler.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares route trees entry by entry, and routes of one handler argument by argument. */
final class RuleChanges {

    private RuleChanges() {}

    static List<Plan.RuleChange> between(ProxyConfig before, ProxyConfig after) {
        Set<String> tags = new LinkedHashSet<>();
        after.trees().forEach(tree -> tags.add(tree.tag()));
        before.trees().forEach(tree -> tags.add(tree.tag()));
        List<Plan.RuleChange> changes = new ArrayList<>();
        for (String tag : tags) {
            Optional<RouteTree> old = Plan.ofTag(before, tag);
            Optional<RouteTree> now = Plan.ofTag(after, tag);
            addOptions(tag, old, now, changes);
            addRoutes(tag, old, now, changes);
        }
        return changes;
    }

    /** Adds the changes of options that hold for a tree as a whole. */
    private static void addOptions(
            String tag, Optional<RouteTree> before, Optional<RouteTree> after, List<Plan.RuleChange> into) {
        Map<String, Object> old = before.map(RuleChanges::options).orElse(Map.of());
        Map<String, Object> now = after.map(RuleChanges::options).orElse(Map.of());
        Change.between(old, now)
                .forEach(change ->
                        into.add(new Plan.RuleChange(tag, change.name(), change.before(), change.after(), List.of())));
    }

    private static Map<String, Object> options(RouteTree tree) {
        Map<String, Object> options = new LinkedHashMap<>();
        if (!tree.map().isEmpty()) {
            options.put("conf", new Conf(tree.prefixRule()));
        }
        if (tree.missOnError()) {
            options.put("miss_on_error", true);
        }
        return options;
    }

    /** The rule that finds prefixes, as a configuration has it. */
    private record Conf(PrefixRule rule) {

        @Override
        public String toString() {
            String start = rule.mode() == PrefixRule.Mode.ANCHOR ? ", start = \"" + rule.start() + "\"" : "";
            return "mode = \"" + (rule.mode() == PrefixRule.Mode.ANCHOR ? "anchor" : "prefix") + "\"" + start
                    + ", stop = \"" + rule.stop() + "\"";
        }
    }

    private static void addRoutes(
            String tag, Optional<RouteTree> before, Optional<RouteTree> after, List<Plan.RuleChange> into) {
        Map<String, RouteSpec> old = before.map(RuleChanges::routes).orElse(Map.of());
        Map<String, RouteSpec> now = after.map(RuleChanges::routes).orElse(Map.of());
        Set<String> rules = new LinkedHashSet<>(now.keySet());
        rules.addAll(old.keySet());
        for (String rule : rules) {
            Optional<RouteSpec> was = Optional.ofNullable(old.get(rule));
            Optional<RouteSpec> is = Optional.ofNullable(now.get(rule));
            Optional<String> oldLine = was.map(RuleChanges::line);
            Optional<String> newLine = is.map(RuleChanges::line);
            if (!oldLine.equals(newLine)) {
                List<Change> changes = new ArrayList<>();
                if (was.isPresent()
                        && is.isPresent()
                        && was.get().handler().equals(is.get().handler())) {
                    compare("", HandlerSpec.of(was.get()), HandlerSpec.of(is.get()), changes);
                }
                into.add(new Plan.RuleChange(tag, rule, oldLine, newLine, changes));
            }
        }
    }

    private static Map<String, RouteSpec> routes(RouteTree tree) {
        Map<String, RouteSpec> routes = new LinkedHashMap<>();
        Rule.of(tree).forEach(rule -> routes.put(rule.name(), rule.route()));
        return routes;
    }

    /** Compares two routes of one handler; names begin with {@code path}. */
    private static void compare(String path, HandlerSpec before, HandlerSpec after, List<Change> into) {
        Map<String, ChildSpec> old = children(before);
        Map<String, ChildSpec> now = children(after);
        Set<String> names = new LinkedHashSet<>(old.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            ChildSpec was = old.get(name);
            ChildSpec is = now.get(name);
            if (was instanceof ChildSpec.RouteChild(RouteSpec oldRoute)
                    && is instanceof ChildSpec.RouteChild(RouteSpec newRoute)
                    && oldRoute.handler().equals(newRoute.handler())) {
                compare(path + name + ".", HandlerSpec.of(oldRoute), HandlerSpec.of(newRoute), into);
                continue;
            }
            Optional<String> oldText = Optional.ofNullable(was).map(RuleChanges::child);
            Optional<String> newText = Optional.ofNullable(is).map(RuleChanges::child);
            if (!oldText.equals(newText)) {
                into.add(new Change(path + name, oldText, newText));
            }
        }
        List<String> oldOrder = List.copyOf(old.keySet());
        List<String> newOrder = List.copyOf(now.keySet());
        if (old.keySet().equals(now.keySet()) && !oldOrder.equals(newOrder)) {
            into.add(new Change(
                    path + "order",
                    Optional.of(String.join(", ", oldOrder)),
                    Optional.of(String.join(", ", newOrder))));
        }
        Change.between(Shown.of(before), Shown.of(after))
                .forEach(change -> into.add(new Change(path + change.name(), change.before(), change.after())));
    }

    private static Map<String, ChildSpec> children(HandlerSpec route) {
        Map<String, ChildSpec> children = new LinkedHashMap<>();
        for (ZonedChild child : route.children()) {
            children.put(child.zone(), child.child());
        }
        return children;
    }

    /** A route as a configuration would have it, children as names where they are pools. */
    static String line(RouteSpec route) {
        HandlerSpec handler = HandlerSpec.of(route);
        List<String> words = new ArrayList<>();
        handler.children().forEach(child -> words.add(child.zone() + " = " + child(child.child())));
        Shown.of(handler).forEach((name, value) -> words.add(name + " = " + Words.value(value)));
        return words.stream().collect(Collectors.joining(", ", route.handler() + "{ ", " }"));
    }

    private static String child(ChildSpec child) {
        return switch (child) {
            case ChildSpec.PoolChild(PoolSpec pool) -> pool.name();
            case ChildSpec.InternalChild() -> PoolSpec.INTERNAL;
            case ChildSpec.RouteChild(RouteSpec nested) -> line(nested);
        };
    }
}
