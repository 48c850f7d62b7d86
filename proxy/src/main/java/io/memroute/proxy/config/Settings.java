package io.memroute.proxy.config;

import io.memroute.proxy.access.ClientRules;
import io.memroute.proxy.discovery.DiscoverySettings;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Settings of the whole proxy. Settings that only provide defaults for pools and backends are not here: they are merged
 * into {@link PoolOptions} and {@link BackendSpec}.
 *
 * @param activeRequestLimit requests in flight, over all workers, beyond which new ones are refused; 0: no limit
 * @param bufferMemoryLimitBytes bytes of buffered values and replies, over all workers, beyond which new ones are
 *     refused; 0: no limit; empty: a part of the memory of the machine that it runs on
 * @param allowFlushAll whether {@code flush_all} is sent to the backends instead of being refused
 * @param mergeGets whether neighbouring single-key gets to a backend travel as one multi-key get
 * @param missOnError what {@link RouteTree#missOnError()} is unless {@code routes{}} says otherwise
 * @param discovery how sources of servers are asked, and what is made of their answers
 * @param clientRules what which clients may do
 */
public record Settings(
        int activeRequestLimit,
        OptionalLong bufferMemoryLimitBytes,
        boolean allowFlushAll,
        boolean mergeGets,
        boolean missOnError,
        DiscoverySettings discovery,
        ClientRules clientRules) {

    /** The settings without {@code settings{}}. */
    public static final Settings DEFAULTS =
            new Settings(0, OptionalLong.empty(), false, true, false, DiscoverySettings.DEFAULTS, ClientRules.NONE);

    public Settings {
        Objects.requireNonNull(discovery, "discovery");
        Objects.requireNonNull(clientRules, "clientRules");
        if (activeRequestLimit < 0 || bufferMemoryLimitBytes.orElse(0) < 0) {
            throw new IllegalArgumentException("limits are 0 (none) or more");
        }
    }

    /** A builder holding every default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings of the whole proxy, later calls overriding earlier ones. */
    public static final class Builder {

        private int activeRequestLimit = DEFAULTS.activeRequestLimit;
        private OptionalLong bufferMemoryLimitBytes = DEFAULTS.bufferMemoryLimitBytes;
        private boolean allowFlushAll = DEFAULTS.allowFlushAll;
        private boolean mergeGets = DEFAULTS.mergeGets;
        private boolean missOnError = DEFAULTS.missOnError;
        private final DiscoverySettings.Builder discovery = DiscoverySettings.builder();
        private ClientRules clientRules = ClientRules.NONE;

        private Builder() {}

        public Builder activeRequestLimit(int activeRequestLimit) {
            this.activeRequestLimit = activeRequestLimit;
            return this;
        }

        public Builder bufferMemoryLimitBytes(long bufferMemoryLimitBytes) {
            this.bufferMemoryLimitBytes = OptionalLong.of(bufferMemoryLimitBytes);
            return this;
        }

        public Builder allowFlushAll(boolean allowFlushAll) {
            this.allowFlushAll = allowFlushAll;
            return this;
        }

        public Builder mergeGets(boolean mergeGets) {
            this.mergeGets = mergeGets;
            return this;
        }

        public Builder missOnError(boolean missOnError) {
            this.missOnError = missOnError;
            return this;
        }

        public Builder clientRules(ClientRules clientRules) {
            this.clientRules = clientRules;
            return this;
        }

        /** The builder of the settings of sources, which is part of this one. */
        public DiscoverySettings.Builder discovery() {
            return discovery;
        }

        public Settings build() {
            return new Settings(
                    activeRequestLimit,
                    bufferMemoryLimitBytes,
                    allowFlushAll,
                    mergeGets,
                    missOnError,
                    discovery.build(),
                    clientRules);
        }
    }
}
