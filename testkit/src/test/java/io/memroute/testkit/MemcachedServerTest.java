package io.memroute.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemcachedServerTest {

    @Test
    void answersOnThePortItReports() {
        try (MemcachedServer server = MemcachedServer.start();
                RawClient client = RawClient.connect(server.port())) {
            client.send("set key 0 0 5\r\nvalue\r\nget key\r\n");
            client.expect("STORED\r\nVALUE key 0 5\r\nvalue\r\nEND\r\n");
        }
    }

    @Test
    void answersOnItsUnixSocket(@TempDir Path directory) {
        Path socket = directory.resolve("memcached.sock");
        try (MemcachedServer server =
                        MemcachedServer.start(MemcachedServer.options().unixSocket(socket));
                RawClient client = server.connect()) {
            client.send("mn\r\n");
            client.expect("MN\r\n");
            server.kill();
            server.restart();
            try (RawClient again = server.connect()) {
                again.send("mn\r\n");
                again.expect("MN\r\n");
            }
            assertThatThrownBy(server::port).hasMessageContaining("memcached.sock only");
        }
    }

    @Test
    void resetsItsConnectionsWhenKilledAndComesBackEmptyOnTheSamePort() {
        try (MemcachedServer server = MemcachedServer.start();
                RawClient before = server.connect()) {
            int port = server.port();
            before.send("set key 0 0 1\r\nx\r\n");
            before.expect("STORED\r\n");
            server.kill();
            before.expectClosed();
            server.restart();
            assertThat(server.port()).isEqualTo(port);
            try (RawClient after = server.connect()) {
                after.send("get key\r\n");
                after.expect("END\r\n");
            }
        }
    }

    @Test
    void answersWhatItWasAskedWhileFrozenOnceItIsThawed() {
        try (MemcachedServer server = MemcachedServer.start();
                RawClient client = server.connect()) {
            server.freeze();
            client.send("mn\r\n");
            client.limit(Duration.ofMillis(100));
            assertThatThrownBy(client::readLine)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("nothing more arrived within 100 ms");
            server.thaw();
            client.limit(Deadline.USUAL);
            client.expect("MN\r\n");
        }
    }

    @Test
    void failsWithTheProgramsOwnWordsWhenItDoesNotStart() {
        assertThatThrownBy(() -> MemcachedServer.start(MemcachedServer.options().arguments("-I", "nonsense")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("memcached does not start")
                .hasMessageContaining("-I");
    }

    @Test
    void keepsWhatAVerboseServerPrints() {
        try (MemcachedServer server =
                        MemcachedServer.start(MemcachedServer.options().veryVerbose());
                RawClient client = server.connect()) {
            client.send("get spoken\r\n");
            client.expect("END\r\n");
            Deadline.await("the command in the output", () -> server.output().contains("get spoken"));
        }
    }
}
