package io.memroute.proxy.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.Transport;
import io.memroute.proxy.client.accept.ClientTaker;
import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.proxy.client.accept.MovingClient;
import io.memroute.proxy.tls.ListenerTls;
import io.memroute.proxy.tls.TlsSettings;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.TestCertificate;
import io.memroute.transport.kernel.SocketDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that move from one server to another, as in an upgrade, but within this JVM. */
class MovingClientTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    private Path directory;

    private Optional<TlsSettings> tls = Optional.empty();
    private ProxyServer before;
    private ProxyServer after;
    private final ConcurrentLinkedQueue<MovingClient> moved = new ConcurrentLinkedQueue<>();

    /** Those of both servers. */
    static Stream<Arguments> transports() {
        List<Transport> able = Transport.allAvailable().stream()
                .filter(each -> each == Transport.EPOLL || each == Transport.IO_URING)
                .toList();
        return able.stream().flatMap(from -> able.stream().map(to -> Arguments.of(from, to)));
    }

    @AfterEach
    void stop() {
        for (ProxyServer each : new ProxyServer[] {before, after}) {
            if (each != null) {
                each.close();
            }
        }
    }

    private void start(Transport transport, UnaryOperator<ListenerSpec> listener, Path passwords) throws Exception {
        before = ProxyServer.start(
                options(transport, listener, passwords).drainTimeout(LONG).build());
    }

    private ServerOptions.Builder options(Transport transport, UnaryOperator<ListenerSpec> listener, Path passwords) {
        ServerOptions.Builder options = ServerOptions.builder()
                .workers(1)
                .transport(transport)
                .listener(listener.apply(ListenerSpec.tcp("127.0.0.1", 0)));
        tls.ifPresent(options::tls);
        return passwords == null ? options : options.passwords(passwords);
    }

    private SocketAddress address() {
        return before.addresses().getFirst();
    }

    private RawClient connect() {
        return RawClient.connect(address());
    }

    /** Has another server take over everything; returns when the first one has ended. */
    private void replace(Transport transport, UnaryOperator<ListenerSpec> listener, Path passwords) throws Exception {
        prepare(transport, listener, passwords);
        leave().get();
    }

    private void prepare(Transport transport, UnaryOperator<ListenerSpec> listener, Path passwords) throws Exception {
        List<GivenSocket> sockets = new ArrayList<>();
        for (GivenSocket socket : before.sockets()) {
            sockets.add(GivenSocket.of(SocketDescriptor.duplicate(socket.descriptor()), false));
        }
        after = ProxyServer.prepare(
                options(transport, listener, passwords).given(sockets).build());
        before.pauseAccepting();
        after.prepareAccepting();
        after.accept();
    }

    private CompletableFuture<Void> leave() {
        return CompletableFuture.runAsync(() -> before.leave(new ClientTaker() {
            @Override
            public void take(MovingClient client) {
                moved.add(client);
                try {
                    after.take(client);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void finish() {}
        }));
    }

    private Path passwords(String text) throws IOException {
        return Files.writeString(directory.resolve("passwords"), text);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void theBeginningOfARequestGoesWithTheClient(Transport from, Transport to) throws Exception {
        start(from, spec -> spec, null);
        try (RawClient client = connect();
                RawClient inTheLine = connect()) {
            client.send("mn\r\nset other 0 0 5\r\nhal");
            client.expect("MN\r\n");
            inTheLine.send("mn\r\nge");
            inTheLine.expect("MN\r\n");
            replace(to, spec -> spec, null);
            assertThat(moved)
                    .extracting(each -> new String(each.received()))
                    .containsExactlyInAnyOrder("set other 0 0 5\r\nhal", "ge");
            client.send("f!\r\nget other\r\n");
            client.expect("STORED\r\nVALUE other 0 5\r\nhalf!\r\nEND\r\n");
            inTheLine.send("t other\r\n");
            inTheLine.expect("VALUE other 0 5\r\nhalf!\r\nEND\r\n");
        }
    }

    /** There is hardly a moment at which nothing of the next request has been read. */
    @ParameterizedTest
    @MethodSource("transports")
    void aClientMovesThatSendsWithoutAPause(Transport from, Transport to) throws Exception {
        start(from, spec -> spec, null);
        String request = "mg key" + "y".repeat(200) + " v\r\n";
        // Each write ends in the middle of a request.
        byte[] batch = (request.substring(100) + request.repeat(99) + request.substring(0, 100)).getBytes(US_ASCII);
        try (Socket client = new Socket("127.0.0.1", ((InetSocketAddress) address()).getPort())) {
            AtomicBoolean ended = new AtomicBoolean();
            CompletableFuture<Integer> sender = run(() -> {
                client.getOutputStream().write(request.substring(0, 100).getBytes(US_ASCII));
                int batches = 0;
                for (; !ended.get(); batches++) {
                    client.getOutputStream().write(batch);
                }
                client.shutdownOutput();
                return batches;
            });
            CompletableFuture<byte[]> reader = run(() -> client.getInputStream().readAllBytes());
            prepare(to, spec -> spec, null);
            leave().get(Deadline.OF_START.toSeconds(), TimeUnit.SECONDS);
            ended.set(true);
            byte[] expected = "EN\r\n".repeat(100 * sender.get()).getBytes(US_ASCII);
            assertThat(Arrays.mismatch(reader.get(), expected)).isEqualTo(-1);
            assertThat(moved).hasSize(1);
        }
    }

    private static <T> CompletableFuture<T> run(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(task.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aClientThatHasLoggedInStaysLoggedIn(Transport from, Transport to) throws Exception {
        Path passwords = passwords("foo:open bars\n");
        start(from, spec -> spec, passwords);
        try (RawClient client = connect();
                RawClient stranger = connect();
                RawClient loggingIn = connect()) {
            client.send("set _ _ _ 13\r\nfoo open bars\r\nmn\r\nmn");
            client.expect("STORED\r\nMN\r\n");
            stranger.send("version\r\n");
            stranger.expect("CLIENT_ERROR unauthenticated\r\n");
            loggingIn.send("version\r\nset _ _ _ 13\r\nfoo open");
            loggingIn.expect("CLIENT_ERROR unauthenticated\r\n");

            prepare(to, spec -> spec, passwords);
            CompletableFuture<Void> left = leave();
            loggingIn.send(" bars\r\n");
            loggingIn.expect("STORED\r\n");
            left.get();

            assertThat(moved).extracting(MovingClient::user).containsExactlyInAnyOrder("foo", "", "foo");
            client.send("\r\n");
            client.expect("MN\r\n");
            loggingIn.send("mn\r\n");
            loggingIn.expect("MN\r\n");
            stranger.send("version\r\n");
            stranger.expect("CLIENT_ERROR unauthenticated\r\n");
        }
    }

    /** Even of a request of which the first server has read the beginning. */
    @ParameterizedTest
    @MethodSource("transports")
    void aClientThatNeedNotLogInBeforeHasToNow(Transport from, Transport to) throws Exception {
        start(from, spec -> spec, null);
        try (RawClient client = connect()) {
            client.send("mn\r\nversi");
            client.expect("MN\r\n");
            replace(to, spec -> spec, passwords("foo:open bars\n"));
            client.send("on\r\n");
            client.expect("CLIENT_ERROR unauthenticated\r\n");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aClientKeepsTheAddressThatABalancerHasTold(Transport from, Transport to) throws Exception {
        start(from, ListenerSpec::behindProxy, null);
        try (RawClient client = connect();
                RawClient beforeTheHeader = connect()) {
            client.send("PROXY TCP4 192.0.2.7 192.0.2.1 4711 11211\r\nmn\r\n");
            client.expect("MN\r\n");
            beforeTheHeader.send("PROXY TC");
            prepare(to, ListenerSpec::behindProxy, null);
            CompletableFuture<Void> left = leave();
            beforeTheHeader.send("P4 192.0.2.8 192.0.2.1 4712 11211\r\nmn\r\n");
            beforeTheHeader.expect("MN\r\n");
            left.get();
            client.send("stats conns\r\n");
            assertThat(client.readUntil("END\r\n")).contains("192.0.2.7:4711", "192.0.2.8:4712");
        }
    }

    /** The keys of its session are nowhere else. */
    @ParameterizedTest
    @MethodSource("transports")
    void aClientWithTlsGetsItsAnswersAndConnectsAgain(Transport from, Transport to) throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "server", "IP:127.0.0.1");
        tls = Optional.of(TlsSettings.of(certificate.certificateFile(), certificate.keyFile()));
        start(from, spec -> spec.encrypted(ListenerTls.USUAL), null);
        try (SSLSocket client = connect(certificate)) {
            client.getOutputStream().write("mn\r\nset key 0 0 5\r\nva".getBytes(US_ASCII));
            assertThat(client.getInputStream().readNBytes(4)).asString().isEqualTo("MN\r\n");
            prepare(to, spec -> spec.encrypted(ListenerTls.USUAL), null);
            CompletableFuture<Void> left = leave();
            client.getOutputStream().write("lue\r\n".getBytes(US_ASCII));
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("STORED\r\n");
            left.get();
        }
        assertThat(moved).isEmpty();
        try (SSLSocket client = connect(certificate)) {
            client.getOutputStream().write("mn\r\n".getBytes(US_ASCII));
            assertThat(client.getInputStream().readNBytes(4)).asString().isEqualTo("MN\r\n");
        }
    }

    private SSLSocket connect(TestCertificate trusted) throws IOException {
        int port = ((InetSocketAddress) address()).getPort();
        SSLSocket socket =
                (SSLSocket) trusted.clientContext().getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout((int) Deadline.USUAL.toMillis());
        return socket;
    }

    /** The end of what it sends comes while the connection is about to move. */
    @ParameterizedTest
    @MethodSource("transports")
    void aClientThatGoesAtThatMomentHoldsNothingUp(Transport from, Transport to) throws Exception {
        start(from, spec -> spec, null);
        for (int i = 0; i < 50; i++) {
            RawClient client = connect();
            client.send("mn\r\n");
            client.expect("MN\r\n");
            client.close();
        }
        try (RawClient halfClosed = connect()) {
            halfClosed.send("mn\r\n");
            halfClosed.halfClose();
            replace(to, spec -> spec, null);
            halfClosed.expect("MN\r\n");
            halfClosed.expectClosed();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void nobodyIsAcceptedDuringThePause(Transport from, Transport to) throws Exception {
        start(from, spec -> spec, null);
        before.pauseAccepting();
        try (RawClient client = connect()) {
            // Pauses again, and so looks at the socket some times.
            prepare(to, spec -> spec, null);
            client.send("mn\r\n");
            client.expect("MN\r\n");
            assertThat(before.overview().connections()).isZero();
            assertThat(after.overview().connections()).isOne();
        }
    }
}
