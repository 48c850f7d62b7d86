package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.backend.events.BackendEvents;
import io.memroute.proxy.backend.events.BackendFailure;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.TlsOptions;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.ScriptedBackend;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said of a server that does not begin as a memcached does, and of one that does on a busy machine. */
class BackendHandshakeTest {

    /** Long enough for what a test does before it has to pass, on a machine that is busy. */
    private static final Duration SHORT = Duration.ofMillis(200);

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final SingleThreadEventLoop loop = (SingleThreadEventLoop) loops.next();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final ScriptedBackend backend = ScriptedBackend.startMute();

    @AfterEach
    void stop() {
        backend.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private BackendConnection open(Duration connectTimeout, TlsOptions tls) throws Exception {
        BackendSpec spec = BackendSpec.builder("127.0.0.1", backend.port())
                .connectTimeout(connectTimeout)
                .readTimeout(SHORT)
                .tls(tls)
                .failureLimit(0)
                .build();
        BackendEvents recorded = new BackendEvents() {
            @Override
            public void connectionFailed(
                    BackendSpec of, BackendFailure failure, Throwable cause, int callsFailed, byte[] unread) {
                events.add(failure + " " + new String(unread, StandardCharsets.ISO_8859_1));
            }

            @Override
            public void markedBad(BackendSpec of, boolean flapping, long retrySeconds) {}

            @Override
            public void recovered(BackendSpec of) {}

            @Override
            public void forgotten(BackendSpec of, int badConnections) {}
        };
        BackendConnection connection = TestedBackend.connection(spec, loop, NioSocketChannel.class, recorded);
        loop.submit(connection::open).sync();
        return connection;
    }

    private String told() throws InterruptedException {
        return events.poll(Deadline.USUAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void tellsWhatAServerAnsweredThatWantsAPassword() throws Exception {
        open(SHORT, TlsOptions.OFF);
        ScriptedBackend.Connection server = backend.accept();
        server.expect("version\r\n");
        server.send("CLIENT_ERROR unauthenticated\r\n");
        assertThat(told()).isEqualTo("LOGIN_WANTED CLIENT_ERROR unauthenticated\r\n");
    }

    @Test
    void tellsThatAServerSaysNothing() throws Exception {
        open(SHORT, TlsOptions.OFF);
        backend.accept().expect("version\r\n");
        assertThat(told()).isEqualTo("READ_VALIDATE ");
    }

    @Test
    void tellsAStalledTlsHandshakeFromAMissingAnswer() throws Exception {
        open(SHORT, TlsOptions.OFF.enabled(true));
        try (ScriptedBackend.Connection silent = backend.accept()) {
            assertThat(told()).isEqualTo("TLS_TIMEOUT ");
        }
    }

    @Test
    void givesTheHandshakeAsLongAsConnecting() throws Exception {
        BackendConnection connection = open(Deadline.USUAL, TlsOptions.OFF);
        ScriptedBackend.Connection server = backend.accept();
        server.expect("version\r\n");
        waitLongerThanTheReadTimeout();
        server.send("VERSION 1.6.45\r\n");
        assertServes(connection, server);
    }

    @Test
    void readsWhatHasComeBeforeItJudgesAfterTheLoopWasBusy() throws Exception {
        BackendConnection connection = open(SHORT, TlsOptions.OFF);
        ScriptedBackend.Connection server = backend.accept();
        server.expect("version\r\n");
        CountDownLatch busy = keepTheLoopBusyReading();
        server.send("VERSION 1.6.45\r\n");
        waitLongerThanTheReadTimeout();
        busy.countDown();
        assertServes(connection, server);
    }

    /** Within an event of another socket: timers that are due come next, before the sockets are looked at again. */
    private CountDownLatch keepTheLoopBusyReading() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) throws InterruptedException {
                        ReferenceCountUtil.release(message);
                        began.countDown();
                        end.await();
                    }
                })
                .connect("127.0.0.1", backend.port())
                .sync();
        backend.accept().send("x");
        assertThat(began.await(Deadline.USUAL.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return end;
    }

    private static void waitLongerThanTheReadTimeout() {
        long end = System.nanoTime() + SHORT.multipliedBy(2).toNanos();
        Deadline.await("the read timeout to pass", () -> System.nanoTime() - end > 0);
    }

    private void assertServes(BackendConnection connection, ScriptedBackend.Connection server) throws Exception {
        loop.submit(() -> connection.sendLine(RecordedCall.of("mn\r\n"), "mn\r\n".getBytes(StandardCharsets.US_ASCII)))
                .sync();
        server.expect("mn\r\n");
        assertThat(events).isEmpty();
    }
}
