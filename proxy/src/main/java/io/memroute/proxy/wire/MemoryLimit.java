package io.memroute.proxy.wire;

import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import io.netty.util.internal.PlatformDependent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The limit of the memory that the buffers of all workers may hold: {@code buffer_memory_limit}. Thread safe. */
public final class MemoryLimit {

    /**
     * The part of the memory outside the heap that buffers may take if no limit is set: the rest is for reads and
     * writes.
     */
    private static final int DEFAULT_PART = 4;

    private final List<WorkerCounters> workers = new CopyOnWriteArrayList<>();
    private volatile long bytes = defaultBytes();
    private volatile long shareBytes;

    /**
     * The limit if none is set: a quarter of what the JVM may allocate outside its heap, which is as much as its heap
     * ({@code -Xmx}) unless {@code -XX:MaxDirectMemorySize} says otherwise.
     */
    public static long defaultBytes() {
        return PlatformDependent.maxDirectMemory() / DEFAULT_PART;
    }

    /** Sets the limit; 0 is none. */
    public synchronized void set(long limitBytes) {
        bytes = limitBytes;
        shareBytes = Math.ceilDiv(limitBytes, Math.max(1, workers.size()));
    }

    /** The limit in bytes; 0 is none. */
    public long bytes() {
        return bytes;
    }

    /** Adds a worker that shares the limit. */
    synchronized void join(WorkerCounters counters) {
        workers.add(counters);
        set(bytes);
    }

    /** Each worker's share of the limit. */
    long shareBytes() {
        return shareBytes;
    }

    /** The bytes that all workers hold. */
    long used() {
        long sum = 0;
        for (int i = 0; i < workers.size(); i++) {
            sum += workers.get(i).get(Counter.BUFFER_MEMORY);
        }
        return sum;
    }
}
