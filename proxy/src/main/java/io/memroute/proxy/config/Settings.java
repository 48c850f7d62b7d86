package io.memroute.proxy.config;

import java.util.OptionalLong;

/**
 * What holds for the whole proxy. Settings that only provide defaults for pools and backends are not here: they are
 * merged into {@link PoolOptions} and {@link BackendSpec}.
 *
 * @param activeRequestLimit requests in flight, over all workers, beyond which new ones are refused; 0: no limit
 * @param bufferMemoryLimitBytes bytes of buffered values and replies, over all workers, beyond which new ones are
 *     refused; 0: no limit; empty: a part of the memory of the machine that it runs on
 * @param allowFlushAll whether {@code flush_all} is sent to the backends instead of being refused
 * @param mergeGets whether neighbouring single-key gets to a backend travel as one multi-key get
 * @param missOnError what {@link RouteTree#missOnError()} is unless {@code routes{}} says otherwise
 */
public record Settings(
        int activeRequestLimit,
        OptionalLong bufferMemoryLimitBytes,
        boolean allowFlushAll,
        boolean mergeGets,
        boolean missOnError) {

    /** The settings without {@code settings{}}. */
    public static final Settings DEFAULTS = new Settings(0, OptionalLong.empty(), false, true, false);

    public Settings {
        if (activeRequestLimit < 0 || bufferMemoryLimitBytes.orElse(0) < 0) {
            throw new IllegalArgumentException("limits are 0 (none) or more");
        }
    }
}
