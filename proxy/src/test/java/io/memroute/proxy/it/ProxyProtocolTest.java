package io.memroute.proxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.Transport;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients behind load balancers that tell their addresses. */
class ProxyProtocolTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private ProxyServer server;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws Exception {
        start(Transport.AUTO);
    }

    private void start(Transport transport) throws Exception {
        server = ProxyServer.start(ServerOptions.builder()
                .workers(1)
                .transport(transport)
                .listener(ListenerSpec.tcp("127.0.0.1", 0).behindProxy())
                .build());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RawClient connect() {
        return RawClient.connect(port());
    }

    private int port() {
        return ((InetSocketAddress) server.addresses().getFirst()).getPort();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** What {@code stats conns} says of a client that has sent these bytes first. */
    private String address(byte[] header) {
        try (RawClient client = connect()) {
            client.send(header);
            AtomicReference<List<String>> clients = new AtomicReference<>();
            Deadline.await("earlier clients to be gone", () -> {
                client.send("stats conns\r\n");
                clients.set(client.readUntil("END\r\n")
                        .lines()
                        .filter(line -> line.contains(":addr ") && !line.contains(":" + port()))
                        .map(line -> line.replaceFirst(".*addr ", ""))
                        .toList());
                return clients.get().size() == 1;
            });
            return clients.get().getFirst();
        }
    }

    static List<Transport> transports() {
        return Transport.allAvailable();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aClientHasTheAddressThatTheHeaderTells(Transport transport) throws Exception {
        server.close();
        start(transport);
        assertThat(address("PROXY TCP4 192.0.2.7 127.0.0.1 4711 11211\r\n".getBytes(US_ASCII)))
                .isEqualTo("tcp:192.0.2.7:4711");
        assertThat(address("PROXY TCP6 2001:db8::7 ::1 4711 11211\r\n".getBytes(US_ASCII)))
                .isEqualTo("tcp6:[2001:db8:0:0:0:0:0:7]:4711");
        // Version 2: PROXY, TCP4, 12 bytes, then an extension of 3 bytes.
        assertThat(address(bytes(
                        SIGNATURE + "2111" + "0012" + "c0000207" + "7f000001" + "1267" + "2bcb" + "040003000000")))
                .isEqualTo("tcp:192.0.2.7:4711");
        assertThat(address(bytes(SIGNATURE + "2121" + "0024" + "20010db8000000000000000000000007"
                        + "00000000000000000000000000000001" + "1267" + "2bcb")))
                .isEqualTo("tcp6:[2001:db8:0:0:0:0:0:7]:4711");
    }

    @ParameterizedTest
    @ValueSource(strings = {"50524f585920554e4b4e4f574e0d0a", SIGNATURE + "20000000", SIGNATURE + "21000000"})
    void aClientWhoseAddressIsUnknownHasTheBalancers(String header) {
        assertThat(address(bytes(header))).startsWith("tcp:127.0.0.1:");
    }

    @Test
    void aHeaderMayComeInPieces() {
        byte[] header = "PROXY TCP4 192.0.2.7 127.0.0.1 4711 11211\r\nmn\r\n".getBytes(US_ASCII);
        try (RawClient client = connect()) {
            for (byte each : header) {
                client.send(new byte[] {each});
            }
            client.expect("MN\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get some-key-that-is-long\r\n",
                "PROXY TCP4 nowhere 127.0.0.1 1 2\r\n",
                "PROXY TCP4 192.0.2.7 127.0.0.1 4711 99999\r\n",
                "\r\n\r\n\u0000\r\nQUIT\n\u0031\u0011\u0000\u000c",
                "PROXY TCP4 192.0.2.7 127.0.0.1 1 2 and much more than a header has, which must end in time, as here it"
                        + " does not\r\n"
            })
    void anythingElseEndsTheConnection(String text) {
        try (RawClient client = connect()) {
            client.send(text.getBytes(ISO_8859_1));
            client.expectClosed();
        }
    }

    @Test
    void aHeaderThatDoesNotComeEndsTheConnection() {
        try (RawClient silent = connect();
                RawClient slow = connect()) {
            slow.send("PROXY TCP4 ");
            slow.expectClosed();
            silent.expectClosed();
        }
        assertThat(server.numbers().readiness().listening()).isTrue();
    }

    @Test
    void theLogStreamsHaveTheClientsAddress() {
        try (RawClient watcher = connect()) {
            watcher.send("PROXY UNKNOWN\r\nwatch connevents\r\n");
            watcher.expect("OK\r\n");
            try (RawClient client = connect()) {
                client.send("PROXY TCP4 192.0.2.7 127.0.0.1 4711 11211\r\nmn\r\n");
                client.expect("MN\r\n");
            }
            assertThat(watcher.readUntil("type=conn_close ")).contains("rip=192.0.2.7 rport=4711 transport=tcp");
        }
    }

    /** The balancer of the protocol's authors, in both versions. */
    @ParameterizedTest
    @ValueSource(strings = {"send-proxy", "send-proxy-v2"})
    void clientsOfHaproxyHaveTheirAddresses(String option) throws Exception {
        int front;
        try (RefusingPort reserved = RefusingPort.reserve()) {
            front = reserved.port();
        }
        Path configuration = Files.writeString(directory.resolve("haproxy.cfg"), """
                defaults
                  mode tcp
                  timeout connect 10s
                  timeout client 60s
                  timeout server 60s
                listen memcached
                  bind 127.0.0.1:%d
                  server memroute 127.0.0.1:%d check %s
                """.formatted(front, port(), option));
        try (ChildProcess haproxy = ChildProcess.start(
                List.of(ChildProcess.require("haproxy", "haproxy").toString(), "-db", "-f", configuration.toString()),
                Map.of())) {
            Deadline.await("haproxy", () -> answers(front));
            try (Socket client = new Socket("127.0.0.1", front)) {
                client.getOutputStream().write("stats conns\r\nquit\r\n".getBytes(US_ASCII));
                assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII))
                        .contains("addr tcp:127.0.0.1:" + client.getLocalPort() + "\r\n");
            }
            assertThat(haproxy.isAlive()).isTrue();
        }
    }

    private static boolean answers(int port) {
        try (RawClient client = RawClient.connect(port)) {
            return client.sendUnlessClosed("mn\r\n".getBytes(US_ASCII))
                    && new String(client.read(4), US_ASCII).equals("MN\r\n");
        } catch (AssertionError | UncheckedIOException e) {
            return false;
        }
    }
}
