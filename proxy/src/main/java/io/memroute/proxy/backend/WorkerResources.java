package io.memroute.proxy.backend;

import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.proxy.wire.ArrayPool;
import io.memroute.proxy.wire.FlushQueue;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.SingleThreadEventLoop;

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
 * @param tls for backends that want it
 */
public record WorkerResources(
        SingleThreadEventLoop loop,
        Class<? extends Channel> channelType,
        ByteBufAllocator allocator,
        ArrayPool arrays,
        FlushQueue flushQueue,
        WorkerCounters counters,
        BackendEvents events,
        BackendTls tls) {}
