package io.memroute.proxy.explain;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSetSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Warnings;
import io.memroute.proxy.hash.ServerName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds what is suspicious about pools. */
final class PoolWarnings {

    private final Warnings to;

    private PoolWarnings(Warnings to) {
        this.to = to;
    }

    static void find(ProxyConfig config, Warnings to) {
        PoolWarnings pools = new PoolWarnings(to);
        pools.unused(config);
        config.allPools().forEach(pools::backends);
    }

    /** Servers with one name have the same points on a ring. */
    private void sameNames(PoolSpec pool) {
        Set<String> seen = new HashSet<>();
        Set<String> told = new HashSet<>();
        for (ServerName server : pool.servers()) {
            server.name()
                    .filter(name -> !seen.add(name) && told.add(name))
                    .ifPresent(name -> to.add(
                            Warning.Kind.DUPLICATE_BACKEND,
                            pool.where(),
                            "pool \"" + pool.name() + "\" has several backends with the name \"" + name
                                    + "\", by which keys are placed: one of them may get the keys of all"));
        }
    }

    private void unused(ProxyConfig config) {
        Set<String> reached = reachedPools(config);
        config.pools().values().stream()
                .filter(pool -> !reached.contains(pool.name()))
                .forEach(pool -> to.add(
                        Warning.Kind.UNUSED_POOL, pool.where(), "no route reaches pool \"" + pool.name() + "\""));
        for (PoolSetSpec set : config.sets().values()) {
            List<String> missed = set.members().stream()
                    .map(member -> member.pool().name())
                    .filter(name -> !reached.contains(name))
                    .toList();
            if (missed.size() == set.members().size()) {
                to.add(Warning.Kind.UNUSED_POOL, set.where(), "no route reaches set \"" + set.name() + "\"");
            } else {
                set.members().stream()
                        .filter(member -> missed.contains(member.pool().name()))
                        .forEach(member -> to.add(
                                Warning.Kind.UNUSED_POOL,
                                member.pool().where(),
                                "no route reaches \"" + member.key() + "\" of set \"" + set.name() + "\""));
            }
        }
    }

    private static Set<String> reachedPools(ProxyConfig config) {
        Set<String> names = new HashSet<>();
        config.trees().forEach(tree -> Rule.of(tree).forEach(rule -> names.addAll(Reach.possible(rule.route()))));
        return names;
    }

    private void backends(PoolSpec pool) {
        Set<String> seen = new HashSet<>();
        Set<String> told = new HashSet<>();
        for (BackendSpec backend : pool.backends()) {
            if (!seen.add(backend.address()) && told.add(backend.address())) {
                to.add(
                        Warning.Kind.DUPLICATE_BACKEND,
                        pool.where(),
                        "pool \"" + pool.name() + "\" lists " + backend.address()
                                + " more than once: it gets more than its share of the keys");
            }
        }
        sameNames(pool);
        if (pool.backends().stream().allMatch(BackendSpec::down)) {
            to.add(
                    Warning.Kind.POOL_DOWN,
                    pool.where(),
                    "pool \"" + pool.name() + "\": "
                            + (pool.backends().size() == 1 ? "its only backend is" : "all its backends are")
                            + " configured as down, so every request to it fails");
        }
    }
}
