package io.memroute.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.ScriptedBackend;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server whose name leads elsewhere while requests are on their way to it. */
class MovingServerTest {

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final SingleThreadEventLoop loop = (SingleThreadEventLoop) loops.next();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final ScriptedBackend backend = ScriptedBackend.start();

    @AfterEach
    void stop() {
        backend.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private BackendConnection open() throws InterruptedException {
        BackendConnection connection = TestedBackend.connection(
                BackendSpec.builder("127.0.0.1", backend.port()).build(),
                loop,
                NioSocketChannel.class,
                TestedBackend.record(events));
        loop.submit(connection::open).sync();
        return connection;
    }

    @Test
    void answersWhatIsOnItsWayAndHasTheRestGoToTheNewPlace() throws Exception {
        BackendConnection connection = open();
        ScriptedBackend.Connection before = backend.accept();

        RecordedCall first = RecordedCall.of("md a\r\n");
        loop.submit(() -> connection.send(first)).sync();
        before.expect("md a\r\n");
        RecordedCall second = RecordedCall.of("md b\r\n");
        loop.submit(() -> {
                    connection.moved();
                    connection.send(second);
                })
                .sync();
        before.send("HD\r\n");
        before.expectClosed();

        ScriptedBackend.Connection after = backend.accept();
        after.expect("md b\r\n");
        after.send("NF\r\n");
        // An idle connection moves at once.
        RecordedCall third = RecordedCall.of("md c\r\n");
        loop.submit(() -> connection.send(third)).sync();
        after.expect("md c\r\n");
        after.send("HD\r\n");
        Deadline.await(
                "the answer",
                () -> loop.submit(connection::depth).syncUninterruptibly().getNow() == 0);
        loop.submit(connection::moved).sync();
        after.expectClosed();
        backend.accept();

        assertThat(loop.submit(first::answers).get()).containsExactly("HD\r\n");
        assertThat(loop.submit(second::answers).get()).containsExactly("NF\r\n");
        assertThat(events).isEmpty();
    }

    /** Only the answer to a request behind it tells where the one to the get ends. */
    @Test
    void staysUntilItIsClearHowASharedGetWasAnswered() throws Exception {
        BackendConnection connection = open();
        ScriptedBackend.Connection before = backend.accept();
        RecordedCall first = RecordedCall.of("get a\r\n");
        RecordedCall second = RecordedCall.of("get b\r\n");
        loop.submit(() -> {
                    connection.send(first);
                    connection.send(second);
                })
                .sync();
        before.expect("get a b\r\n");
        loop.submit(connection::moved).sync();

        before.send("SERVER_ERROR busy\r\n");
        before.expect("version\r\n");
        before.send("VERSION 1.6.45\r\n");
        before.expect("get a\r\nget b\r\n");
        before.send("END\r\nEND\r\n");
        Deadline.await(
                "the answers",
                () -> loop.submit(connection::depth).syncUninterruptibly().getNow() == 0);
        assertThat(loop.submit(first::answers).get()).containsExactly("END\r\n");
        assertThat(loop.submit(second::answers).get()).containsExactly("END\r\n");

        loop.submit(connection::moved).sync();
        before.expectClosed();
        backend.accept();
    }
}
