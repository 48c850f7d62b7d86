package io.memroute.proxy.explain;

import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.FailoverSpec;
import io.memroute.proxy.config.LatestSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.RandomSpec;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.ShadowSpec;
import io.memroute.proxy.config.TtlSpec;
import io.memroute.proxy.config.WeightedSpec;
import io.memroute.proxy.config.ZoneFailoverSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The pools that requests get to below a route, by name; the embedded store counts as the pool {@code internal}. */
final class Reach {

    private static final double EVERYTHING_PERCENT = 100;

    /** Chooses among the children of a route. */
    private interface Choice {
        boolean follows(RouteSpec handler, int child, int children);
    }

    private Reach() {}

    /** The pools that a request may get to. */
    static Set<String> possible(RouteSpec route) {
        return collect(route, (handler, child, children) -> true);
    }

    /** The pools that every request gets to, while all servers are well. */
    static Set<String> certain(RouteSpec route) {
        return collect(route, Reach::alwaysAsks);
    }

    /** The pools below a child that may get requests with the time to live that the client gave. */
    static Set<String> withOwnTtl(ChildSpec child) {
        Set<String> pools = new LinkedHashSet<>();
        collect(child, (handler, index, children) -> !(handler instanceof TtlSpec), pools);
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
                List<RouteParts.Child> children = RouteParts.of(route).children();
                for (int i = 0; i < children.size(); i++) {
                    if (choice.follows(RouteParts.handler(route), i, children.size())) {
                        collect(children.get(i).spec(), choice, into);
                    }
                }
            }
        }
    }

    private static boolean alwaysAsks(RouteSpec handler, int child, int children) {
        return switch (handler) {
            case FailoverSpec failover -> child == 0 && (!failover.shuffle() || failover.localFirst());
            case ZoneFailoverSpec zones -> child == 0;
            case ShadowSpec shadow -> child == 0 || shadow.percent() == EVERYTHING_PERCENT;
            case LatestSpec one -> children == 1;
            case RandomSpec one -> children == 1;
            case WeightedSpec one -> children == 1;
            default -> true;
        };
    }
}
