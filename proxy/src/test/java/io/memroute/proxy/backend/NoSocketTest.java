package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.testkit.ScriptedBackend;
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
        return TestedBackend.connection(spec, loop, ScarceChannel.class, TestedBackend.record(events));
    }
}
