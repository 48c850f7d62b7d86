package io.memroute.app.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Proxies that should do the same and do not: then one key goes to one server by one of them and to another by the
 * other.
 */
final class Replicas {

    private Replicas() {}

    /** Compares each proxy with the first. */
    static List<Finding> compare(List<Evidence> proxies) {
        List<Finding> findings = new ArrayList<>();
        for (Evidence other : proxies.subList(Math.min(1, proxies.size()), proxies.size())) {
            Evidence first = proxies.getFirst();
            if (!isComparable(first) || !isComparable(other)) {
                findings.add(notCompared(first, other));
            } else if (!first.loaded().digest().equals(other.loaded().digest())) {
                List<String> differences = differences(
                        first,
                        other,
                        first.configuration().orElseThrow(),
                        other.configuration().orElseThrow());
                boolean keys = differences.stream().anyMatch(difference -> difference.startsWith("pool "));
                findings.add(new Finding(
                        keys ? Finding.Severity.CRITICAL : Finding.Severity.WARNING,
                        Finding.Kind.REPLICAS_DIFFER,
                        other.proxy(),
                        first.proxy(),
                        "does not do what the proxy at " + first.proxy() + " does: "
                                + (differences.isEmpty()
                                        ? "settings or options of servers differ"
                                        : String.join("; ", differences)),
                        (keys ? "Keys go to different servers until that is put right: bring" : "Bring")
                                + " the same files to all proxies and reload them; memroute plan shows all"
                                + " differences.",
                        differences.size()));
            }
        }
        return findings;
    }

    private static boolean isComparable(Evidence proxy) {
        return proxy.loaded().digest().isPresent() && proxy.configuration().isPresent();
    }

    private static Finding notCompared(Evidence first, Evidence other) {
        Evidence without = isComparable(other) ? first : other;
        return new Finding(
                Finding.Severity.NOTE,
                Finding.Kind.REPLICAS_NOT_COMPARED,
                other.proxy(),
                first.proxy(),
                "cannot be compared with the proxy at " + first.proxy() + ": the configuration of " + without.proxy()
                        + " has no digest: no configuration is in force, or it is a Lua program of its own",
                "See that both have the same files, and what /api/configuration says at " + without.proxy() + ".",
                0);
    }

    private static List<String> differences(
            Evidence first, Evidence other, ShownConfiguration one, ShownConfiguration two) {
        Map<String, ShownConfiguration.Pool> others = new LinkedHashMap<>();
        two.pools().forEach(pool -> others.put(pool.name(), pool));
        List<String> differences = new ArrayList<>();
        for (ShownConfiguration.Pool pool : one.pools()) {
            ShownConfiguration.Pool same = others.remove(pool.name());
            if (same == null) {
                differences.add("pool " + pool.name() + " is only at " + first.proxy());
            } else {
                compare(pool, same, differences);
            }
        }
        others.keySet().forEach(name -> differences.add("pool " + name + " is only at " + other.proxy()));
        if (differences.isEmpty() && !one.trees().equals(two.trees())) {
            differences.add("the routes differ");
        }
        return differences;
    }

    private static void compare(ShownConfiguration.Pool pool, ShownConfiguration.Pool same, List<String> differences) {
        List<String> one =
                pool.servers().stream().map(ShownConfiguration.Server::address).toList();
        List<String> two =
                same.servers().stream().map(ShownConfiguration.Server::address).toList();
        if (!one.equals(two)) {
            boolean order =
                    one.stream().sorted().toList().equals(two.stream().sorted().toList());
            differences.add("pool " + pool.name()
                    + (order
                            ? " has its servers in another order"
                            : " has other servers: " + String.join(", ", two) + " instead of "
                                    + String.join(", ", one)));
        }
        List<String> options = new ArrayList<>(pool.options().keySet());
        same.options().keySet().stream().filter(name -> !options.contains(name)).forEach(options::add);
        for (String name : options) {
            String old = pool.options().get(name);
            String now = same.options().get(name);
            if (old == null || !old.equals(now)) {
                differences.add("pool " + pool.name() + " has " + name + " = " + (now == null ? "none" : now)
                        + " instead of " + (old == null ? "none" : old));
            }
        }
    }
}
