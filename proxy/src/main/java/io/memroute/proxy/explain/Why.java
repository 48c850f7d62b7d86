package io.memroute.proxy.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.protocol.Command;
import io.memroute.protocol.Request;
import io.memroute.proxy.access.IdentityName;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.PrefixRule;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.handler.CommonArguments;
import io.memroute.proxy.handler.HandlerSpec;
import io.memroute.proxy.handler.RoutePlan;
import io.memroute.proxy.hash.KeyDistributor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Explains where commands go under one configuration. Not thread safe. */
public final class Why {

    private final ProxyConfig config;
    private final RoutePlan plan;

    public Why(RoutePlan plan) {
        this.plan = plan;
        this.config = plan.config();
    }

    /**
     * Explains one command.
     *
     * @param tag the tag of the listener it comes from, {@code ""} for none
     * @param down addresses or labels of backends to be taken as unreachable
     * @throws IllegalArgumentException if a backend that is to be down is not one of the configuration's, or no routes
     *     have the tag
     */
    public Explanation explain(CommandLine line, String tag, Set<String> down) {
        return explain(line, tag, down, List.of());
    }

    /**
     * As {@link #explain(CommandLine, String, Set)}.
     *
     * @param client the names of the client that sends it; none if it is not known who does
     */
    public Explanation explain(CommandLine line, String tag, Set<String> down, List<IdentityName> client) {
        requireTag(tag);
        Set<String> addresses = addressesOf(down);
        Optional<RouteTree> tree = Rule.tree(config, tag);
        Optional<Judgement> access = line.error().isPresent()
                ? Optional.empty()
                : Judgement.of(config.settings().clientRules().access(), line, client, tag);
        Optional<String> notRouted = access.isPresent() && !access.get().allowed()
                ? Optional.of("refused: CLIENT_ERROR access denied")
                : notRouted(line, tree);
        List<Explanation.Key> keys = notRouted.isPresent()
                ? List.of()
                : line.perKey().stream()
                        .map(request -> key(line, request, tree.get(), tag, addresses))
                        .toList();
        return new Explanation(line.text(), tag, tree.map(RouteTree::where), access, notRouted, keys);
    }

    private void requireTag(String tag) {
        List<String> tags = config.trees().stream()
                .map(RouteTree::tag)
                .filter(known -> !known.isEmpty())
                .toList();
        if (!tag.isEmpty() && !tags.contains(tag)) {
            throw new IllegalArgumentException("no routes{} has the tag \"" + tag + "\"" + NearestName.hint(tag, tags)
                    + "; a listener with this tag behaves like one without a tag");
        }
    }

