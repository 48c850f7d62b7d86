package io.memroute.proxy.metrics;

import io.memroute.proxy.stats.ConfigurationCounters;
import io.memroute.proxy.stats.ConfigurationCounters.Load;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The configuration in force and the loads so far.
 *
 * @param present whether the server was started with a configuration
 * @param digest of the configuration in force; empty without one, and for a Lua program of its own
 * @param lastSuccess when the configuration in force was loaded
 * @param recent the last loads, the newest first
 */
public record ConfigurationNumbers(
        boolean present,
        Optional<String> digest,
        long loads,
        long failedLoads,
        long cronRuns,
        long cronFailures,
        Optional<Instant> lastSuccess,
        List<Load> recent) {

    public static ConfigurationNumbers of(boolean present, Optional<String> digest, ConfigurationCounters counters) {
        return new ConfigurationNumbers(
                present,
                digest,
                counters.loads(),
                counters.failedLoads(),
                counters.cronRuns(),
                counters.cronFailures(),
                counters.lastSuccess(),
                counters.recentLoads());
    }
}
