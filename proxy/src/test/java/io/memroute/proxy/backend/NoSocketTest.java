package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.memroute.testkit.ScriptedBackend;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A backend is connected to again when there are file descriptors again. */
class NoSocketTest {

    private static final AtomicBoolean NO_DESCRIPTORS = new AtomicBoolean();

    /** What the system refuses to make while there are no file descriptors. */
    public static final class ScarceChannel extends NioSocketChannel {
        /** Called by Netty. */
        public ScarceChannel() {
            if (NO_DESCRIPTORS.get()) {
                throw new ChannelException("Too many open files");
            }
        }
    }

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Test
    void isConnectedToWhenThereAreDescriptorsAgain() throws Exception {
        NO_DESCRIPTORS.set(true);
        try (MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
                ScriptedBackend server = ScriptedBackend.start()) {
            BackendConnection connection = connection((SingleThreadEventLoop) loops.next(), server.port());
            loops.next().submit(connection::open).get();
            assertThat(next()).isEqualTo("connecting");
            assertThat(next()).isEqualTo("connecting");
            assertThat(next()).isEqualTo("markedbad");
            NO_DESCRIPTORS.set(false);
            assertThat(next()).isEqualTo("recovered");
            loops.next().submit(connection::close).get();
        }
    }

    private String next() throws InterruptedException {
        return events.poll(20, TimeUnit.SECONDS);
    }

    private BackendConnection connection(SingleThreadEventLoop loop, int port) {
        BackendSpec spec = BackendSpec.builder("127.0.0.1", port)
                .failureLimit(1)
                .retryWait(Duration.ofSeconds(1))
                .build();
        return new BackendConnection(
                spec,
                new BackendCounters(),
                new GetMerging(true),
                new BackendContext(recorded(), new BackendTls(), ServerOptions.DEFAULT_MARK_INTERVAL),
                new WorkerContext(
                        loop,
                        new ServerContext(
                                ScarceChannel.class,
                                ByteBufAllocator.DEFAULT,
                                Store.builder().build(),
                                new LogStreams(),
                                new MemoryLimit())));
    }

    private BackendEvents recorded() {
        return new BackendEvents() {
            @Override
            public void connectionFailed(
                    BackendSpec backend, BackendFailure failure, Throwable cause, int callsFailed, byte[] unread) {
                events.add(failure.word());
            }

            @Override
            public void markedBad(BackendSpec backend, boolean flapping, long retrySeconds) {
                events.add("markedbad");
            }

            @Override
            public void recovered(BackendSpec backend) {
                events.add("recovered");
            }

            @Override
            public void forgotten(BackendSpec backend, int badConnections) {}
        };
    }
}