    private Set<String> addressesOf(Set<String> names) {
        Set<BackendSpec> all = config.backends();
        Set<String> known = new LinkedHashSet<>();
        all.forEach(backend -> {
            known.add(backend.address());
            known.add(backend.label());
        });
        Set<String> addresses = new LinkedHashSet<>();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "no backend \"" + name + "\" in the configuration" + NearestName.hint(name, known));
            }
            all.stream()
                    .filter(backend ->
                            backend.address().equals(name) || backend.label().equals(name))
                    .forEach(backend -> addresses.add(backend.address()));
        }
        return addresses;
    }

    private static Optional<String> notRouted(CommandLine line, Optional<RouteTree> tree) {
        if (line.error().isPresent()) {
            return Optional.of("refused: " + line.error().get().text());
        }
        Command command = line.command();
        if (command == Command.FLUSH_ALL && tree.isPresent()) {
            return Optional.of("goes to every backend that the routes of the listener can reach, or is refused:"
                    + " see the setting allow_flush_all");
        }
        if (!command.isStorage() || command == Command.MN) {
            return Optional.of("answered by the proxy itself: it has no key");
        }
        return tree.isPresent()
                ? Optional.empty()
                : Optional.of("answered by the embedded store: no routes{} is for this listener");
    }

    private Explanation.Key key(CommandLine line, Request request, RouteTree tree, String tag, Set<String> down) {
        List<Explanation.Lookup> lookups = new ArrayList<>();
        Optional<Rule> rule = new Rule.Finder(tree).find(request);
        describeLookups(tree, request, rule, lookups);
        Set<String> chosen = new LinkedHashSet<>();
        Optional<Explanation.Step> step = rule.map(found -> step(found.route(), request, down, chosen));
        boolean chance = rule.map(found -> dependsOnChance(found.route())).orElse(false);
        List<Explanation.Scenario> scenarios = new Scenarios(plan, line, request, tag, down, List.copyOf(chosen)).all();
        return new Explanation.Key(CommandLine.keyOf(request), lookups, step, chance, scenarios);
    }

    private static void describeLookups(
            RouteTree tree, Request request, Optional<Rule> rule, List<Explanation.Lookup> into) {
        Rule.Kind taken = rule.map(Rule::kind).orElse(null);
        Optional<String> name = rule.map(Rule::name);
        Optional<SourceLocation> where = rule.map(found -> found.route().where());
        String word = request.command().word();
        if (!tree.map().isEmpty()) {
            String finding = prefixFinding(tree, request);
            if (taken == Rule.Kind.MAP) {
                boolean named = rule.get().command().isPresent();
                into.add(new Explanation.Lookup("map", name, finding + (named ? ", there " + word : ""), where));
                return;
            }
            boolean known = new Rule.Finder(tree).knownPrefix(request).isPresent();
            into.add(new Explanation.Lookup(
                    "map",
                    Optional.empty(),
                    finding + (known ? ", but nothing there for " + word : ""),
                    Optional.empty()));
        }
        if (!tree.cmap().isEmpty()) {
            if (taken == Rule.Kind.CMAP) {
                into.add(new Explanation.Lookup("cmap", name, word, where));
                return;
            }
            into.add(new Explanation.Lookup("cmap", Optional.empty(), "no entry for " + word, Optional.empty()));
        }
        into.add(
                taken == Rule.Kind.DEFAULT
                        ? new Explanation.Lookup("default", name, "everything else", where)
                        : new Explanation.Lookup(
                                "default",
                                Optional.empty(),
                                "there is none: the client gets SERVER_ERROR lua start failure",
                                Optional.empty()));
    }

    private static String prefixFinding(RouteTree tree, Request request) {
        PrefixRule rule = tree.prefixRule();
        Optional<String> known = new Rule.Finder(tree).knownPrefix(request);
        String ended = "ended by \"" + rule.stop() + "\"";
        if (known.isPresent()) {
            return "prefix \"" + known.get() + "\", " + ended;
        }
        String key = CommandLine.keyOf(request);
        if (!key.startsWith(rule.start())) {
            return "no prefix: the key does not begin with \"" + rule.start() + "\"";
        }
        int stop = key.indexOf(rule.stop(), rule.start().length());
        if (stop < 0) {
            return "no prefix: no \"" + rule.stop() + "\" in the key";
        }
        String prefix = key.substring(rule.start().length(), stop);
        return prefix.isEmpty()
                ? "no prefix: nothing before \"" + rule.stop() + "\""
                : "no entry for the prefix \"" + prefix + "\""
                        + NearestName.hint(prefix, tree.map().keySet());
    }

    private Explanation.Step step(RouteSpec route, Request request, Set<String> down, Set<String> chosen) {
        HandlerSpec handler = HandlerSpec.of(route);
        Request passedOn = handler.changes().passedOn(request);
        List<Explanation.Child> children = handler.children().stream()
                .map(child -> new Explanation.Child(child.zone(), target(child.child(), passedOn, down, chosen)))
                .toList();
        return new Explanation.Step(
                route.handler(), CommonArguments.nameOf(handler), route.where(), handler.words(request), children);
    }

    private Explanation.Target target(ChildSpec child, Request request, Set<String> down, Set<String> chosen) {
        return switch (child) {
            case ChildSpec.InternalChild() -> new Explanation.Embedded();
            case ChildSpec.RouteChild(RouteSpec route) -> new Explanation.Nested(step(route, request, down, chosen));
            case ChildSpec.PoolChild(PoolSpec pool) -> {
                KeyDistributor distributor = plan.distributor(pool);
                int slot = distributor.select(request.buffer(), request.keyIndex(), request.keyLength());
                BackendSpec backend = pool.backends().get(slot);
                chosen.add(backend.address());
                yield new Explanation.PoolChoice(
                        pool.name(),
                        pool.where(),
                        "%016x".formatted(distributor.hash(request.buffer(), request.keyIndex(), request.keyLength())),
                        distributor
                                .hashedPart(request.buffer(), request.keyIndex(), request.keyLength())
                                .toString(UTF_8),
                        slot,
                        pool.backends().size(),
                        backend.address(),
                        labelOf(backend),
                        backend.down() || down.contains(backend.address()));
            }
        };
    }

    static Optional<String> labelOf(BackendSpec backend) {
        return backend.label().equals(backend.host() + ":" + backend.port())
                ? Optional.empty()
                : Optional.of(backend.label());
    }

    private static boolean dependsOnChance(RouteSpec route) {
        HandlerSpec handler = HandlerSpec.of(route);
        return handler.chance()
                || handler.children().stream()
                        .anyMatch(child -> child.child() instanceof ChildSpec.RouteChild(RouteSpec nested)
                                && dependsOnChance(nested));
    }
}
