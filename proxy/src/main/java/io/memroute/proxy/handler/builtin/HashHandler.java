package io.memroute.proxy.handler.builtin;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.protocol.Request;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.config.placement.PoolOptionsLayer;
import io.memroute.proxy.config.placement.ServerOptions;
import io.memroute.proxy.config.placement.ShownSelection;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.handler.Argument;
import io.memroute.proxy.handler.Arguments;
import io.memroute.proxy.handler.Changes;
import io.memroute.proxy.handler.Handler;
import io.memroute.proxy.handler.HandlerSpec;
import io.memroute.proxy.handler.Parts;
import io.memroute.proxy.handler.Reading;
import io.memroute.proxy.handler.Review;
import io.memroute.proxy.handler.Shown;
import io.memroute.proxy.handler.Spread;
import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.builtin.HashRoute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * {@code route_hash}: one child for each key, picked as a pool picks a backend.
 *
 * @see "mcrouter wiki, List of Route Handles, HashRoute"
 */
public final class HashHandler implements Handler {

    private static final String NAME = "hash";

    /**
     * Apart from that of pools without a seed: of keys that were picked by the same hash before, a pool would put none
     * on some of its backends.
     */
    private static final String DEFAULT_SEED = "route_hash";

    private static final Argument<Optional<List<ZonedChild>>> CHILDREN = Argument.children(
            "their order counts with `dist = mcp.dist_jump_hash`, their keys with `mcp.dist_ring_hash`");

    private static final Argument<KeySelection> SELECTION = new Argument<>(
            List.of("dist", "hash", "seed", "filter", "filter_conf", "omode", "obuckets", "placement"),
            "",
            "as in `pool_options`",
            "how a key picks a child; without `seed` the seed is `route_hash`",
            HashHandler::selection);

    private static final Argument<Optional<LuaTable>> WEIGHTS =
            Weights.argument("1 each", "a number for each child, under the child's key, if `placement` has weights");

