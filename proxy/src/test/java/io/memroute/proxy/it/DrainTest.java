package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.Transport;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that is asked to end answers what its clients have sent, within a bound. */
class DrainTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int GETS = 200;
    private static final int NEW_CLIENTS = 300;

    static List<Transport> transports() {
        return Transport.allAvailable();
    }

    private interface Script {
        void play(ScriptedBackend.Connection connection, RawClient client, ProxyUnderTest proxy);
    }

    private static void with(Transport transport, Duration limit, Script script) {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(backend.port()).setting("backend_read_timeout", 600),
                        options ->
                                options.transport(transport).drainTimeout(limit).requestsInFlight(50));
                RawClient client = proxy.connect()) {
            script.play(backend.accept(), client, proxy);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void everyPipelinedRequestIsAnsweredBeforeTheConnectionEnds(Transport transport) {
        with(transport, LONG, (connection, client, proxy) -> {
            client.send(keys(GETS).map(key -> "mg " + key + " v\r\n").collect(Collectors.joining()));
            // Not all are under way yet: a client may have 50 at a time.
            connection.expect("mg key0 v\r\n");
            Thread end = Thread.ofPlatform().start(proxy::shutDown);
            awaitNobodyAccepted(proxy);

            connection.send("VA 5\r\nvalue\r\n");
            for (int i = 1; i < GETS; i++) {
                connection.expect("mg key" + i + " v\r\n");
                connection.send("VA 5\r\nvalue\r\n");
            }
            client.expect("VA 5\r\nvalue\r\n".repeat(GETS));
            client.expectClosed();
            ended(end);
        });
    }

    /** A listening socket that closes resets clients that have not been accepted. */
    @ParameterizedTest
    @MethodSource("transports")
    void clientsThatHaveJustConnectedAreAnswered(Transport transport) {
        with(transport, LONG, (connection, client, proxy) -> {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < NEW_CLIENTS; i++) {
                RawClient added = proxy.connect();
                added.send("mn\r\n".repeat(GETS));
                clients.add(added);
            }
            Thread end = Thread.ofPlatform().start(proxy::shutDown);
            for (RawClient each : clients) {
                each.expect("MN\r\n".repeat(GETS));
                each.expectClosed();
                each.close();
            }
            ended(end);
        });
    }

    @ParameterizedTest
    @MethodSource("transports")
    void servesAsBeforeDuringTheDelay(Transport transport) {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(backend.port()),
                        options -> options.transport(transport).drainDelay(LONG));
                RawClient client = proxy.connect()) {
            Thread end = Thread.ofPlatform().start(proxy::shutDown);
            Deadline.await("the proxy to be unready", () -> !proxy.ready());
            try (RawClient another = proxy.connect()) {
                for (RawClient each : List.of(client, another)) {
                    each.send("mn\r\n");
                    each.expect("MN\r\n");
                }
                proxy.shutDown();
                another.expectClosed();
            }
            ended(end);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aValueThatIsBeingSentIsStillStored(Transport transport) {
        with(transport, LONG, (connection, client, proxy) -> {
            client.send("set key 0 0 100000\r\n" + "x".repeat(60_000));
            Deadline.await("the beginning to arrive", () -> BufferMemoryTest.bufferMemory(proxy) >= 60_000);
            Thread end = Thread.ofPlatform().start(proxy::shutDown);
            awaitNobodyAccepted(proxy);

            client.send("x".repeat(40_000) + "\r\n");
            connection.expect("set key 0 0 100000\r\n" + "x".repeat(100_000) + "\r\n");
            connection.send("STORED\r\n");
            client.expect("STORED\r\n");
            client.expectClosed();
            ended(end);
        });
    }

    @ParameterizedTest
    @MethodSource("transports")
    void connectionsWithoutRequestsEndAtOnce(Transport transport) {
        with(transport, LONG, (connection, client, proxy) -> {
            try (RawClient another = proxy.connect()) {
                another.send("set key 0 0 1 noreply\r\nx\r\n");
                connection.expect("set key 0 0 1\r\nx\r\n");
                connection.send("STORED\r\n");
                Thread end = Thread.ofPlatform().start(proxy::shutDown);
                client.expectClosed();
                another.expectClosed();
                ended(end);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aRequestThatIsNotAnsweredInTimeIsGivenUp(Transport transport) {
        with(transport, Duration.ofMillis(300), (connection, client, proxy) -> {
            client.send("mg key v\r\n");
            connection.expect("mg key v\r\n");
            Thread end = Thread.ofPlatform().start(proxy::shutDown);
            client.expectClosed();
            ended(end);
        });
    }

    @ParameterizedTest
    @MethodSource("transports")
    void toBeAskedTwiceEndsAtOnce(Transport transport) {
        with(transport, LONG, (connection, client, proxy) -> {
            client.send("mg key v\r\n");
            connection.expect("mg key v\r\n");
            Thread end = Thread.ofPlatform().start(proxy::shutDown);
            awaitNobodyAccepted(proxy);
            assertThat(client.hasReceived()).isFalse();

            proxy.shutDown();
            client.expectClosed();
            ended(end);
        });
    }

    private static Stream<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "key" + i);
    }

    private static void awaitNobodyAccepted(ProxyUnderTest proxy) {
        int port = proxy.port();
        Deadline.await("the listener to close", () -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return false;
            } catch (IOException refused) {
                return true;
            }
        });
    }

    private static void ended(Thread thread) {
        Deadline.await("the server to end", () -> !thread.isAlive());
    }
}
