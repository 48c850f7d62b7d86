package io.memroute.proxy.backend;

import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.ArrayPool;
import io.memroute.proxy.wire.FlushQueue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.SingleThreadEventLoop;
import java.time.Duration;

/**
 * What a worker's backend connections share. Used on the worker's thread only.
 *
 * @param loop the worker's event loop
 * @param channelType what outgoing connections are made of
 * @param allocator for receive and send buffers
 * @param arrays for output buffers
 * @param flushQueue who writes at the end of the loop iteration
 * @param counters where to count
 * @param events who is told of failures
 * @param streams who watches the requests of backends with the option {@code log}
 * @param tls for backends that want it
 * @param markInterval how long a connection may be busy before its being in step is checked with a mark
 * @param scratch memory on the heap for taking small replies apart
 */
public record WorkerResources(
        SingleThreadEventLoop loop,
        Class<? extends Channel> channelType,
        ByteBufAllocator allocator,
        ArrayPool arrays,
        FlushQueue flushQueue,
        WorkerCounters counters,
        BackendEvents events,
        LogStreams streams,
        BackendTls tls,
        Duration markInterval,
        ByteBuf scratch) {

    /** Length of the scratch memory: twice the usual receive buffer. */
    private static final int SCRATCH_BYTES = 64 << 10;

    /** Resources with scratch memory of their own. */
    public WorkerResources(
            SingleThreadEventLoop loop,
            Class<? extends Channel> channelType,
            ByteBufAllocator allocator,
            ArrayPool arrays,
            FlushQueue flushQueue,
            WorkerCounters counters,
            BackendEvents events,
            LogStreams streams,
            BackendTls tls,
            Duration markInterval) {
        this(
                loop,
                channelType,
                allocator,
                arrays,
                flushQueue,
                counters,
                events,
                streams,
                tls,
                markInterval,
                Unpooled.wrappedBuffer(new byte[SCRATCH_BYTES]));
    }
}
