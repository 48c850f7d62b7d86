package io.memroute.proxy.tls;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for what takes long in a handshake: signatures, agreement on keys, hashes of passwords. A worker would serve
 * nobody meanwhile.
 *
 * <p>A connection has one task here at a time, so that the queue is no longer than there are connections.
 */
public final class HandshakeThreads {

    /** They end when there have been no handshakes for this long. */
    private static final long IDLE_SECONDS = 30;

    private static final ThreadPoolExecutor THREADS = threads();

    private HandshakeThreads() {}

    private static ThreadPoolExecutor threads() {
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count,
                count,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("memroute-handshakes-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Runs tasks, the first that came first. */
    public static Executor executor() {
        return THREADS;
    }
}
