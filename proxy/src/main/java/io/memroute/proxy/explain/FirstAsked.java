package io.memroute.proxy.explain;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.AllAsyncSpec;
import io.memroute.proxy.config.AllFastestSpec;
import io.memroute.proxy.config.AllSyncSpec;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.FailoverSpec;
import io.memroute.proxy.config.LatestSpec;
import io.memroute.proxy.config.LuaHandlerSpec;
import io.memroute.proxy.config.MajoritySpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.PrefixSpec;
import io.memroute.proxy.config.RandomSpec;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.WeightedSpec;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.route.RoutePlan;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The backends that a get may go to while all are well: where a key's value is looked for first. A route that chooses
 * among its children in a way that is not looked at here counts with all of them. Prepared once for each route, because
 * millions of keys are asked for.
 */
final class FirstAsked {

    /** Adds the addresses that a request's key has below a route; {@link Course#EMBEDDED} for the embedded store. */
    private interface Node {
        void collect(Request request, List<String> into);
    }

    private final RoutePlan plan;
    private final Map<RouteSpec, Node> nodes = new IdentityHashMap<>();

    FirstAsked(RoutePlan plan) {
        this.plan = plan;
    }

    /** Adds the addresses for a request that takes a route. */
    void collect(RouteSpec route, Request request, List<String> into) {
        Node node = nodes.get(route);
        if (node == null) {
            node = node(route);
            nodes.put(route, node);
        }
        node.collect(request, into);
    }

    private Node node(RouteSpec route) {
        RouteSpec handler = RouteParts.handler(route);
        List<RouteParts.Child> children = RouteParts.of(handler).children();
        Node[] asked = new Node[count(handler, children.size())];
        for (int i = 0; i < asked.length; i++) {
            asked[i] = node(children.get(i).spec());
        }
        Node all = (request, into) -> {
            for (Node child : asked) {
                child.collect(request, into);
            }
        };
        return handler instanceof PrefixSpec prefix
                ? (request, into) -> all.collect(KeyRewrite.of(prefix, request), into)
                : all;
    }

    /** How many of the children, from the first, may answer a get. */
    private static int count(RouteSpec handler, int children) {
        return switch (handler) {
            case AllSyncSpec all -> children;
            case AllAsyncSpec all -> 0;
            case AllFastestSpec all -> children;
            case MajoritySpec all -> children;
            case RandomSpec one -> children;
            case WeightedSpec one -> children;
            case LatestSpec one -> children;
            case LuaHandlerSpec any -> children;
            case FailoverSpec shuffled when shuffled.shuffle() -> children;
            default -> Math.min(1, children);
        };
    }

    private Node node(ChildSpec child) {
        return switch (child) {
            case ChildSpec.InternalChild() -> (request, into) -> into.add(Course.EMBEDDED);
            case ChildSpec.RouteChild(RouteSpec nested) -> node(nested);
            case ChildSpec.PoolChild(PoolSpec pool) -> {
                KeyDistributor distributor = plan.distributor(pool);
                String[] addresses =
                        pool.backends().stream().map(BackendSpec::address).toArray(String[]::new);
                yield (request, into) -> into.add(
                        addresses[distributor.select(request.buffer(), request.keyIndex(), request.keyLength())]);
            }
        };
    }
}
