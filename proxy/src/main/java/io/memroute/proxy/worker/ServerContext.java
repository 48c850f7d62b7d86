package io.memroute.proxy.worker;

import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.wire.MemoryLimit;
import io.memroute.store.Store;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;

/**
 * The objects that all workers of one server share. All of them are thread safe.
 *
 * @param channelType the type of connections to backends
 * @param allocator allocates the buffers that are read into and written from
 * @param store the embedded store, which is also the child {@code internal} of routes
 * @param streams the watchers of the log
 * @param memoryLimit the limit of what the buffers of all workers may hold together
 */
public record ServerContext(
        Class<? extends Channel> channelType,
        ByteBufAllocator allocator,
        Store store,
        LogStreams streams,
        MemoryLimit memoryLimit) {

    /** A server that makes no connections and that nobody watches, with the usual limit of memory. */
    public static ServerContext offline(ByteBufAllocator allocator, Store store) {
        return new ServerContext(Channel.class, allocator, store, new LogStreams(), new MemoryLimit());
    }
}
