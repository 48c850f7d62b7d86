package io.memroute.proxy.explain;

import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.PrefixRule;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.handler.HandlerSpec;
import io.memroute.proxy.handler.Shown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares route trees entry by entry, each route written on one line. */
final class RuleChanges {

    private RuleChanges() {}

    static List<Plan.RuleChange> between(ProxyConfig before, ProxyConfig after) {
        Set<String> tags = new LinkedHashSet<>();
        after.trees().forEach(tree -> tags.add(tree.tag()));
        before.trees().forEach(tree -> tags.add(tree.tag()));
        List<Plan.RuleChange> changes = new ArrayList<>();
        for (String tag : tags) {
            Map<String, String> old =
                    Plan.ofTag(before, tag).map(RuleChanges::lines).orElse(Map.of());
            Map<String, String> now =
                    Plan.ofTag(after, tag).map(RuleChanges::lines).orElse(Map.of());
            Set<String> rules = new LinkedHashSet<>(now.keySet());
            rules.addAll(old.keySet());
            for (String rule : rules) {
                Optional<String> was = Optional.ofNullable(old.get(rule));
                Optional<String> is = Optional.ofNullable(now.get(rule));
                if (!was.equals(is)) {
                    changes.add(new Plan.RuleChange(tag, rule, was, is));
                }
            }
        }
        return changes;
    }

    private static Map<String, String> lines(RouteTree tree) {
        Map<String, String> lines = new LinkedHashMap<>();
        if (!tree.map().isEmpty()) {
            lines.put("conf", conf(tree.prefixRule()));
        }
        if (tree.missOnError()) {
            lines.put("miss_on_error", "true");
        }
        Rule.of(tree).forEach(rule -> lines.put(rule.name(), line(rule.route())));
        return lines;
    }

    private static String conf(PrefixRule rule) {
        String start = rule.mode() == PrefixRule.Mode.ANCHOR ? ", start = \"" + rule.start() + "\"" : "";
        return "mode = \"" + (rule.mode() == PrefixRule.Mode.ANCHOR ? "anchor" : "prefix") + "\"" + start
                + ", stop = \"" + rule.stop() + "\"";
    }

    /** A route as a configuration would have it, children as names where they are pools. */
    static String line(RouteSpec route) {
        HandlerSpec handler = HandlerSpec.of(route);
        List<String> words = new ArrayList<>();
        handler.children().forEach(child -> words.add(child.zone() + " = " + child(child.child())));
        Shown.of(handler).forEach((name, value) -> words.add(name + " = " + Options.shown(value)));
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
