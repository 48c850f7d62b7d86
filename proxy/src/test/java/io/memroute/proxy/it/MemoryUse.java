package io.memroute.proxy.it;

import io.memroute.transport.kernel.UringFootprint;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

/** The memory that buffers of this JVM's proxies hold: what a client that does not read could make grow. */
public final class MemoryUse {

    private MemoryUse() {}

    /**
     * Bytes of buffers in use, on and off the heap. Those that a ring keeps to receive into are no client's: they are
     * few, and stay as many as were ever wanted at once.
     */
    public static long bytes() {
        ByteBufAllocatorMetric unpooled = UnpooledByteBufAllocator.DEFAULT.metric();
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory()
                + PooledByteBufAllocator.DEFAULT.pinnedHeapMemory()
                + unpooled.usedDirectMemory()
                + unpooled.usedHeapMemory()
                - UringFootprint.now().receiveBufferBytes();
    }

    /**
     * The same without buffers that are left to the collector, whose end nobody counts: what stays in use if it is not
     * released.
     */
    public static long bytesToRelease() {
        return bytes() - UnpooledByteBufAllocator.DEFAULT.metric().usedHeapMemory();
    }

    /** What is in use by kind, for telling what is not released. */
    static String inDetail() {
        PooledByteBufAllocator pooled = PooledByteBufAllocator.DEFAULT;
        ByteBufAllocatorMetric unpooled = UnpooledByteBufAllocator.DEFAULT.metric();
        return "pooled " + pooled.pinnedDirectMemory() + " off and " + pooled.pinnedHeapMemory()
                + " on the heap, unpooled " + unpooled.usedDirectMemory() + " off and " + unpooled.usedHeapMemory()
                + " on it, " + UringFootprint.now();
    }
}
