package io.memroute.proxy.handler.builtin;

import io.memroute.proxy.handler.Handler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The built-in handlers, in the order of the documentation. */
public final class Handlers {

    private static final List<Handler> ALL = List.of(
            new DirectHandler(),
            new FailoverHandler(),
            new ZoneFailoverHandler(),
            new AllFastestHandler(),
            new AllSyncHandler(),
            new AllAsyncHandler(),
            new SplitHandler(),
            new RandomHandler(),
            new TtlHandler(),
            new RateLimitHandler(),
            new NullHandler(),
            new LatestHandler(),
            new MajorityHandler(),
            new WeightedHandler(),
            new HashHandler(),
            new MigrateHandler(),
            new ShadowHandler(),
            new WarmHandler(),
            new ReshardHandler(),
            new NearCacheHandler(),
            new PrefixHandler(),
            new PrefixesHandler());

    private static final Map<String, Handler> BY_NAME = new TreeMap<>();

    static {
        ALL.forEach(handler -> BY_NAME.put(handler.name(), handler));
    }

    private Handlers() {}

    /** All of them. */
    public static List<Handler> all() {
        return ALL;
    }

    /** Every NAME for which there is a {@code route_NAME}, sorted. */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /** The handler of a name, if there is one. */
    public static Optional<Handler> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
