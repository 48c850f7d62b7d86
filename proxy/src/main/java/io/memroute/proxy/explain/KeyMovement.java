package io.memroute.proxy.explain;

import io.memroute.protocol.Command;
import io.memroute.protocol.Request;
import io.memroute.proxy.config.PrefixRule;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.handler.RoutePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds, entry by entry of the new route trees, the share of keys that gets will look for on other backends. Keys from
 * a file are routed as they are; generated ones are put under each entry's prefix.
 */
final class KeyMovement {

    private final RoutePlan before;
    private final RoutePlan after;
    private final KeySample sample;

    KeyMovement(RoutePlan before, RoutePlan after, KeySample sample) {
        this.before = before;
        this.after = after;
        this.sample = sample;
    }

    /** Entries that no key of the sample takes, and those nothing changes for, are left out. */
    List<Plan.Moved> byRule() {
        List<Plan.Moved> moved = new ArrayList<>();
        for (RouteTree tree : after.config().trees()) {
            Optional<RouteTree> old = Plan.ofTag(before.config(), tree.tag());
            if (old.isPresent() && !sameDestinations(old.get(), tree)) {
                moved.addAll(new TreeMovement(old.get(), tree).byRule());
            }
        }
        return moved.stream().filter(rule -> rule.keysMoved() > 0).toList();
    }

    private static boolean sameDestinations(RouteTree old, RouteTree now) {
        return withoutPlaces(old).equals(withoutPlaces(now));
    }

    /** Trees hold their pools and backends; where something stands in a file does not matter. */
    private static String withoutPlaces(RouteTree tree) {
        return tree.toString().replaceAll("SourceLocation\\[[^\\]]*\\]|where=[^,\\]]*", "");
    }

    private final class TreeMovement {
        private final RouteTree tree;
        private final Rule.Finder oldRules;
        private final Rule.Finder newRules;
        private final FirstAsked oldBackends = new FirstAsked(before);
        private final FirstAsked newBackends = new FirstAsked(after);
        private final Map<String, int[]> counts = new LinkedHashMap<>();
        private final List<String> was = new ArrayList<>();
        private final List<String> is = new ArrayList<>();

        TreeMovement(RouteTree old, RouteTree tree) {
            this.tree = tree;
            this.oldRules = new Rule.Finder(old);
            this.newRules = new Rule.Finder(tree);
        }

        List<Plan.Moved> byRule() {
            if (sample.isFromFile()) {
                sample.forEach("", this::countRouted);
            } else {
                prefixesOfRules().forEach(this::countGenerated);
            }
            List<Plan.Moved> moved = new ArrayList<>();
            counts.forEach((rule, count) -> moved.add(new Plan.Moved(tree.tag(), rule, count[0], count[1])));
            return moved;
        }

        /** Returns prefixes for generated keys, so that they reach each entry that gets can reach. */
        private List<String> prefixesOfRules() {
            PrefixRule conf = tree.prefixRule();
            List<String> prefixes = new ArrayList<>();
            tree.map().forEach((prefix, commands) -> {
                if (commands.route(Command.GET).isPresent()) {
                    prefixes.add(conf.start() + prefix + conf.stop());
                }
            });
            prefixes.add("");
            return prefixes;
        }

        private void countRouted(Request request) {
            newRules.find(request).ifPresent(now -> count(request, oldRules.find(request), now));
        }

        /** Keys that begin alike take the same entry, so it is looked for once. */
        private void countGenerated(String prefix) {
            @Nullable Rule[] old = new Rule[1];
            @Nullable Rule[] now = new Rule[1];
            KeySample.generated(1).forEach(prefix, request -> {
                old[0] = oldRules.find(request).orElse(null);
                now[0] = newRules.find(request).orElse(null);
            });
            Rule is = now[0];
            if (is != null) {
                Optional<Rule> was = Optional.ofNullable(old[0]);
                sample.forEach(prefix, request -> count(request, was, is));
            }
        }

        private void count(Request request, Optional<Rule> oldRule, Rule newRule) {
            was.clear();
            is.clear();
            if (oldRule.isPresent()) {
                oldBackends.collect(oldRule.get().route(), request, was);
            }
            newBackends.collect(newRule.route(), request, is);
            int[] count = counts.computeIfAbsent(newRule.name(), added -> new int[2]);
            count[0]++;
            if (!was.containsAll(is)) {
                count[1]++;
            }
        }
    }
}
