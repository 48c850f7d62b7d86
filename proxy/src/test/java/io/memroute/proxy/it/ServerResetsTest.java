package io.memroute.proxy.it;

import io.memroute.proxy.Transport;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers that end connections, in every way and at every moment, on every transport: it is noticed at once, as the
 * read timeout is far beyond what these tests wait, and the next request is served by a new connection.
 */
class ServerResetsTest {

    private static final int READ_TIMEOUT_SECONDS = 600;

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
}
