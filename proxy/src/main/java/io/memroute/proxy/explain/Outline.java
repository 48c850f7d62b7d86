package io.memroute.proxy.explain;

import io.memroute.proxy.access.AccessRule;
import io.memroute.proxy.access.AccessRules;
import io.memroute.proxy.access.IdentityName;
import io.memroute.proxy.access.QuotaKind;
import io.memroute.proxy.access.QuotaRule;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.PrefixRule;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.placement.PoolOptionsLayer;
import io.memroute.proxy.config.placement.ShownSelection;
import io.memroute.proxy.config.reader.BackendOptions;
import io.memroute.proxy.config.reader.SettingsLayer;
import io.memroute.proxy.handler.HandlerSpec;
import io.memroute.proxy.handler.Shown;
import io.memroute.proxy.handler.Words;
import io.memroute.proxy.hash.ServerName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A whole configuration as it is in force: every default filled in, every name resolved.
 *
 * @param settings by name
 * @param access the rules about what clients may do; empty if there are none
 * @param quotas the limits on what clients may use
 * @param pools the plain pools, then the members of sets
 */
public record Outline(
        Map<String, Object> settings,
        Optional<Access> access,
        List<QuotaEntry> quotas,
        List<Pool> pools,
        List<Tree> trees) {

    /** @param otherwise {@code allow} or {@code deny}: what becomes of a request that no rule is about */
    public record Access(List<AccessEntry> rules, String otherwise) {}

    /** @param decision {@code allow} or {@code deny} */
    public record AccessEntry(
            List<String> who, String decision, List<String> commands, List<String> keys, SourceLocation where) {}

    /** @param limits by name, with what else is said of the limit */
    public record QuotaEntry(List<String> who, Map<String, Object> limits, SourceLocation where) {}

    /** @param options how keys pick backends, by name */
    public record Pool(String name, SourceLocation where, Map<String, Object> options, List<Backend> backends) {}

    /** @param label if it is not the address */
    public record Backend(String address, Optional<String> label, Map<String, Object> options) {}

    /**
     * @param tag {@code ""} for listeners without one
     * @param options how a key's prefix is found, if there is a {@code map}, and what else holds for the tree
     * @param rules in the order in which they are looked at
     */
    public record Tree(String tag, SourceLocation where, Map<String, Object> options, List<Entry> rules) {}

    /** @param name as {@link Rule#name} */
    public record Entry(String name, Node route) {}

    /** @param arguments by name, children left out */
    public record Node(String handler, SourceLocation where, Map<String, Object> arguments, List<Child> children) {}

    /** @param role the argument, or the zone or position in {@code children} */
    public record Child(String role, Target target) {}

    /** A target of a route. */
    public sealed interface Target {}

    /** A pool of {@link Outline#pools}. */
    public record PoolNamed(String pool) implements Target {}

    /** The embedded store. */
    public record Embedded() implements Target {}

    /** Another route. */
    public record Nested(Node route) implements Target {}

    public static Outline of(ProxyConfig config) {
        return new Outline(
                SettingsLayer.shown(config.settings()),
                access(config.settings().clientRules().access()),
                config.settings().clientRules().quotas().stream()
                        .map(Outline::quota)
                        .toList(),
                config.allPools().map(Outline::pool).toList(),
                config.trees().stream().map(Outline::tree).toList());
    }

    private static Optional<Access> access(AccessRules rules) {
        return rules.equals(AccessRules.NONE)
                ? Optional.empty()
                : Optional.of(new Access(
                        rules.rules().stream().map(Outline::accessRule).toList(), decision(rules.allowOther())));
    }

    private static AccessEntry accessRule(AccessRule rule) {
        return new AccessEntry(
                rule.who().stream().map(IdentityName::toString).toList(),
                decision(rule.allows()),
                rule.commands(),
                rule.keys(),
                Judgement.place(rule.where()));
    }

    static QuotaEntry quota(QuotaRule rule) {
        Map<String, Object> limits = new LinkedHashMap<>();
        if (rule.each()) {
            limits.put("each", true);
        }
        if (!rule.keys().isEmpty()) {
            limits.put("keys", String.join(", ", rule.keys()));
        }
        rule.requests().ifPresent(limit -> limits.put(QuotaKind.REQUESTS.word(), limit));
        rule.bytes().ifPresent(limit -> limits.put(QuotaKind.BYTES.word(), limit));
        rule.inFlight().ifPresent(limit -> limits.put(QuotaKind.IN_FLIGHT.word(), limit));
        rule.connections().ifPresent(limit -> limits.put(QuotaKind.CONNECTIONS.word(), limit));
        limits.put("burst", rule.burstSeconds());
        limits.put("above", rule.missAbove() ? "miss" : "refuse");
        return new QuotaEntry(
                rule.who().stream().map(IdentityName::toString).toList(), limits, Judgement.place(rule.where()));
    }

    private static String decision(boolean allows) {
        return allows ? "allow" : "deny";
    }

    private static Pool pool(PoolSpec pool) {
        return new Pool(
                pool.name(),
                pool.where(),
                PoolOptionsLayer.shown(pool.options()),
                IntStream.range(0, pool.backends().size())
                        .mapToObj(i ->
                                backend(pool.backends().get(i), pool.servers().get(i)))
                        .toList());
    }

    private static Backend backend(BackendSpec backend, ServerName server) {
        Map<String, Object> options = new LinkedHashMap<>(ShownSelection.of(server));
        options.putAll(BackendOptions.shown(backend));
        return new Backend(backend.address(), Why.labelOf(backend), options);
    }

    private static Tree tree(RouteTree tree) {
        return new Tree(
                tree.tag(),
                tree.where(),
                options(tree),
                Rule.of(tree).stream()
                        .map(rule -> new Entry(rule.name(), node(rule.route())))
                        .toList());
    }

    private static Map<String, Object> options(RouteTree tree) {
        Map<String, Object> options = new LinkedHashMap<>();
        if (!tree.map().isEmpty()) {
            addPrefixes(tree.prefixRule(), options);
        }
        if (tree.missOnError()) {
            options.put("miss_on_error", true);
        }
        return options;
    }

    private static void addPrefixes(PrefixRule rule, Map<String, Object> options) {
        options.put("mode", rule.mode() == PrefixRule.Mode.ANCHOR ? "anchor" : "prefix");
        if (rule.mode() == PrefixRule.Mode.ANCHOR) {
            options.put("start", rule.start());
        }
        options.put("stop", rule.stop());
    }

    private static Node node(RouteSpec route) {
        HandlerSpec handler = HandlerSpec.of(route);
        return new Node(
                route.handler(),
                route.where(),
                Shown.of(handler),
                handler.children().stream()
                        .map(child -> new Child(child.zone(), target(child.child())))
                        .toList());
    }

    private static Target target(ChildSpec child) {
        return switch (child) {
            case ChildSpec.PoolChild(PoolSpec pool) -> new PoolNamed(pool.name());
            case ChildSpec.InternalChild() -> new Embedded();
            case ChildSpec.RouteChild(RouteSpec nested) -> new Nested(node(nested));
        };
    }

    /** {@code name = value, ...} as a configuration has it. */
    public static String shown(Map<String, Object> options) {
        StringBuilder text = new StringBuilder();
        options.forEach((name, value) -> text.append(text.isEmpty() ? "" : ", ")
                .append(name)
                .append(" = ")
                .append(Words.value(value)));
        return text.toString();
    }
}
