package io.memroute.proxy.backend;

import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.backend.connect.BackendTls;
import io.memroute.proxy.backend.events.BackendEvents;
import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.log.LogStreams;
import io.memroute.proxy.wire.MemoryLimit;
import io.memroute.proxy.worker.ServerContext;
import io.memroute.proxy.worker.WorkerContext;
import io.memroute.store.Store;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.BlockingQueue;

/** A backend of a test: a connection to it with all that it needs, and a record of its events. */
final class TestedBackend {

    private TestedBackend() {}

    /** A connection that has not been opened. */
    static BackendConnection connection(
            BackendSpec spec,
            SingleThreadEventLoop loop,
            Class<? extends SocketChannel> channel,
            BackendEvents events) {
        return new BackendConnection(
                spec,
                new BackendCounters(),
                new GetMerging(true),
                new BackendContext(events, new BackendTls(), ServerOptions.DEFAULT_MARK_INTERVAL),
                new WorkerContext(
                        loop,
                        new ServerContext(
                                channel,
                                ByteBufAllocator.DEFAULT,
                                Store.builder().build(),
                                new LogStreams(),
                                new MemoryLimit())));
    }

    /** Writes events as words: that of a failure, {@code markedbad}, {@code recovered}, {@code forgotten}. */
    static BackendEvents record(BlockingQueue<String> words) {
        return new BackendEvents() {
            @Override
            public void connectionFailed(
                    BackendSpec backend, BackendFailure failure, Throwable cause, int callsFailed, byte[] unread) {
                words.add(failure.word());
            }

            @Override
            public void markedBad(BackendSpec backend, boolean flapping, long retrySeconds) {
                words.add("markedbad");
            }

            @Override
            public void recovered(BackendSpec backend) {
                words.add("recovered");
            }

            @Override
            public void forgotten(BackendSpec backend, int badConnections) {
                words.add("forgotten");
            }
        };
    }
}
