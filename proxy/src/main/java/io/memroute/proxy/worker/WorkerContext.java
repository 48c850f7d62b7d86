package io.memroute.proxy.worker;

import io.memroute.proxy.fairness.Turns;
import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.stats.FunctionCounters;
import io.memroute.proxy.stats.HotKeys;
import io.memroute.proxy.stats.RequestCounters;
import io.memroute.proxy.stats.RouteTimes;
import io.memroute.proxy.stats.SlowRequests;
import io.memroute.proxy.stats.UserCounters;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.ArrayBytes;
import io.memroute.proxy.wire.ArrayPool;
import io.memroute.proxy.wire.BufferMemory;
import io.memroute.proxy.wire.FlushQueue;
import io.memroute.store.Store;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One worker's clock, memory and counters, which its clients, routes and connections to backends share. Used on the
 * worker's thread only, but routes are made with it on the configuration thread.
 */
public final class WorkerContext {

    /** Length of the scratch memory: twice the usual receive buffer. */
    private static final int SCRATCH_BYTES = 64 << 10;

    private final ServerContext server;
    private final EventLoop loop;
    private final FlushQueue flushQueue;
    private final Turns turns;
    private final WorkerCounters counters = new WorkerCounters();
    private final UserCounters userCounters = new UserCounters();
    private final RequestCounters requests = new RequestCounters();
    private final RouteTimes routeTimes = new RouteTimes();
    private final HotKeys hotKeys = new HotKeys();
    private final SlowRequests slowRequests = new SlowRequests();
    private final FunctionCounters functions = new FunctionCounters();
    private final ArrayPool arrays = new ArrayPool();
    private final BufferMemory memory;
    /** Made with the first connection: a worker that explains a configuration has none. */
    private @Nullable ByteBuf scratch;

    /** A worker on an event loop of its own. */
    public WorkerContext(SingleThreadEventLoop loop, ServerContext server) {
        this(loop, loop::executeAfterEventLoopIteration, server);
    }

    /** @param endOfPass runs tasks at the end of the loop pass in which they are given to it */
    public WorkerContext(EventLoop loop, Executor endOfPass, ServerContext server) {
        this.loop = loop;
        this.server = server;
        this.flushQueue = new FlushQueue(endOfPass, this::nanoTime);
        this.turns = new Turns(
                loop,
                endOfPass,
                task -> loop.schedule(task, Turns.PATIENCE_NANOS, TimeUnit.NANOSECONDS),
                flushQueue::passNanos);
        this.memory = new BufferMemory(server.memoryLimit(), counters, loop);
    }

    /** The worker's event loop: its clock and its timers. */
    public EventLoop loop() {
        return loop;
    }

    /** The time on the loop's clock. */
    public long nanoTime() {
        return loop.ticker().nanoTime();
    }

    /** The time on the loop's clock at which this loop pass began: for measuring, at the price of a comparison. */
    public long passNanos() {
        return flushQueue.passNanos();
    }

    /** The type of connections to backends. */
    public Class<? extends Channel> channelType() {
        return server.channelType();
    }

    /** Allocates the buffers that are read into and written from, and those of large replies that are kept. */
    public ByteBufAllocator allocator() {
        return server.allocator();
    }

    /** The arrays of output buffers. */
    public ArrayPool arrays() {
        return arrays;
    }

    /** The connections that write at the end of this loop pass. */
    public FlushQueue flushQueue() {
        return flushQueue;
    }

    /** The turns of its clients. */
    public Turns turns() {
        return turns;
    }

    /** Counts the values and replies that are held. */
    public BufferMemory memory() {
        return memory;
    }

    /** The counters that every worker has. */
    public WorkerCounters counters() {
        return counters;
    }

    /** The counters that routes and scripts have by name. */
    public UserCounters userCounters() {
        return userCounters;
    }

    /** The outcome and the latency of clients' requests. */
    public RequestCounters requests() {
        return requests;
    }

    /** The latency of the routes that have a name. */
    public RouteTimes routeTimes() {
        return routeTimes;
    }

    /** The keys that most requests to servers are about. */
    public HotKeys hotKeys() {
        return hotKeys;
    }

    /** The requests that its clients have waited for longest. */
    public SlowRequests slowRequests() {
        return slowRequests;
    }

    /** The functions of scripts that there are. */
    public FunctionCounters functions() {
        return functions;
    }

    /** The embedded store, which is also the child {@code internal} of routes. */
    public Store store() {
        return server.store();
    }

    /** The watchers of the log. */
    public LogStreams streams() {
        return server.streams();
    }

    /** Memory on the heap for taking small replies apart; its bytes are valid until the next read. */
    public ByteBuf scratch() {
        if (scratch == null) {
            scratch = new ArrayBytes(new byte[SCRATCH_BYTES]);
        }
        return scratch;
    }
}
