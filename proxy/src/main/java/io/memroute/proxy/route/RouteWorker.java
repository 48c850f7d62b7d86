package io.memroute.proxy.route;

import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.stats.FunctionCounters;
import io.memroute.proxy.stats.UserCounters;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.BufferMemory;
import io.memroute.proxy.wire.MemoryLimit;
import io.memroute.store.Store;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;

/**
 * What a worker's routes use of their worker. For its thread only, but routes are made with it on another one.
 *
 * @param executor the worker's event loop: its clock and its timers
 * @param allocator for large replies that are kept
 * @param memory where their bytes are counted
 * @param counters what every worker counts
 * @param userCounters the counters that routes have by name
 * @param functions the functions of scripts that there are
 * @param store what the child {@code internal} is
 * @param streams who watches what scripts say
 */
public record RouteWorker(
        EventExecutor executor,
        ByteBufAllocator allocator,
        BufferMemory memory,
        WorkerCounters counters,
        UserCounters userCounters,
        FunctionCounters functions,
        Store store,
        LogStreams streams) {

    /** A worker without scripts that nobody watches, alone with the usual limit of memory. */
    public RouteWorker(
            EventExecutor executor,
            ByteBufAllocator allocator,
            WorkerCounters counters,
            UserCounters userCounters,
            Store store) {
        this(
                executor,
                allocator,
                new BufferMemory(new MemoryLimit(), counters, executor),
                counters,
                userCounters,
                new FunctionCounters(),
                store,
                new LogStreams());
    }

    /** The time on the loop's clock. */
    long nanoTime() {
        return executor.ticker().nanoTime();
    }
}
