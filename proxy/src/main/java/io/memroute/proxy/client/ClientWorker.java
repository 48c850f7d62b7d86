package io.memroute.proxy.client;

import io.memroute.protocol.RequestParser;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.ArrayPool;
import io.memroute.proxy.wire.BufferMemory;
import io.memroute.proxy.wire.FlushQueue;
import io.memroute.proxy.wire.InputArena;
import io.memroute.store.Store;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.SingleThreadEventLoop;
import java.util.function.Supplier;

/** What the client connections of one worker share. Owned by the worker's thread. */
public final class ClientWorker {

    /** Exchanges kept for later: as many as a busy worker has in flight. */
    private static final int KEPT_EXCHANGES = 8192;

    /** Longest line of a command other than a multi-key get, as in memcached. */
    private static final int LINE_BYTES = RequestParser.DEFAULT_MAX_LINE;

    private final ByteBufAllocator allocator;
    private final ArrayPool arrays;
    private final FlushQueue flushQueue;
    private final WorkerCounters counters;
    private final BufferMemory memory;
    private final LargestReply largestReply;
    private final Store store;
    private final ClientLimits limits;
    private final AdminCommands admin;
    private final WatchCommand watch;
    private final Supplier<RouteTable> routes;
    private final ClientTimes times;
    private final ClientSweep sweep;
    private final InputArena arena = new InputArena();
    private final RequestParser parser;
    private final Exchange[] free = new Exchange[KEPT_EXCHANGES];
    private int freeCount;
    private long activeLimit;

    /** @param routes the routes in force, null where the embedded store answers everything */
    public ClientWorker(
            ByteBufAllocator allocator,
            ArrayPool arrays,
            FlushQueue flushQueue,
            WorkerCounters counters,
            BufferMemory memory,
            LargestReply largestReply,
            Store store,
            ClientLimits limits,
            AdminCommands admin,
            WatchCommand watch,
            ClientTimes times,
            SingleThreadEventLoop loop,
            Supplier<RouteTable> routes) {
        this.allocator = allocator;
        this.arrays = arrays;
        this.flushQueue = flushQueue;
        this.counters = counters;
        this.memory = memory;
        this.largestReply = largestReply;
        this.store = store;
        this.limits = limits;
        this.admin = admin;
        this.watch = watch;
        this.times = times;
        this.sweep = new ClientSweep(loop);
        this.routes = routes;
        this.parser = new RequestParser(LINE_BYTES, RequestParser.DEFAULT_MAX_MULTIGET_LINE, limits.valueBytes());
    }

    /** Sets this worker's share of the requests that may be active at one time; 0 is no limit. */
    public void setActiveLimit(long requests) {
        activeLimit = requests;
    }

    long activeLimit() {
        return activeLimit;
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    ArrayPool arrays() {
        return arrays;
    }

    FlushQueue flushQueue() {
        return flushQueue;
    }

    WorkerCounters counters() {
        return counters;
    }

    BufferMemory memory() {
        return memory;
    }

    /** A value of that length has passed, to or from a client. */
    void sawLarge(int bytes) {
        if (bytes > LargestReply.LEAST_BYTES) {
            largestReply.seen(bytes, System.nanoTime());
        }
    }

    /** The window of a client that has just connected. */
    RequestWindow newWindow() {
        return new RequestWindow(limits.requestsInFlight(), largestReply.bytes(System.nanoTime()));
    }

    Store store() {
        return store;
    }

    ClientLimits limits() {
        return limits;
    }

    AdminCommands admin() {
        return admin;
    }

    WatchCommand watch() {
        return watch;
    }

    ClientTimes times() {
        return times;
    }

    ClientSweep sweep() {
        return sweep;
    }

    RouteTable routes() {
        return routes.get();
    }

    InputArena arena() {
        return arena;
    }

    RequestParser parser() {
        return parser;
    }

    Exchange take() {
        return freeCount == 0 ? new Exchange(this) : free[--freeCount];
    }

    void give(Exchange exchange) {
        if (freeCount < KEPT_EXCHANGES) {
            free[freeCount++] = exchange;
        }
    }
}
