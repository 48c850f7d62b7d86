package io.memroute.app.doctor;

import io.memroute.app.live.Live;
import io.memroute.app.terminal.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A pool one of whose servers has much more to do than the mean, and why: hot keys, or few keys. */
final class ImbalanceRule implements Rule {

    /** Times the mean; a thousand keys and more are spread better than that. */
    private static final double MOST = 1.5;

    /** Requests for each server: fewer are uneven by chance. */
    private static final int LEAST_REQUESTS = 100;

    /** Keys that explain it are named, at most. */
    private static final int MOST_KEYS = 3;

    /** A key that is named makes up at least so much of what the server has above its even share. */
    private static final double LEAST_PART = 0.1;

    @Override
    public Finding.Kind kind() {
        return Finding.Kind.UNBALANCED_POOL;
    }

    @Override
    public List<Finding> examine(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        for (Live.Pool pool : evidence.live().pools()) {
            Double imbalance = pool.imbalance();
            if (imbalance != null
                    && imbalance > MOST
                    && evidence.requests(pool.rate()) >= (double) LEAST_REQUESTS * pool.backends()
                    && hasItsServersAlone(evidence, pool)) {
                evidence.backends(pool.name()).stream()
                        .max(Comparator.comparingDouble(Live.Backend::rate))
                        .ifPresent(busiest -> findings.add(finding(evidence, pool, busiest, imbalance)));
            }
        }
        return findings;
    }

    /** A server counts for all of its pools at once: with the work of another pool it is no sign of uneven keys. */
    private static boolean hasItsServersAlone(Evidence evidence, Live.Pool pool) {
        return evidence.backends(pool.name()).stream()
                        .map(Live.Backend::pools)
                        .distinct()
                        .count()
                == 1;
    }

    private Finding finding(Evidence evidence, Live.Pool pool, Live.Backend busiest, double imbalance) {
        double even = 1.0 / pool.backends();
        double share = imbalance * even;
        double all = evidence.live().backends().stream()
                .mapToDouble(Live.Backend::rate)
                .sum();
        // Shares of hot keys are of all requests to servers.
        double ofPool = all / Math.max(1e-9, pool.rate());
        List<Live.HotKeyShare> hot = evidence.live().hotKeys().stream()
                .filter(key -> key.pool().equals(pool.name()) && key.backend().equals(busiest.label()))
                .filter(key -> key.share() * ofPool >= LEAST_PART * (share - even))
                .limit(MOST_KEYS)
                .toList();
        double explained = hot.stream().mapToDouble(Live.HotKeyShare::share).sum() * ofPool;
        String problem = "pool " + pool.name() + " is unbalanced: server " + Evidence.name(busiest) + " gets "
                + Figures.share(share) + " of its requests, and an even share of " + pool.backends() + " servers is "
                + Figures.share(even);
        return explained >= (share - even) / 2
                ? warning(
                        evidence,
                        pool.name(),
                        problem + "; few keys are hot: "
                                + hot.stream()
                                        .map(key -> key.key() + " alone has " + Figures.share(key.share() * ofPool)
                                                + size(key))
                                        .collect(Collectors.joining(", ")),
                        "Keep that key in the clients or below route_nearcache for a second, or spread it over"
                                + " several keys; another hash would only move it.",
                        imbalance)
                : warning(
                        evidence,
                        pool.name(),
                        problem + "; no key is hot, so there are few different keys, or few different hashed parts of"
                                + " them",
                        "See what clients ask for (watch proxyreqs), and whether filter and filter_conf of the pool"
                                + " hash more of a key than you think: memroute why shows what is hashed.",
                        imbalance);
    }

    private static String size(Live.HotKeyShare key) {
        Long size = key.size();
        return size == null ? "" : " (" + Figures.size(size) + ")";
    }
}
