package io.memroute.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose heap is full ends and says so; one that can't work is not started. */
class OutOfMemoryExitTest {

    private static final int ITEMS = 2000;
    private static final String VALUE = "v".repeat(100_000);

    @TempDir
    private Path directory;

    @Test
    void endsTheProcessWhenTheHeapIsFull() throws IOException {
        Path configuration = Files.writeString(directory.resolve("internal.lua"), """
                pools{ unused = { backends = { "127.0.0.1:1 _down_" } } }
                routes{ default = route_direct{ child = "internal" } }
                """);
        try (ChildProcess server =
                start("run", configuration.toString(), "-m", "1000", "-t", "1", "-p", "-1", "-l", "127.0.0.1")) {
            int port = ProgramUnderTest.port(server);
            assertThat(server.output())
                    .contains("-m 1000: the embedded store needs a larger Java heap", "MEMROUTE_JAVA_OPTS=-Xmx1762m");
            fillUntilItEnds(port);
            assertThat(server.awaitExit()).isEqualTo(70);
            assertThat(server.output()).contains("memroute: out of memory: the Java heap of ");
        }
    }

    @Test
    void doesNotStartWithAStoreThatTheHeapCannotHold() {
        try (ChildProcess server = start("-m", "1000", "-p", "-1", "-l", "127.0.0.1")) {
            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(server.output())
                    .hasLineCount(1)
                    .startsWith("memroute: -m 1000: the embedded store needs a larger Java heap than ");
        }
    }

    @Test
    void aStoreOfDefaultSizeFitsASmallHeap() {
        try (ChildProcess server = start("-p", "-1", "-l", "127.0.0.1")) {
            int port = ProgramUnderTest.port(server);
            try (RawClient client = RawClient.connect(port)) {
                fill(client);
                client.send("get k" + (ITEMS - 1) + "\r\n");
                client.expect("VALUE k" + (ITEMS - 1) + " 0 100000\r\n" + VALUE + "\r\nEND\r\n");
            }
        }
    }

    @Test
    void takesOnlyAFullHeapForTheEnd() {
        assertThat(OutOfMemoryExit.isHeapExhausted(new OutOfMemoryError(
                        "Cannot reserve 4194304 bytes of direct buffer memory (allocated: 1, limit: 2)")))
                .isFalse();
        assertThat(OutOfMemoryExit.isHeapExhausted(new IOException("no"))).isFalse();
        assertThat(OutOfMemoryExit.isHeapExhausted(
                        new CompletionException(new IllegalStateException(new OutOfMemoryError("Java heap space")))))
                .isTrue();
        assertThat(OutOfMemoryExit.isHeapExhausted(new OutOfMemoryError())).isTrue();
    }

    /** Stores 200 MB. */
    private static void fill(RawClient client) {
        for (int i = 0; i < ITEMS; i++) {
            client.send("set k" + i + " 0 0 100000\r\n" + VALUE + "\r\n");
            client.expect("STORED\r\n");
        }
    }

    /** Stores until the server is gone: that it breaks off is what the test waits for. */
    private static void fillUntilItEnds(int port) {
        try (RawClient client = RawClient.connect(port)) {
            fill(client);
        } catch (AssertionError | RuntimeException expected) {
            return;
        }
        throw new AssertionError("200 MB were stored in a heap of 40 MB");
    }

    private static ChildProcess start(String... arguments) {
        return ProgramUnderTest.start(List.of("-Xmx40m"), arguments);
    }
}
