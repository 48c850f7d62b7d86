package io.memroute.proxy.config;

import java.util.Objects;

/** A target of a route. */
public sealed interface ChildSpec {

    /** A pool, plain or a set's member. */
    record PoolChild(PoolSpec pool) implements ChildSpec {

        public PoolChild {
            Objects.requireNonNull(pool, "pool");
        }
    }

    /** The embedded store: the child {@code "internal"}. */
    record InternalChild() implements ChildSpec {}

    /** Another route. */
    record RouteChild(RouteSpec route) implements ChildSpec {

        public RouteChild {
            Objects.requireNonNull(route, "route");
        }
    }
}
