package io.memroute.proxy.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.Transport;
import io.memroute.proxy.tls.TlsSettings;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import io.memroute.testkit.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that end their connections, in every way and at every moment, on every transport: nothing of them stays. Half
 * of them end before the proxy has seen what they sent. A transport that fails here must not be one that memroute
 * chooses by itself.
 */
class ClientResetsTest {

    /** A transport that misses an end does so now and then: by chance a few of so many succeed, but not all. */
    private static final int CLIENTS = 16;

    /** Of each moment and end of another listener, which share a proxy. */
    private static final int CLIENTS_EACH = 2;

    private static final String LARGE = "x".repeat(100_000);

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;

    @BeforeAll
    static void makeCertificate() {
        certificate = TestCertificate.make(directory, "server", "IP:127.0.0.1");
    }

    static Stream<Arguments> everything() {
        return Transport.allAvailable().stream()
                .flatMap(transport -> Stream.of(ClientMoment.values())
                        .flatMap(moment ->
                                Stream.of(ConnectionEnd.values()).map(end -> Arguments.of(transport, moment, end))));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void nothingStaysOfAClientThatEnds(Transport transport, ClientMoment moment, ConnectionEnd end) {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = start(backend, transport);
                RawClient other = proxy.connect()) {
            backend.accept();
            other.send("set own/large 0 0 " + LARGE.length() + "\r\n" + LARGE + "\r\n");
            other.expect("STORED\r\n");
            long sockets = OpenSockets.count();

            boolean atOnce = seenAtOnce(transport, moment, end);

            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(clientAt(proxy, moment));
                if (i % 2 == 0) {
                    end.of(clients.removeLast());
                }
            }
            // The worker has seen what the other half sent: it has answered somebody who asked later.
            statistic(other, "", "curr_connections");
            clients.forEach(end::of);
            if (atOnce) {
                awaitNothingLeft(other, sockets);
                assertThat(statistic(other, "", "proxy_conn_dead"))
                        .as("ends that only the sweep has seen")
                        .isZero();
            }
            backend.close();
            awaitNothingLeft(other, sockets);
            await(other, "requests to be forgotten", "", "proxy_req_active", 0);
            await(other, "memory to be given back", "proxy", "buffer_memory_used", 0);
        }
    }

    static Stream<Arguments> listeners() {
        return Transport.allAvailable().stream()
                .flatMap(transport ->
                        Stream.of(GuardedMoment.Listener.values()).map(listener -> Arguments.of(transport, listener)));
    }

    @ParameterizedTest
    @MethodSource("listeners")
    void nothingStaysOfAClientOfAnotherListener(Transport transport, GuardedMoment.Listener listener) throws Exception {
        Path passwords = Files.writeString(
                directory.resolve("passwords"), GuardedMoment.USER + ":" + hashed(GuardedMoment.PASSWORD) + "\n");
        ListenerSpec tested = listener.spec(directory.resolve(transport + ".sock"));
        SSLContext trusting = certificate.clientContext();
        List<GuardedMoment> moments = GuardedMoment.of(listener).toList();
        try (ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.empty().otherwise("internal"),
                        options -> options.transport(transport)
                                .passwords(passwords)
                                .tls(TlsSettings.of(certificate.certificateFile(), certificate.keyFile()))
                                .listener(tested)
                                .listener(ListenerSpec.tcp("127.0.0.1", 0).withoutLogin()));
                RawClient other = proxy.connect(2)) {
            other.send("set own/large 0 0 " + LARGE.length() + "\r\n" + LARGE + "\r\n");
            other.expect("STORED\r\n");
            long sockets = OpenSockets.count();

            List<Runnable> later = new ArrayList<>();
            for (int i = 0; i < CLIENTS_EACH; i++) {
                for (GuardedMoment moment : moments) {
                    for (ConnectionEnd end : moment.ends().toList()) {
                        RawClient client = RawClient.connect(proxy.address(1));
                        moment.reach(client, trusting);
                        if (i % 2 == 0) {
                            end.of(client);
                        } else {
                            later.add(() -> end.of(client));
                        }
                    }
                }
            }
            // The worker has accepted the other half: it has answered one that came later.
            try (RawClient last = RawClient.connect(proxy.address(1))) {
                listener.serves(last, trusting);
            }
            later.forEach(Runnable::run);
            awaitNothingLeft(other, sockets);
            assertThat(statistic(other, "", "proxy_conn_dead"))
                    .as("ends that only the sweep has seen")
                    .isZero();
            await(other, "requests to be forgotten", "", "proxy_req_active", 0);
            await(other, "memory to be given back", "proxy", "buffer_memory_used", 0);
        }
    }

    /**
     * A reset behind the end of what a client has sent, which the transport does not tell of. The client that waits for
     * the answer to its login has said its last as well, and stays.
     */
    @Test
    void theSweepFindsClientsThatHaveGone() throws Exception {
        Path passwords = Files.writeString(directory.resolve("plain"), "foo:open bars\n");
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(backend.port()).setting("backend_read_timeout", 600),
                        options -> options.passwords(passwords)
                                .transport(Transport.EPOLL)
                                .listener(ListenerSpec.tcp("127.0.0.1", 0).withoutLogin()));
                RawClient other = proxy.connect(1);
                RawClient gone = proxy.connect(1)) {
            // The answer to the last of them waits for five seconds.
            List<RawClient> mistaken = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                mistaken.add(proxy.connect());
                mistaken.getLast().send("set _ _ _ 13\r\nfoo open door\r\n");
                await(other, "the login to be seen", "", "auth_cmds", i + 1);
            }
            RawClient waiting = mistaken.removeLast();
            waiting.halfClose();
            mistaken.forEach(RawClient::close);
            ScriptedBackend.Connection connection = backend.accept();
            gone.send("mg key v\r\n");
            connection.expect("mg key v\r\n");
            gone.halfClose();
            // The worker has seen that end: it answers what comes later.
            for (int i = 0; i < 2; i++) {
                other.send("mn\r\n");
                other.expect("MN\r\n");
            }
            gone.reset();
            await(other, "the client to be found", "", "proxy_conn_dead", 1);
            waiting.expect("CLIENT_ERROR authentication failure\r\n");
            waiting.expectClosed();
            waiting.close();
            await(other, "the clients to be counted out", "", "curr_connections", 1);
            assertThat(statistic(other, "", "proxy_conn_dead")).isEqualTo(1);
        }
    }

    private static String hashed(String password) {
        return OpenBSDBCrypt.generate("2b", password.toCharArray(), "0123456789abcdef".getBytes(US_ASCII), 4);
    }

    /** Its read timeout is long, so that nothing is let go for want of a reply. */
    private static ProxyUnderTest start(ScriptedBackend backend, Transport transport) {
        return ProxyUnderTest.start(
                Configuration.direct(backend.port()).prefix("own", "internal").setting("backend_read_timeout", 600),
                options -> options.transport(transport).requestsInFlight(100));
    }

    /** Reset connections are over; what a client asked for that has merely said its last is answered first. */
    private static boolean seenAtOnce(Transport transport, ClientMoment moment, ConnectionEnd end) {
        if (end != ConnectionEnd.RESET) {
            return !moment.awaitsServer();
        }
        // The JDK's selector tells of a reset only to those who want to read or write.
        return moment != ClientMoment.WHILE_PAUSED_BY_ITS_OWN_REQUESTS || transport != Transport.NIO;
    }

    private static RawClient clientAt(ProxyUnderTest proxy, ClientMoment moment) {
        RawClient client = proxy.connect();
        client.sendWhatFits(moment.sent().getBytes(StandardCharsets.ISO_8859_1));
        return client;
    }

    private static void awaitNothingLeft(RawClient asking, long sockets) {
        await(asking, "the clients to be counted out", "", "curr_connections", 1);
        Deadline.await(
                "the clients' sockets to be closed",
                Deadline.USUAL,
                () -> OpenSockets.count() <= sockets,
                () -> OpenSockets.count() + " instead of " + sockets);
    }

    private static void await(RawClient asking, String what, String section, String name, long expected) {
        Deadline.await(
                what,
                Deadline.USUAL,
                () -> statistic(asking, section, name) == expected,
                () -> name + " is " + statistic(asking, section, name) + " instead of " + expected);
    }

    private static long statistic(RawClient asking, String section, String name) {
        asking.send("stats" + (section.isEmpty() ? "" : " " + section) + "\r\n");
        return asking.readUntil("END\r\n")
                .lines()
                .filter(line -> line.startsWith("STAT " + name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("stats " + section + " has no " + name));
    }
}
