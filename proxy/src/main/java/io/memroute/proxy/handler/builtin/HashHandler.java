package io.memroute.proxy.handler.builtin;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.config.placement.PoolOptionsLayer;
import io.memroute.proxy.config.placement.ShownSelection;
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
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.builtin.HashRoute;
import java.util.List;
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

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILDREN, SELECTION);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        KeySelection selection = SELECTION.in(reading);
        return CHILDREN.in(reading).map(children -> new Spec(children, selection, reading.where()));
    }

    private static KeySelection selection(Reading reading) {
        KeySelection given =
                PoolOptionsLayer.of(reading.arguments()).complete(false).selection();
        return given.hash() == HashFunction.XXH3 && given.seed().isEmpty()
                ? new KeySelection(given.hash(), Optional.of(DEFAULT_SEED), given.filter(), given.distribution())
                : given;
    }

    public record Spec(List<ZonedChild> children, KeySelection selection, SourceLocation where) implements HandlerSpec {

        public Spec {
            children = List.copyOf(children);
        }

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public void show(Shown to) {
            ShownSelection.of(selection).forEach(to::put);
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

        /** On a ring, a child stands where a server with its key as the host would. */
        private KeyDistributor distributor() {
            return KeyDistributor.of(
                    selection,
                    children.stream()
                            .map(child -> new ServerName(child.zone(), BackendSpec.DEFAULT_PORT))
                            .toList());
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
