package io.memroute.proxy.discovery;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Settings of all sources of a configuration, and what clients are told that look for servers themselves.
 *
 * @param asking how they are asked
 * @param stateDirectory where the last good answers are kept; empty: where the operating system has such files
 * @param cluster the nodes that clients are told; empty: their question is an unknown command
 */
public record DiscoverySettings(
        DiscoveryRules rules, Asking asking, Optional<String> stateDirectory, Optional<Cluster> cluster) {

    /**
     * The way in which sources are asked; a source that is asked otherwise is another one.
     *
     * @param refresh the longest time between two questions, except where changes are told by themselves
     * @param dnsServers name servers as {@code host:port}; empty: those of the system
     */
    public record Asking(Duration refresh, List<String> dnsServers) {

        public static final Asking DEFAULTS = new Asking(Duration.ofSeconds(30), List.of());

        public Asking {
            Objects.requireNonNull(refresh, "refresh");
            dnsServers = List.copyOf(dnsServers);
        }
    }

    public static final DiscoverySettings DEFAULTS =
            new DiscoverySettings(DiscoveryRules.DEFAULTS, Asking.DEFAULTS, Optional.empty(), Optional.empty());

    public DiscoverySettings {
        Objects.requireNonNull(rules, "rules");
        Objects.requireNonNull(asking, "asking");
        Objects.requireNonNull(stateDirectory, "stateDirectory");
        Objects.requireNonNull(cluster, "cluster");
    }
}
