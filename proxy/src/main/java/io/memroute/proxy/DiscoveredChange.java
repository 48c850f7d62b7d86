package io.memroute.proxy;

import io.memroute.proxy.config.PoolSource;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.discovery.SourceAddress;
import io.memroute.proxy.explain.SlotChange;
import io.memroute.proxy.handler.RoutePlan;
import io.memroute.proxy.route.RouteMaker;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The differences of pools with sources between the configuration in force and the one that is to follow it. */
final class DiscoveredChange {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /**
     * Shares are good to half a percent, which takes some milliseconds for each pool that changes. Where many change,
     * shares are good to 2 %: nothing else is loaded meanwhile.
     */
    private static final SlotChange.Sample SAMPLE = new SlotChange.Sample(20_000, 1_000, 200_000);

    /** A change of servers moves more keys than the settings let it. */
    static final class MovesTooMuchException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient Set<SourceAddress> sources;

        MovesTooMuchException(String message, Set<SourceAddress> sources) {
            super(message);
            this.sources = sources;
        }

        /** The sources of the pools whose keys would move. */
        Set<SourceAddress> sources() {
            return sources;
        }
    }

    private final List<SlotChange> changes;
    private final double maxMoved;

    private DiscoveredChange(List<SlotChange> changes, double maxMoved) {
        this.changes = changes;
        this.maxMoved = maxMoved;
    }

    /** @param before empty at a start, which changes nothing */
    static DiscoveredChange between(Optional<RouteMaker> before, RouteMaker after) {
        return before.orElse(null) instanceof RoutePlan old && after instanceof RoutePlan now
                ? new DiscoveredChange(
                        SlotChange.between(old, now, SAMPLE),
                        now.settings().discovery().rules().maxMoved())
                : new DiscoveredChange(List.of(), 1);
    }

    /** The sources that a configuration names. */
    static Set<SourceAddress> sources(Optional<RouteMaker> plan) {
        return plan.orElse(null) instanceof RoutePlan some ? sources(some.config()) : Set.of();
    }

    /** The sources that have caused a load which has failed. */
    static Set<SourceAddress> blamed(Throwable failure, Optional<RouteMaker> plan) {
        return failure instanceof MovesTooMuchException much ? much.sources() : sources(plan);
    }

    private static Set<SourceAddress> sources(ProxyConfig config) {
        return config.allPools()
                .flatMap(pool -> pool.sources().stream())
                .map(PoolSource::address)
                .collect(Collectors.toSet());
    }

    /** @throws MovesTooMuchException if a pool's keys move more than the settings let them */
    void check() {
        List<SlotChange> refused = changes.stream()
                .filter(change -> change.movedShare() > maxMoved)
                .toList();
        if (refused.isEmpty()) {
            return;
        }
        Set<SourceAddress> sources = new HashSet<>();
        refused.forEach(change -> sources.addAll(change.sources()));
        throw new MovesTooMuchException(
                refused.stream().map(SlotChange::text).collect(Collectors.joining("; "))
                        + "; that is more than max_moved = " + maxMoved
                        + ", so the servers stay as they were; memroute reload confirms the change",
                sources);
    }

    /** Writes a line for each pool that has changed. */
    void log() {
        changes.forEach(change -> LOG.info("discovery: {}", change.text()));
    }
}
