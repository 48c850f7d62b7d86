package io.memroute.app.importing;

import io.memroute.app.importing.McrouterHandle.Kind;
import io.memroute.app.importing.Node.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The handles that pick a server, or one of several routes, by the key. */
final class PoolHandles {

    private static final String MAX_OUTSTANDING = "max_outstanding";

    static final List<Kind> ALL = List.of(
            Kind.of(
                    "PoolRoute",
                    PoolHandles::pool,
                    "pool",
                    "hash",
                    TrafficHandles.SHADOWS,
                    "rates",
                    MAX_OUTSTANDING,
                    "asynclog",
                    TrafficHandles.SHADOW_POLICY,
                    "slow_warmup",
                    "shard_splits",
                    "bucketize"),
            new Kind(
                    "Pool",
                    McrouterPools.KEYS,
                    handle -> oneByOne(handle, handle.pools().find(serversOrName(handle)))),
            Kind.of("HashRoute", PoolHandles::hash, McrouterHandle.CHILDREN, "hash_func", "salt", "weights", "tags"));

    private PoolHandles() {}

    /** {@code Pool} may be a pool itself. */
    private static Node serversOrName(McrouterHandle handle) {
        return handle.get("servers").isPresent() ? handle.fields().without("type") : handle.required("pool");
    }

    private static List<Object> oneByOne(McrouterHandle handle, McrouterPools.Source pool) {
        return handle.pools().oneByOne(pool, handle.routes()::single);
    }

    private static Object pool(McrouterHandle handle) {
        McrouterPools pools = handle.pools();
        Report report = handle.report();
        McrouterPools.Source pool = pools.find(handle.required("pool"));
        if (handle.get("hash").orElse(null) instanceof Fields hash) {
            report.unknown("hash.", hash, Set.of("hash_func", "salt", "weights", "tags"));
        }
        Object child;
        if (pool.servers().isEmpty() && !pools.failsWhenEmpty(pool)) {
            report.exact(pool.line(), pool.name(), "an empty pool: route_null");
            child = McrouterRoutes.call("route_null");
        } else if (pool.hasRoutes()) {
            child = hashed(
                    handle, oneByOne(handle, pool), McrouterHash.of(pool.fields(), handle.get("hash"), handle.line()));
        } else {
            child = pools.hashed(pool, McrouterHash.of(pool.fields(), handle.get("hash"), handle.line()));
        }
        report.exact(handle.line(), "PoolRoute " + pool.name(), "the pool");
        reportWithoutCounterpart(handle);
        Fields rates = handle.fields().object("rates").orElse(null);
        if (rates != null) {
            child = TrafficHandles.limited(handle, child, rates, "rates");
        }
        return TrafficHandles.shadows(handle, child, pool.servers().size());
    }

    private static void reportWithoutCounterpart(McrouterHandle handle) {
        for (String key : List.of(MAX_OUTSTANDING, "slow_warmup", "shard_splits", "bucketize")) {
            handle.get(key)
                    .ifPresent(node -> handle.report()
                            .missing(
                                    node.line(),
                                    key + ": " + node.shown(),
                                    key.equals(MAX_OUTSTANDING)
                                            ? "requests do not wait for their turn; the setting backend_depth_limit"
                                                    + " refuses those that are too many"
                                            : "has no counterpart"));
        }
        handle.get("asynclog").ifPresent(node -> {
            if (handle.fields().flag("asynclog", true)) {
                handle.report().missing(node.line(), "asynclog: true", "deletes that fail are not written to a file");
            } else {
                handle.report().exact(node.line(), "asynclog: false", "so it is");
            }
        });
    }

    private static Object hash(McrouterHandle handle) {
        return hashed(
                handle,
                handle.children(),
                McrouterHash.of(
                        new Fields(Map.of(), handle.line()),
                        Optional.of(handle.fields().without(McrouterHandle.CHILDREN)),
                        handle.line()));
    }

    private static Object hashed(McrouterHandle handle, List<Object> children, McrouterHash hash) {
        if (children.isEmpty()) {
            handle.report().exact(handle.line(), "no children", "requests fail");
            return handle.pools().down(handle.line());
        }
        if (children.size() == 1) {
            return children.getFirst();
        }
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put(McrouterHandle.CHILDREN, handle.pools().list(children));
        arguments.putAll(hash.options());
        hash.report(handle.report(), handle.line());
        if (hash.isWeighted()) {
            List<Double> weights =
                    IntStream.range(0, children.size()).mapToObj(hash::weight).toList();
            arguments.put("weights", weights);
        }
        if (!hash.tags().isEmpty()) {
            if (hash.tags().size() != children.size()) {
                throw new ImportException(
                        handle.line(), handle.type() + ": needs a tag for each of " + children.size() + " children");
            }
            arguments.put("names", hash.tags());
        }
        return new Lua.Call("route_hash", arguments);
    }
}
