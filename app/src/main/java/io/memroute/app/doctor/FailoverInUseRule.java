package io.memroute.app.doctor;

import io.memroute.app.live.Live;
import io.memroute.app.terminal.Figures;
import io.memroute.proxy.metrics.BackendNumbers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A failover whose later children are asked all the time, though they are there for emergencies. */
final class FailoverInUseRule implements Rule {

    /** A share of the first child's requests: more than a server that restarts now and then. */
    private static final double MOST = 0.02;

    private static final int LEAST_REQUESTS = 20;

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.FAILOVER_IN_USE;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        evidence.configuration().ifPresent(configuration -> {
            Set<String> used = new HashSet<>();
            configuration.routes().forEach(route -> used.addAll(usedAnyway(route)));
            Set<String> found = new HashSet<>();
            for (ShownConfiguration.Route route : configuration.routes()) {
                if (isForErrors(route)) {
                    gutters(route).stream()
                            .filter(gutter -> !used.contains(gutter) && found.add(gutter))
                            .forEach(gutter -> compare(evidence, route, gutter, findings));
                }
            }
        });
        return findings;
    }

    /** A miss that goes on makes the later children a part of everyday life. */
    private static boolean isForErrors(ShownConfiguration.Route route) {
        return route.handler().equals("failover")
                && !Boolean.TRUE.equals(route.arguments().get("miss"))
                && !Boolean.TRUE.equals(route.arguments().get("shuffle"));
    }

    private static List<Set<String>> children(ShownConfiguration.Route route) {
        return List.copyOf(route.children().values());
    }

    private static Set<String> gutters(ShownConfiguration.Route route) {
        return children(route).stream().skip(1).flatMap(Set::stream).collect(Collectors.toSet());
    }

    /** The pools right below a route that get requests while all is well. */
    private static Set<String> usedAnyway(ShownConfiguration.Route route) {
        if (isForErrors(route)) {
            return children(route).getFirst();
        }
        // What is below a failover further down is its business.
        return route.children().values().stream()
                .filter(pools -> pools.size() == 1 && !route.handler().equals("ttl"))
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
    }

    /**
     * The traffic of a pool's servers that are in no other pool. A server counts for all of its pools at once, so those
     * of several tell nothing about one of them.
     */
    private static double ownRate(Evidence evidence, String pool) {
        return evidence.backends(pool).stream()
                .filter(backend -> backend.pools().size() == 1)
                .mapToDouble(Live.Backend::rate)
                .sum();
    }

    private void compare(Evidence evidence, ShownConfiguration.Route route, String gutter, List<Finding> into) {
        double first = children(route).getFirst().stream()
                .flatMap(pool -> evidence.pool(pool).stream())
                .mapToDouble(Live.Pool::rate)
                .sum();
        double later = ownRate(evidence, gutter);
        if (evidence.requests(later) < LEAST_REQUESTS || later <= MOST * first) {
            return;
        }
        String mains = String.join(", ", children(route).getFirst());
        String ill = children(route).getFirst().stream()
                .flatMap(pool -> evidence.backends(pool).stream())
                .filter(backend -> backend.state() != BackendNumbers.State.UP || backend.errorRate() > 0)
                .map(Evidence::name)
                .distinct()
                .collect(Collectors.joining(", "));
        into.add(warning(
                evidence,
                gutter,
                "the failover at " + route.where() + " is in use: pool " + gutter + " gets " + Figures.rate(later)
                        + " beside " + Figures.rate(first) + " of " + mains + " " + evidence.interval(),
                (ill.isEmpty() ? "Find out which servers of " + mains + " fail" : "Look at " + ill)
                        + " (/api/events): " + gutter
                        + " is there for emergencies, and holds no more than what was asked for since.",
                later / Math.max(1, first + later)));
    }
}