    private static final Argument<Optional<Section>> NAMES = Argument.of(
            "names",
            "table",
            "the children's keys",
            "the text that is hashed for each child, under the child's key, if `placement` goes by names",
            reading -> reading.arguments().section("names", "child"));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILDREN, SELECTION, WEIGHTS, NAMES);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        KeySelection selection = SELECTION.in(reading);
        Optional<List<ZonedChild>> children = CHILDREN.in(reading);
        return children.flatMap(list -> servers(reading, list, ServerOptions.scheme(selection)))
                .map(servers -> new Spec(children.get(), selection, servers, reading.where()));
    }

    /** The children as servers; empty if their weights or names are wrong. */
    private static Optional<List<ServerName>> servers(
            Reading reading, List<ZonedChild> children, Optional<Scheme> scheme) {
        List<Double> weights = Collections.nCopies(children.size(), 1.0);
        Section arguments = reading.arguments();
        if (arguments.has(WEIGHTS.name())) {
            Optional<List<Double>> given = Weights.read(reading, WEIGHTS, children);
            if (given.isEmpty()) {
                return Optional.empty();
            }
            weights = given.get();
            for (double weight : weights) {
                Optional<String> problem = ServerOptions.weightProblem(weight, weight, scheme);
                if (problem.isPresent()) {
                    arguments.fail(WEIGHTS.name(), problem.get());
                    return Optional.empty();
                }
            }
        }
        Map<String, String> names = names(reading, children, scheme);
        List<ServerName> servers = new ArrayList<>();
        for (int i = 0; i < children.size(); i++) {
            String key = children.get(i).zone();
            servers.add(
                    new ServerName(key, BackendSpec.DEFAULT_PORT, Optional.ofNullable(names.get(key)), weights.get(i)));
        }
        return Optional.of(servers);
    }

    private static Map<String, String> names(Reading reading, List<ZonedChild> children, Optional<Scheme> scheme) {
        Map<String, String> names = new HashMap<>();
        List<String> keys = children.stream().map(ZonedChild::zone).toList();
        for (LuaValues.Entry entry : NAMES.in(reading).map(Section::entries).orElse(List.of())) {
            String key = entry.plainKey().toString();
            Optional<String> name = entry.value() instanceof LuaString text ? LuaValues.utf8(text) : Optional.empty();
            Optional<String> problem = !keys.contains(key)
                    ? Optional.of("there is no child " + LuaValues.quote(key) + NearestName.hint(key, keys))
                    : name.isEmpty()
                            ? Optional.of("expected a text for child " + LuaValues.quote(key) + ", got "
                                    + LuaValues.describe(entry.value()))
                            : ServerOptions.nameProblem(name, scheme);
            if (problem.isPresent()) {
                reading.arguments().fail(NAMES.name(), problem.get());
                return Map.of();
            }
            names.put(key, name.get());
        }
        return names;
    }

    private static KeySelection selection(Reading reading) {
        KeySelection given =
                PoolOptionsLayer.of(reading.arguments()).complete(false).selection();
        return given.hash() == HashFunction.XXH3 && given.seed().isEmpty()
                ? new KeySelection(given.hash(), Optional.of(DEFAULT_SEED), given.filter(), given.distribution())
                : given;
    }

    /** @param servers the children as servers, in their order */
    public record Spec(
            List<ZonedChild> children, KeySelection selection, List<ServerName> servers, SourceLocation where)
            implements HandlerSpec {

        public Spec {
            children = List.copyOf(children);
            servers = List.copyOf(servers);
        }

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public void show(Shown to) {
            ShownSelection.of(selection).forEach(to::put);
            if (servers.stream().anyMatch(server -> server.weight() != 1)) {
                to.put(
                        WEIGHTS,
                        Weights.byChild(
                                children,
                                servers.stream().map(ServerName::weight).toList()));
            }
            Map<String, String> names = new LinkedHashMap<>();
            servers.forEach(server -> server.name().ifPresent(name -> names.put(server.host(), name)));
            to.put(NAMES, names.isEmpty() ? Optional.empty() : Optional.of(names));
        }

        @Override
        public String words(Request request) {
            return "one child for each key, always the same: picked as a pool picks a backend; this key: "
                    + children.get(ofKey().applyAsInt(request)).zone();
        }

        @Override
        public Spread spread() {
            return Spread.byKey(ofKey());
        }

        @Override
        public Changes changes() {
            return Changes.NONE;
        }

        @Override
        public boolean chance() {
            return false;
        }

        @Override
        public boolean inSteps() {
            return false;
        }

        @Override
        public List<ZonedChild> gutters() {
            return List.of();
        }

        @Override
        public void review(Review review) {
            review.sameBackends("choosing makes no difference");
            review.choice();
            Weights.review(
                    review, children, servers.stream().map(ServerName::weight).toList(), 0, ": it gets no keys");
            for (ZonedChild child : children) {
                if (hashesLike(child.child())) {
                    review.warn(
                            Warning.Kind.SAME_HASH,
                            "child " + child.zone() + " hashes keys in the same way, so it uses only a part of what it"
                                    + " has; give the route a seed of its own");
                }
            }
        }

        @Override
        public Route compile(Parts parts) {
            return new HashRoute(parts.children(children), parts.shared(this, this::distributor));
        }

        private ToIntFunction<Request> ofKey() {
            KeyDistributor distributor = distributor();
            return request -> distributor.select(request.buffer(), request.keyIndex(), request.keyLength());
        }

        /** Makes the distributor. On a ring, a child stands where a server with its key as the host would. */
        private KeyDistributor distributor() {
            return KeyDistributor.of(selection, servers);
        }

        private boolean hashesLike(ChildSpec child) {
            return switch (child) {
                case ChildSpec.PoolChild(PoolSpec pool) ->
                    pool.backends().size() > 1 && hashesLike(pool.options().selection());
                case ChildSpec.RouteChild(Spec nested) -> nested.children.size() > 1 && hashesLike(nested.selection);
                case ChildSpec.RouteChild other -> false;
                case ChildSpec.InternalChild() -> false;
            };
        }

        private boolean hashesLike(KeySelection other) {
            return selection.hash() == other.hash()
                    && selection.seed().equals(other.seed())
                    && selection.filter().equals(other.filter());
        }
    }
}
