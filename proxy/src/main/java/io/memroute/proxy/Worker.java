package io.memroute.proxy;

import io.memroute.proxy.backend.BackendContext;
import io.memroute.proxy.backend.BackendRegistry;
import io.memroute.proxy.client.ClientContext;
import io.memroute.proxy.client.WorkerClients;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.route.NamedRoute;
import io.memroute.proxy.route.RouteMaker;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.stats.FunctionCounters;
import io.memroute.proxy.stats.HotKeys;
import io.memroute.proxy.stats.RequestCounters;
import io.memroute.proxy.stats.RouteTimes;
import io.memroute.proxy.stats.SlowRequests;
import io.memroute.proxy.stats.UserCounters;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.MemoryLimit;
import io.memroute.proxy.worker.ServerContext;
import io.memroute.proxy.worker.WorkerContext;
import io.netty.channel.SingleThreadEventLoop;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One event-loop thread with everything it needs to answer a request alone: its share of the clients, its own backend
 * connections, its compiled routes, its memory and its counters. Only the embedded store is shared with other workers.
 *
 * <p>One pass of its loop, which Netty runs:
 *
 * <pre>
 * for (socket : ready())                  // read, and route what has been read
 *     if (of a client)                    // ClientConnection.channelRead
 *         reader.receive(bytes)           //   RequestReader: parse; RequestDispatch: route.start(exchange)
 *                                         //   Pool.send(call): the line waits in the backend's RequestBatch
 *     else                                // BackendLink.channelRead
 *         matcher.take(bytes)             //   ReplyMatcher: call.replied(reply)
 *                                         //   ExchangeReply: the bytes wait in the client's ClientOutput
 * runTasks()                              // timers, sweeps, the switch to another configuration
 * flushQueue.run()                        // flush: each backend writes once, then each client
 * </pre>
 */
final class Worker {

    private final SingleThreadEventLoop loop;
    private final WorkerContext context;
    private final BackendRegistry backends;
    private final WorkerClients clients;
    private final MemoryLimit memoryLimit;
    private final int workers;
    private @Nullable RouteTable routes;

    /** @param workers how many there are of the server */
    Worker(
            SingleThreadEventLoop loop,
            ServerContext server,
            BackendContext backendContext,
            ClientContext clientContext,
            int workers) {
        this.loop = loop;
        this.context = new WorkerContext(loop, server);
        this.backends = new BackendRegistry(backendContext, context);
        this.clients = new WorkerClients(clientContext, context, () -> routes, workers);
        this.memoryLimit = server.memoryLimit();
        this.workers = workers;
    }

    SingleThreadEventLoop loop() {
        return loop;
    }

    /** The time on the worker's clock, which all workers share. Any thread. */
    long nanoTime() {
        return context.nanoTime();
    }

    /** Returns what has the client connections on this worker's loop. */
    WorkerClients clients() {
        return clients;
    }

    WorkerCounters counters() {
        return context.counters();
    }

    UserCounters userCounters() {
        return context.userCounters();
    }

    FunctionCounters functions() {
        return context.functions();
    }

    RequestCounters requests() {
        return context.requests();
    }

    HotKeys hotKeys() {
        return context.hotKeys();
    }

    SlowRequests slowRequests() {
        return context.slowRequests();
    }

    RouteTimes routeTimes() {
        return context.routeTimes();
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
        return plan.compile(new AwaitedBackends(backends, loop), context);
    }

    /** Has new requests take these routes; those on their way finish on the ones they started on. Any thread. */
    CompletableFuture<Void> install(RouteTable prepared) {
        return onLoop(() -> {
            RouteTable before = routes;
            routes = prepared;
            context.userCounters().show(prepared.counterNames());
            context.routeTimes().show(namedRoutes(prepared));
            limit(prepared.settings());
            if (before != null) {
                before.replace();
            }
            return null;
        });
    }

    private static List<String> namedRoutes(RouteTable table) {
        String suffix = NamedRoute.Counters.REQUESTS;
        return table.counterNames().stream()
                .filter(name -> name.endsWith(suffix))
                .map(name -> name.substring(0, name.length() - suffix.length()))
                .toList();
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
        clients.setClientRules(settings.clientRules(), workers);
        clients.setCluster(settings.discovery()
                .cluster()
                .map(cluster -> cluster.answer().getBytes(StandardCharsets.US_ASCII))
                .orElse(null));
        memoryLimit.set(settings.bufferMemoryLimitBytes().orElseGet(MemoryLimit::defaultBytes));
    }

    /** Gives up routes that were prepared but will not be used. Any thread. */
    CompletableFuture<Void> discard(RouteTable prepared) {
        return onLoop(() -> {
            prepared.replace();
            return null;
        });
    }

    /** Starts latency, hot keys and what was most at one time over. On the worker's thread. */
    void resetTimes() {
        context.requests().reset();
        context.routeTimes().reset();
        context.hotKeys().reset();
        backends.resetTimes();
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
