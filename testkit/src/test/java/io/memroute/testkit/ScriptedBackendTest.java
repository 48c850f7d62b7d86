package io.memroute.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScriptedBackendTest {

    @Test
    void answersTheHandshakeItselfAndLeavesTheRestToTheScript() {
        try (ScriptedBackend backend = ScriptedBackend.start();
                RawClient client = RawClient.connect(backend.port())) {
            client.send("version\r\nget a\r\n");
            ScriptedBackend.Connection connection = backend.accept();
            connection.expect("get a\r\n");
            connection.send("EN");
            connection.send("D\r\n");
            client.expect(ScriptedBackend.VERSION_REPLY + "END\r\n");
            assertThat(backend.acceptedConnections()).isOne();
        }
    }

    @Test
    void saysNothingWhenMute() {
        try (ScriptedBackend backend = ScriptedBackend.startMute();
                RawClient client = RawClient.connect(backend.port())) {
            client.send("version\r\n");
            ScriptedBackend.Connection connection = backend.accept();
            connection.expect("version\r\n");
            connection.halfClose();
            client.expectClosed();
        }
    }

    @Test
    void failsTheTestWhenThePeerDoesNotBeginWithTheHandshake() {
        try (ScriptedBackend backend = ScriptedBackend.start();
                RawClient client = RawClient.connect(backend.port())) {
            client.send("get a\r\n");
            assertThatThrownBy(backend::accept)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("expected the version handshake but got \"get a\"");
        }
    }

    @Test
    void refusesAndAcceptsAgainOnTheSamePort() throws IOException {
        try (ScriptedBackend backend = ScriptedBackend.startMute()) {
            backend.refuse();
            assertThatThrownBy(() -> new Socket("127.0.0.1", backend.port())).isInstanceOf(ConnectException.class);
            backend.acceptAgain();
            try (RawClient client = RawClient.connect(backend.port());
                    ScriptedBackend.Connection connection = backend.accept()) {
                connection.reset();
                client.expectClosed();
            }
        }
    }

    @Test
    void reportsTheFirstByteThatDiffers() {
        try (ScriptedBackend backend = ScriptedBackend.startMute();
                RawClient client = RawClient.connect(backend.port())) {
            backend.accept().send("STORED\r\n");
            assertThatThrownBy(() -> client.expect("STOLEN\r\n"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("byte 3 differs; expected \"STOLEN\\r\\n\" but got \"STORED\\r\\n\"");
        }
    }

    @Test
    void readsLinesBlocksAndTheRest() {
        try (ScriptedBackend backend = ScriptedBackend.startMute();
                RawClient client = RawClient.connect(backend.port())) {
            ScriptedBackend.Connection connection = backend.accept();
            connection.send("VALUE k 0 4\r\na\r\nb\r\nEND\r\ntail");
            connection.close();
            assertThat(client.readLine()).isEqualTo("VALUE k 0 4");
            assertThat(client.read(6)).asString(StandardCharsets.ISO_8859_1).isEqualTo("a\r\nb\r\n");
            assertThat(client.readUntil("END\r\n")).isEqualTo("END\r\n");
            assertThat(client.readToEnd()).asString(StandardCharsets.ISO_8859_1).isEqualTo("tail");
        }
    }

    @Test
    void passesMoreThanTheBuffersHoldBothWays() {
        try (ScriptedBackend backend = ScriptedBackend.startMute();
                RawClient client = RawClient.connect(backend.port())) {
            byte[] large = new byte[8 << 20];
            for (int i = 0; i < large.length; i++) {
                large[i] = (byte) (i * 31 >>> 3);
            }
            ScriptedBackend.Connection connection = backend.accept();
            Thread sender = Thread.ofVirtual().start(() -> connection.send(large));
            client.expect(large);
            Deadline.await("the sender to end", () -> !sender.isAlive());
            assertThat(client.sendWhatFits(large)).isLessThan(large.length);
        }
    }

    @Test
    void refusesEveryConnectionToAReservedPort() {
        try (RefusingPort refusing = RefusingPort.reserve()) {
            assertThatThrownBy(() -> new Socket("127.0.0.1", refusing.port())).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void neitherAcceptsNorRefusesOnAnUnansweredPort() throws IOException {
        try (UnansweredPort unanswered = UnansweredPort.open();
                Socket socket = new Socket()) {
            assertThatThrownBy(() -> socket.connect(new InetSocketAddress("127.0.0.1", unanswered.port()), 200))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }
}
