package io.memroute.proxy.explain;

import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.handler.HandlerSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The pools that requests get to below a route, by name; the embedded store counts as the pool {@code internal}. */
final class Reach {

    /** Chooses among the children of a route. */
    private interface Choice {
        boolean follows(HandlerSpec route, int child, int children);
    }

    private Reach() {}

    /** The pools that a request may get to. */
    static Set<String> possible(RouteSpec route) {
        return collect(route, (handler, child, children) -> true);
    }

    /** The pools that every request gets to, while all servers are well. */
    static Set<String> certain(RouteSpec route) {
        return collect(route, (handler, child, children) -> handler.spread().isCertain(child, children));
    }

    /** The pools below a child that may get requests with the time to live that the client gave. */
    static Set<String> withOwnTtl(ChildSpec child) {
        Set<String> pools = new LinkedHashSet<>();
        collect(child, (handler, index, children) -> !handler.changes().ttl(), pools);
        return pools;
    }

    private static Set<String> collect(RouteSpec route, Choice choice) {
        Set<String> pools = new LinkedHashSet<>();
        collect(new ChildSpec.RouteChild(route), choice, pools);
        return pools;
    }

    private static void collect(ChildSpec child, Choice choice, Set<String> into) {
        switch (child) {
            case ChildSpec.PoolChild(PoolSpec pool) -> into.add(pool.name());
            case ChildSpec.InternalChild() -> into.add(PoolSpec.INTERNAL);
            case ChildSpec.RouteChild(RouteSpec route) -> {
                HandlerSpec handler = HandlerSpec.of(route);
                List<ZonedChild> children = handler.children();
                for (int i = 0; i < children.size(); i++) {
                    if (choice.follows(handler, i, children.size())) {
                        collect(children.get(i).child(), choice, into);
                    }
                }
            }
        }
    }
}
