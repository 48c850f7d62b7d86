package io.memroute.proxy.explain;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.handler.Changes;
import io.memroute.proxy.handler.HandlerSpec;
import io.memroute.proxy.handler.RoutePlan;
import io.memroute.proxy.handler.Spread;
import io.memroute.proxy.hash.KeyDistributor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The backends that a get may go to while all are well: where a key's value is looked for first. Prepared once for each
 * route, because millions of keys are asked for.
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
        HandlerSpec handler = HandlerSpec.of(route);
        List<ZonedChild> children = handler.children();
        Spread spread = handler.spread();
        Node[] asked = new Node[spread.mayAnswer(children.size())];
        for (int i = 0; i < asked.length; i++) {
            asked[i] = node(children.get(i).child());
        }
        Node below = spread.choice()
                .<Node>map(choice -> (request, into) -> asked[choice.applyAsInt(request)].collect(request, into))
                .orElse((request, into) -> {
                    for (Node child : asked) {
                        child.collect(request, into);
                    }
                });
        Changes changes = handler.changes();
        return changes.key() ? (request, into) -> below.collect(changes.passedOn(request), into) : below;
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
