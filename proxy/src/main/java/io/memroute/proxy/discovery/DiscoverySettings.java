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

    /** A builder holding every default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings, later calls overriding earlier ones. */
    public static final class Builder {

        private Duration grace = DEFAULTS.rules.grace();
        private Duration debounce = DEFAULTS.rules.debounce();
        private double minShare = DEFAULTS.rules.minShare();
        private Duration confirmAfter = DEFAULTS.rules.confirmAfter();
        private double maxMoved = DEFAULTS.rules.maxMoved();
        private Duration refresh = DEFAULTS.asking.refresh();
        private List<String> dnsServers = DEFAULTS.asking.dnsServers();
        private Optional<String> stateDirectory = DEFAULTS.stateDirectory;
        private Optional<Cluster> cluster = DEFAULTS.cluster;

        private Builder() {}

        public Builder grace(Duration grace) {
            this.grace = grace;
            return this;
        }

        public Builder debounce(Duration debounce) {
            this.debounce = debounce;
            return this;
        }

        public Builder minShare(double minShare) {
            this.minShare = minShare;
            return this;
        }

        public Builder confirmAfter(Duration confirmAfter) {
            this.confirmAfter = confirmAfter;
            return this;
        }

        public Builder maxMoved(double maxMoved) {
            this.maxMoved = maxMoved;
            return this;
        }

        public Builder refresh(Duration refresh) {
            this.refresh = refresh;
            return this;
        }

        public Builder dnsServers(List<String> dnsServers) {
            this.dnsServers = dnsServers;
            return this;
        }

        public Builder stateDirectory(String stateDirectory) {
            this.stateDirectory = Optional.of(stateDirectory);
            return this;
        }

        public Builder cluster(Cluster cluster) {
            this.cluster = Optional.of(cluster);
            return this;
        }

        /** @throws IllegalArgumentException if a setting is out of range */
        public DiscoverySettings build() {
            return new DiscoverySettings(
                    new DiscoveryRules(grace, debounce, minShare, confirmAfter, maxMoved),
                    new Asking(refresh, dnsServers),
                    stateDirectory,
                    cluster);
        }
    }
}
