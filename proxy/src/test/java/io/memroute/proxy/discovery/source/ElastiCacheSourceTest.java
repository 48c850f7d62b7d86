package io.memroute.proxy.discovery.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.SourceException;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ElastiCacheSourceTest {

    private static final String NODES = "mc-0.abc.cfg.test|10.0.0.1|11211 mc-1.abc.cfg.test||11212 |10.0.0.3|11211";

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private ServerSocket endpoint;

    @BeforeEach
    void listen() throws IOException {
        endpoint = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            while (!endpoint.isClosed()) {
                try (Socket client = endpoint.accept()) {
                    BufferedReader lines = new BufferedReader(new InputStreamReader(client.getInputStream()));
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        client.getOutputStream()
                                .write(answers.getOrDefault(line, "ERROR\r\n").getBytes(StandardCharsets.UTF_8));
                    }
                } catch (IOException e) {
                    // The client has gone, or the test is over.
                }
            }
        });
    }

    @AfterEach
    void end() throws IOException {
        endpoint.close();
    }

    @Test
    void asksForTheClusterOfANode() throws Exception {
        answers.put("config get cluster", answer("CONFIG cluster 0 ", "12\n" + NODES + "\n"));
        assertThat(source().ask().servers())
                .containsExactly(
                        FoundServer.of("mc-0.abc.cfg.test", 11211),
                        FoundServer.of("mc-1.abc.cfg.test", 11212),
                        FoundServer.of("10.0.0.3", 11211));
    }

    @Test
    void asksOlderEnginesForTheKey() throws Exception {
        try (MemcachedServer server = MemcachedServer.start();
                RawClient client = server.connect()) {
            String payload = "1\n" + NODES + "\n";
            client.send("set AmazonElastiCache:cluster 0 0 " + payload.length() + "\r\n" + payload + "\r\n");
            client.expect("STORED\r\n");
            assertThat(new ElastiCacheSource("127.0.0.1:" + server.port(), Duration.ofSeconds(30))
                            .ask()
                            .servers())
                    .hasSize(3);
            client.send("delete AmazonElastiCache:cluster\r\n");
            client.expect("DELETED\r\n");
            assertThatThrownBy(() -> new ElastiCacheSource("127.0.0.1:" + server.port(), Duration.ofSeconds(30)).ask())
                    .isInstanceOf(SourceException.class)
                    .hasMessage("a memcached server, but not one of a cluster");
        }
    }

    @Test
    void anOlderVersionIsNotBelievedUntilItStays() throws Exception {
        ElastiCacheSource source = source();
        answers.put("config get cluster", answer("CONFIG cluster 0 ", "12\n" + NODES + "\n"));
        assertThat(source.ask().servers()).hasSize(3);
        answers.put("config get cluster", answer("CONFIG cluster 0 ", "11\nmc-0|10.0.0.1|11211\n"));
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(source::ask).hasMessage("answered with version 11 after version 12");
        }
        assertThat(source.ask().servers()).hasSize(1);
    }

    @Test
    void saysWhatIsWrongWithAnAnswer() throws Exception {
        refuse("SERVER_ERROR busy\r\n", "the answer does not describe a cluster");
        refuse("CONFIG cluster 0 9999999\r\n", "expected at most 1048576 bytes, got 9999999");
        refuse("CONFIG cluster 0 3\r\n12345\r\nEND\r\n", "the answer does not end where it says");
        refuse(answer("CONFIG cluster 0 ", "x\n" + NODES + "\n"), "the answer has no version");
        refuse(answer("CONFIG cluster 0 ", "1\nmc-0\n"), "a node is not host|address|port");
        refuse(answer("CONFIG cluster 0 ", "1\nmc-0||99999\n"), "a node is not host|address|port");
        refuse("x".repeat(5000), "the answer is incomplete");
        try (RefusingPort closed = RefusingPort.reserve()) {
            assertThatThrownBy(() -> new ElastiCacheSource("127.0.0.1:" + closed.port(), Duration.ofSeconds(30)).ask())
                    .isInstanceOf(SourceException.class)
                    .hasMessageStartingWith("cannot be queried: ");
        }
    }

    /** A byte now and then would make each read succeed. */
    @Test
    void anAnswerThatDoesNotEndIsGivenUp() {
        answers.put("config get cluster", "CONFIG cluster 0 100\r\n12\n");
        assertThatThrownBy(() -> new ElastiCacheSource(
                                "127.0.0.1:" + endpoint.getLocalPort(), Duration.ofSeconds(30), Duration.ofMillis(300))
                        .ask())
                .isInstanceOf(SourceException.class)
                .hasMessage("did not answer in time")
                .cause()
                .hasMessage("the answer did not end in time");
    }

    private void refuse(String answer, String message) throws SourceException {
        answers.put("config get cluster", answer);
        ElastiCacheSource source = source();
        assertThatThrownBy(source::ask).isInstanceOf(SourceException.class).hasMessage(message);
    }

    private ElastiCacheSource source() throws SourceException {
        return new ElastiCacheSource("127.0.0.1:" + endpoint.getLocalPort(), Duration.ofSeconds(30));
    }

    private static String answer(String header, String payload) {
        return header + payload.length() + "\r\n" + payload + "\r\nEND\r\n";
    }
}
