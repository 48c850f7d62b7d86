package io.memroute.proxy.it;

import io.memroute.proxy.Transport;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import io.memroute.testkit.TestCertificate;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers that end connections, in every way and at every moment, on every transport: it is noticed at once, as the
 * read timeout is far beyond what these tests wait, and the next request is served by a new connection.
 */
class ServerResetsTest {

    private static final int READ_TIMEOUT_SECONDS = 600;

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;

    @BeforeAll
    static void makeCertificate() {
        certificate = TestCertificate.make(directory, "server", "IP:127.0.0.1");
    }

    static Stream<Arguments> everything() {
        return Transport.allAvailable().stream()
                .flatMap(transport -> Stream.of(ServerMoment.values())
                        .flatMap(moment ->
                                Stream.of(ConnectionEnd.values()).map(end -> Arguments.of(transport, moment, end))));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void noticesAtOnceThatAServerHasEndedAConnection(Transport transport, ServerMoment moment, ConnectionEnd end) {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(backend.port()).setting("backend_read_timeout", READ_TIMEOUT_SECONDS),
                        transport);
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection connection = backend.accept();
            // The proxy has accepted the client, and its socket counts.
            client.send("mn\r\n");
            client.expect("MN\r\n");
            long sockets = OpenSockets.count();
            client.send(moment.asked());
            if (moment == ServerMoment.WHILE_A_LARGE_VALUE_IS_STORED) {
                connection.expect(moment.asked().substring(0, 1000));
            } else {
                connection.expect(moment.asked());
            }
            connection.send(moment.answered());
            if (moment.told() == null) {
                client.expect(moment.answered());
            }
            end.of(connection);
            if (moment.told() == null) {
                client.expectClosed();
            } else {
                client.expect(moment.told());
            }
            try (RawClient next = proxy.connect()) {
                ScriptedBackend.Connection again = backend.accept();
                next.send("mg other v\r\n");
                again.expect("mg other v\r\n");
                again.send("EN\r\n");
                next.expect("EN\r\n");
            }
            Deadline.await(
                    "the socket of the connection that ended to be closed",
                    Deadline.USUAL,
                    () -> OpenSockets.count() <= sockets,
                    () -> OpenSockets.count() + " instead of " + sockets);
        }
    }

    static Stream<Arguments> ends() {
        return Transport.allAvailable().stream()
                .flatMap(transport -> Stream.of(ConnectionEnd.values()).map(end -> Arguments.of(transport, end)));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void noticesAtOnceThatAServerWithTlsHasEndedAConnection(Transport transport, ConnectionEnd end) throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.startMute();
                ProxyUnderTest proxy = startWithTls(transport, backend)) {
            ScriptedBackend.Connection connection = backend.accept();
            TlsEnd server = handshake(connection);
            for (ServerMoment moment : ServerMoment.values()) {
                try (RawClient client = proxy.connect()) {
                    client.send(moment.asked());
                    boolean stores = moment == ServerMoment.WHILE_A_LARGE_VALUE_IS_STORED;
                    server.expect(stores ? moment.asked().substring(0, 1000) : moment.asked());
                    server.send(moment.answered());
                    if (moment.told() == null) {
                        client.expect(moment.answered());
                    }
                    end.of(connection);
                    if (moment.told() == null) {
                        client.expectClosed();
                    } else {
                        client.expect(moment.told());
                    }
                }
                connection = backend.accept();
                server = handshake(connection);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ends")
    void noticesAtOnceThatAServerHasEndedTheHandshake(Transport transport, ConnectionEnd end) throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.startMute();
                ProxyUnderTest proxy = startWithTls(transport, backend);
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection connection = backend.accept();
            client.send("mg key v\r\n");
            proxy.awaitUnderWay(1);
            byte[] answer =
                    TlsEnd.ofServer(connection, certificate.serverContext()).answerToHello();
            connection.send(Arrays.copyOf(answer, answer.length / 2));
            end.of(connection);
            client.expect("SERVER_ERROR backend failure\r\n");
        }
    }

    private static TlsEnd handshake(ScriptedBackend.Connection connection) throws SSLException {
        TlsEnd server = TlsEnd.ofServer(connection, certificate.serverContext()).greet();
        server.expect("version\r\n");
        server.send(ScriptedBackend.VERSION_REPLY);
        return server;
    }

    /** No time limit ends anything, and servers are not left alone for having dropped connections. */
    private static ProxyUnderTest startWithTls(Transport transport, ScriptedBackend backend) {
        return ProxyUnderTest.startText(
                """
                settings{ backend_read_timeout = 600, backend_connect_timeout = 600, backend_flap_time = 0 }
                pools{ main = { backends = { { host = "127.0.0.1", port = %d, tls = { ca = "%s" } } } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(backend.port(), certificate.certificateFile()), options -> options.transport(transport));
    }
}
