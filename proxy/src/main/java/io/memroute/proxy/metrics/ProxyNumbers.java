package io.memroute.proxy.metrics;

import io.memroute.proxy.metrics.LoopWatch.LoopNumbers;
import io.memroute.proxy.stats.CommandClass;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.ReplyKind;
import java.util.List;
import java.util.Map;

/**
 * All numbers of a proxy at one moment, added up over its workers.
 *
 * @param readiness whether clients may be sent here
 * @param counters every {@link Counter}
 * @param commands requests given to a route, by the command's word; every command that is counted is there
 * @param results the same by command and outcome, counted when they end; every command and every kind is there
 * @param latency by class of commands: from when the last byte of a request was read until the last byte of its reply
 *     was written; a multi-key get counts once. Requests without a reply do not count; every class is there
 * @param named the counters that the configuration and Lua programs name; may be negative
 * @param backends in the order of their labels
 * @param pools those of the configuration in force
 * @param groups clients by the tag of their listener, in the order of tags
 * @param identities clients by identity, as far as rules are about them, in the order of names
 * @param refusals requests that rules of access and quotas have refused, by the place of the rule
 * @param routes those that the configuration names
 * @param hotKeys the keys that most requests to servers are about, the hottest first
 */
public record ProxyNumbers(
        Readiness readiness,
        Map<Counter, Long> counters,
        Map<String, Long> commands,
        Map<String, Map<ReplyKind, Long>> results,
        Map<CommandClass, Distribution> latency,
        Map<String, Long> named,
        Clients clients,
        Limits limits,
        List<BackendNumbers> backends,
        List<PoolNumbers> pools,
        List<ClientNumbers> groups,
        List<IdentityNumbers> identities,
        Map<String, Long> refusals,
        List<RouteNumbers> routes,
        List<HotKey> hotKeys,
        ConfigurationNumbers configuration,
        List<LoopNumbers> loops,
        Watchers watchers,
        StoreNumbers store) {

    /**
     * Whether clients may be sent here.
     *
     * @param listening the addresses are bound and accept
     * @param configured a configuration is in force, or none is needed
     * @param ending the server has been asked to end
     */
    public record Readiness(boolean listening, boolean configured, boolean ending) {
        public boolean ready() {
            return listening && configured && !ending;
        }
    }

    /**
     * @param limit connections at one time
     * @param refused connections told that there are too many
     * @param acceptPauses times that the system could not give a client a connection
     */
    public record Clients(int limit, long refused, long acceptPauses) {}

    /** @param activeRequests 0 if there is no limit */
    public record Limits(long activeRequests, long bufferMemoryBytes) {}

    /** Clients that watch, and their lines. */
    public record Watchers(long now, long sent, long skipped) {}

    /** The embedded store. */
    public record StoreNumbers(long items, long bytes, long limitBytes, long evictions) {}

    public long count(Counter counter) {
        return counters.getOrDefault(counter, 0L);
    }

    public Overview overview() {
        return Overview.of(counters, results, latency);
    }
}
