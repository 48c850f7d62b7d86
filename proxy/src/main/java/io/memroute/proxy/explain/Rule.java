package io.memroute.proxy.explain;

import io.memroute.protocol.Command;
import io.memroute.protocol.Request;
import io.memroute.proxy.config.CommandMap;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.route.PrefixTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An entry of a route tree: what must hold for a request to take a route.
 *
 * @param kind the part of {@code routes{}} that it stands in
 * @param prefix the key prefix; empty unless in {@code map}
 * @param command the only command it is for; empty: every command not named beside it
 */
public record Rule(Kind kind, Optional<String> prefix, Optional<Command> command, RouteSpec route) {

    /** The kinds in the order in which they are looked at. */
    public enum Kind {
        MAP,
        CMAP,
        DEFAULT
    }

    /** The entry as one would say it: {@code map.user.get}, {@code cmap.set}, {@code default}. */
    public String name() {
        return switch (kind) {
            case MAP ->
                "map." + prefix.orElseThrow()
                        + command.map(one -> "." + one.word()).orElse("");
            case CMAP -> "cmap." + command.orElseThrow().word();
            case DEFAULT -> "default";
        };
    }

    /** Every entry of a tree, in the order in which they are looked at. */
    public static List<Rule> of(RouteTree tree) {
        List<Rule> rules = new ArrayList<>();
        tree.map().forEach((prefix, commands) -> {
            commands.routes()
                    .forEach((command, route) ->
                            rules.add(new Rule(Kind.MAP, Optional.of(prefix), Optional.of(command), route)));
            commands.all()
                    .ifPresent(route -> rules.add(new Rule(Kind.MAP, Optional.of(prefix), Optional.empty(), route)));
        });
        tree.cmap()
                .forEach((command, route) ->
                        rules.add(new Rule(Kind.CMAP, Optional.empty(), Optional.of(command), route)));
        tree.defaultRoute()
                .ifPresent(route -> rules.add(new Rule(Kind.DEFAULT, Optional.empty(), Optional.empty(), route)));
        return rules;
    }

    /**
     * The tree that requests of a listener take: that of its tag, else the untagged one; empty: the embedded store
     * answers.
     */
    public static Optional<RouteTree> tree(ProxyConfig config, String tag) {
        return config.trees().stream()
                .filter(tree -> tree.tag().equals(tag) || tree.tag().isEmpty())
                .max(Comparator.comparing(tree -> tree.tag().equals(tag)));
    }

    /** Finds the entries that requests take, looking prefixes up as a running proxy does. */
    static final class Finder {
        private final RouteTree tree;
        private final PrefixTable<Map.Entry<String, CommandMap>> prefixes;

        Finder(RouteTree tree) {
            this.tree = tree;
            Map<String, Map.Entry<String, CommandMap>> entries = new HashMap<>();
            tree.map().entrySet().forEach(entry -> entries.put(entry.getKey(), entry));
            this.prefixes = new PrefixTable<>(tree.prefixRule(), entries);
        }

        /** The entry for a storage command; empty if there is none. */
        Optional<Rule> find(Request request) {
            Command command = request.command();
            Map.Entry<String, CommandMap> entry = prefixes.find(request);
            if (entry != null) {
                Optional<RouteSpec> route = entry.getValue().route(command);
                if (route.isPresent()) {
                    boolean named = entry.getValue().routes().containsKey(command);
                    return Optional.of(new Rule(
                            Kind.MAP,
                            Optional.of(entry.getKey()),
                            named ? Optional.of(command) : Optional.empty(),
                            route.get()));
                }
            }
            RouteSpec byCommand = tree.cmap().get(command);
            if (byCommand != null) {
                return Optional.of(new Rule(Kind.CMAP, Optional.empty(), Optional.of(command), byCommand));
            }
            return tree.defaultRoute().map(route -> new Rule(Kind.DEFAULT, Optional.empty(), Optional.empty(), route));
        }

        /** The prefix of a request's key that has entries in {@code map}; empty if it has none. */
        Optional<String> knownPrefix(Request request) {
            return Optional.ofNullable(prefixes.find(request)).map(Map.Entry::getKey);
        }
    }
}
