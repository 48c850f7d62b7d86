package io.memroute.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.memroute.testkit.RefusingPort;
import io.memroute.testkit.UnansweredPort;
import io.memroute.transport.kernel.UringFootprint;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connecting, binding and accepting, and how they fail. */
@EnabledIf("io.memroute.transport.Uring#isAvailable")
class ConnectTest {

    private final Connections connections = new Connections(Connections.Family.IPV4);

    @Test
    void aRefusedConnectionFailsWithTheAddress() throws Exception {
        try (connections;
                RefusingPort port = RefusingPort.reserve()) {
            ChannelFuture connect = connections.bootstrap(new Recorder(false)).connect(loopback(port.port()));
            assertThat(connect.awaitUninterruptibly().cause())
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("Connection refused")
                    .hasMessageContaining(":" + port.port());
            Deadline.await("the channel to be closed", () -> !connect.channel().isOpen());
        }
    }

    @Test
    void aConnectionNobodyAnswersTimesOut() throws Exception {
        try (connections;
                UnansweredPort port = UnansweredPort.open()) {
            ChannelFuture connect = connections
                    .bootstrap(new Recorder(false))
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 100)
                    .connect(loopback(port.port()));
            assertThat(connect.awaitUninterruptibly().cause())
                    .isInstanceOf(ConnectTimeoutException.class)
                    .hasMessageContaining("100 ms");
        }
        assertThat(UringFootprint.now().sockets()).isZero();
    }

    @Test
    void anAttemptCanBeCancelledOrClosed() throws Exception {
        try (connections;
                UnansweredPort port = UnansweredPort.open()) {
            ChannelFuture cancelled = connections.bootstrap(new Recorder(false)).connect(loopback(port.port()));
            cancelled.cancel(true);
            Deadline.await(
                    "the channel to be closed", () -> !cancelled.channel().isOpen());
            ChannelFuture closed = connections.bootstrap(new Recorder(false)).connect(loopback(port.port()));
            closed.channel().close().syncUninterruptibly();
            assertThat(closed.awaitUninterruptibly().cause()).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void aPathNobodyListensOnIsNamed() {
        connections.close();
        try (Connections unix = new Connections(Connections.Family.UNIX)) {
            assertThat(unix.bootstrap(new Recorder(false))
                            .connect(UnixDomainSocketAddress.of("/nowhere/s"))
                            .awaitUninterruptibly()
                            .cause())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No such file or directory");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAddressInUseIsABindException(Connections.Family family) {
        connections.close();
        try (Connections first = new Connections(family).listen(false)) {
            Channel second = family == Connections.Family.UNIX
                    ? new UringServerUnixSocketChannel()
                    : new UringServerSocketChannel();
            first.group.register(second).syncUninterruptibly();
            assertThat(second.bind(first.server.localAddress())
                            .awaitUninterruptibly()
                            .cause())
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("Address already in use");
            second.close().syncUninterruptibly();
        }
    }

    @Test
    void acceptingCanBePaused() throws Exception {
        try (connections) {
            connections.listen(true);
            for (int i = 0; i < 20; i++) {
                connections.server.config().setAutoRead(false);
                connections.server.config().setAutoRead(true);
                try (SocketChannel client = connections.connect()) {
                    client.write(ByteBuffer.wrap(new byte[] {1}));
                    assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void connectionsThatWaitAreTakenOffWhenTheListenerCloses() throws Exception {
        try (connections) {
            connections.listen(true);
            try (SocketChannel one = connections.connect();
                    SocketChannel other = connections.connect()) {
                connections.accepted();
                connections.server.close().syncUninterruptibly();
                assertThat(one.isOpen() && other.isOpen()).isTrue();
            }
        }
    }

    @Test
    void optionsAreTheSockets() {
        try (connections) {
            connections.listen(false);
            UringSocketChannel channel =
                    (UringSocketChannel) connections.connect(connections.server.localAddress(), new Recorder(false));
            UringSocketConfig config = channel.config();
            assertThat(config.setOption(ChannelOption.TCP_NODELAY, true)).isTrue();
            assertThat(config.getOption(ChannelOption.TCP_NODELAY)).isTrue();
            assertThat(config.setOption(ChannelOption.SO_KEEPALIVE, true)).isTrue();
            assertThat(config.getOptions())
                    .containsEntry(ChannelOption.SO_KEEPALIVE, true)
                    .containsEntry(ChannelOption.SO_LINGER, -1);
            config.setSoLinger(3);
            assertThat(config.getSoLinger()).isEqualTo(3);
            config.setSoLinger(-1);
            config.setTrafficClass(0x10);
            assertThat(config.getTrafficClass()).isEqualTo(0x10);
            config.setReceiveBufferSize(100_000);
            assertThat(config.getReceiveBufferSize()).isGreaterThanOrEqualTo(100_000);
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
