package io.memroute.proxy;

import io.memroute.proxy.backend.BackendEvents;
import io.memroute.proxy.backend.BackendRegistry;
import io.memroute.proxy.backend.BackendTls;
import io.memroute.proxy.backend.WorkerResources;
import io.memroute.proxy.client.AdminCommands;
import io.memroute.proxy.client.ClientLimits;
import io.memroute.proxy.client.ClientTimes;
import io.memroute.proxy.client.ClientWorker;
import io.memroute.proxy.client.LargestReply;
import io.memroute.proxy.client.WatchCommand;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.route.RouteMaker;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.route.RouteWorker;
import io.memroute.proxy.stats.FunctionCounters;
import io.memroute.proxy.stats.UserCounters;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.ArrayPool;
import io.memroute.proxy.wire.BufferMemory;
import io.memroute.proxy.wire.FlushQueue;
import io.memroute.proxy.wire.MemoryLimit;
import io.memroute.store.Store;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.SingleThreadEventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One event-loop thread with everything it needs to answer a request alone: its share of the clients, its own backend
 * connections, its compiled routes, its memory and its counters. Nothing here is shared with another worker except the
 * embedded store.
 */
final class Worker {

    private final SingleThreadEventLoop loop;
    private final RouteWorker routeWorker;
    private final WorkerCounters counters = new WorkerCounters();
    private final BackendRegistry backends;
    private final ClientWorker clients;
    private final int workers;
    private final MemoryLimit memoryLimit;
    private RouteTable routes;

    Worker(
            SingleThreadEventLoop loop,
            Class<? extends Channel> channelType,
            ByteBufAllocator allocator,
            Store store,
            ClientLimits limits,
            ClientTimes times,
            AdminCommands admin,
            WatchCommand watch,
            LogStreams streams,
            BackendEvents events,
            BackendTls tls,
            Duration markInterval,
            MemoryLimit memoryLimit,
            LargestReply largestReply,
            int workers) {
        this.loop = loop;
        this.memoryLimit = memoryLimit;
        BufferMemory memory = new BufferMemory(memoryLimit, counters, loop);
        this.routeWorker = new RouteWorker(
                loop, allocator, memory, counters, new UserCounters(), new FunctionCounters(), store, streams);
        this.workers = workers;
        ArrayPool arrays = new ArrayPool();
        FlushQueue flushQueue = new FlushQueue(loop);
        backends = new BackendRegistry(new WorkerResources(
                loop, channelType, allocator, arrays, flushQueue, counters, events, streams, tls, markInterval));
        clients = new ClientWorker(
                allocator,
                arrays,
                flushQueue,
                counters,
                memory,
                largestReply,
                store,
                limits,
                admin,
                watch,
                times,
                loop,
                () -> routes);
    }

    SingleThreadEventLoop loop() {
        return loop;
    }

    /** For connections on this worker's loop. */
    ClientWorker clients() {
        return clients;
    }

    WorkerCounters counters() {
        return counters;
    }

    UserCounters userCounters() {
        return routeWorker.userCounters();
    }

    FunctionCounters functions() {
        return routeWorker.functions();
    }

    BackendRegistry backends() {
        return backends;
    }

    /**
     * Builds the routes of a configuration, without using them yet. The worker goes on serving meanwhile: only its
     * connections are made on its thread, and what Lua does takes the time of the configuration thread, which calls
     * this.
     *
     * @throws ConfigException if the configuration cannot be used after all; nothing is held then
     */
    RouteTable prepare(RouteMaker plan) throws ConfigException {
        return plan.compile(new AwaitedBackends(backends, loop), routeWorker);
    }

    /** Has new requests take these routes; those on their way finish on the ones they started on. Any thread. */
    CompletableFuture<Void> install(RouteTable prepared) {
        return onLoop(() -> {
            RouteTable before = routes;
            routes = prepared;
            routeWorker.userCounters().show(prepared.counterNames());
            limit(prepared.settings());
            if (before != null) {
                before.replace();
            }
            return null;
        });
    }

    /** Has other limits hold. Any thread. */
    CompletableFuture<Void> apply(Settings settings) {
        return onLoop(() -> {
            limit(settings);
            return null;
        });
    }

    private void limit(Settings settings) {
        clients.setActiveLimit(share(settings.activeRequestLimit()));
        memoryLimit.set(settings.bufferMemoryLimitBytes().orElseGet(MemoryLimit::defaultBytes));
    }

    /** Gives up routes that were prepared but will not be used. Any thread. */
    CompletableFuture<Void> discard(RouteTable prepared) {
        return onLoop(() -> {
            prepared.replace();
            return null;
        });
    }

    /** Closes the backend connections. Any thread. */
    CompletableFuture<Void> close() {
        return onLoop(() -> {
            backends.close();
            return null;
        });
    }

    /** This worker's part of a limit over all workers: never 0, which would be no limit. */
    private long share(long limit) {
        return Math.ceilDiv(limit, workers);
    }

    private <T> CompletableFuture<T> onLoop(Supplier<T> action) {
        return CompletableFuture.supplyAsync(action, loop);
    }
}
