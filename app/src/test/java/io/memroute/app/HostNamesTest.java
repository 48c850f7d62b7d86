package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers by their names, in the program as it is started. The JVM takes the names from a file of the test instead of
 * from the system's resolver, and keeps or forgets them in the same way.
 */
class HostNamesTest {

    /** Less than the 10 s and 30 s for which the JVM would keep what it knows by itself. */
    private static final Duration SOON = Duration.ofSeconds(8);

    @TempDir
    private Path directory;

    @Test
    void aServerIsFoundWhereItsNameLeadsNow() throws IOException {
        // Nobody listens there.
        isFoundOnceItsNameLeadsThere("127.0.0.3 cache.test\n");
    }

    @Test
    void aServerIsFoundAsSoonAsItHasAName() throws IOException {
        isFoundOnceItsNameLeadsThere("127.0.0.1 other.test\n");
    }

    private void isFoundOnceItsNameLeadsThere(String before) throws IOException {
        Path hosts = Files.writeString(directory.resolve("hosts"), before);
        try (MemcachedServer server = MemcachedServer.start();
                ChildProcess proxy = start(hosts, server.port());
                RawClient client = RawClient.connect(ProgramUnderTest.port(proxy))) {
            expectFailure(client);
            Files.writeString(hosts, "127.0.0.1 cache.test\n");
            awaitService(client);
        }
    }

    @Test
    void aResolverThatNeverAnswersIsWaitedForAsLongAsAServer() throws IOException, InterruptedException {
        Path hosts = directory.resolve("hosts");
        // Opening it blocks until somebody writes.
        assertThat(new ProcessBuilder("mkfifo", hosts.toString()).start().waitFor())
                .isZero();
        try (ChildProcess proxy = start(hosts, 11211);
                RawClient client = RawClient.connect(ProgramUnderTest.port(proxy))) {
            long before = System.nanoTime();
            expectFailure(client);
            // Four attempts of half a second until it is marked bad; then no request waits any more.
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(SOON);
            proxy.awaitOutput("host name lookup timed out");
            proxy.awaitOutput("marked bad");
            expectFailure(client);
        }
    }

    private static void expectFailure(RawClient client) {
        client.send("get k\r\n");
        client.expect("SERVER_ERROR backend failure\r\n");
    }

    private static void awaitService(RawClient client) {
        Deadline.await(
                "a server behind its new name",
                SOON,
                () -> {
                    client.send("get k\r\n");
                    return client.readLine().equals("END");
                },
                () -> "");
    }

    private ChildProcess start(Path hosts, int port) throws IOException {
        Path configuration = Files.writeString(directory.resolve("names.lua"), """
                settings{ backend_connect_timeout = 0.5, backend_retry_waittime = 1 }
                pools{ main = { backends = { "cache.test:%d" } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(port));
        return ProgramUnderTest.start(
                List.of("-Djdk.net.hosts.file=" + hosts),
                "run",
                configuration.toString(),
                "-t",
                "1",
                "-p",
                "-1",
                "-l",
                "127.0.0.1");
    }
}
