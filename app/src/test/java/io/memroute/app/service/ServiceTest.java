package io.memroute.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server under a service manager, with the datagrams and the sockets that systemd has for it. */
@Timeout(120)
class ServiceTest {

    @TempDir
    private Path directory;

    /** The port of the manager's socket. */
    private final RefusingPort reserved = RefusingPort.reserve();

    @AfterEach
    void release() {
        reserved.close();
    }

    private List<String> server(String... more) throws IOException {
        Path configuration = Files.writeString(directory.resolve("routes.lua"), "routes{ default = route_null{} }\n");
        List<String> words = new ArrayList<>(List.of("run", configuration.toString()));
        words.addAll(List.of(more));
        return ProgramUnderTest.command(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"@memroute-service-test", "FILE"})
    void tellsTheManagerWhatItDoes(String name) throws Exception {
        String socket = name.equals("FILE") ? directory.resolve("notify").toString() : name + System.nanoTime();
        try (NotifiedManager manager = NotifiedManager.on(socket);
                ChildProcess server =
                        ChildProcess.start(server("-p", "-1", "-l", "127.0.0.1"), manager.environment(1000))) {
            manager.awaitMessage("READY=1 MAINPID=" + server.pid() + " STATUS=serving on 127.0.0.1:");
            manager.awaitMessage("WATCHDOG=1");

            server.signal("HUP");
            manager.awaitMessage("STATUS=the configuration was reloaded");
            assertThat(manager.messages())
                    .anyMatch(line -> line.matches("RELOADING=1 MONOTONIC_USEC=[0-9]+ STATUS=.*"));

            Files.writeString(directory.resolve("routes.lua"), "routes{");
            server.signal("HUP");
            manager.awaitMessage("STATUS=a reload failed; the previous configuration stays in force");

            server.signal("TERM");
            manager.awaitMessage("STOPPING=1 EXTEND_TIMEOUT_USEC=25000000 ");
            assertThat(server.awaitExit()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void servesOnSocketsOfTheManager(String transport) throws Exception {
        int port = reserved.port();
        Path unix = directory.resolve("memroute.sock");
        List<String> command = new ArrayList<>(List.of(
                ChildProcess.require("systemd-socket-activate", "systemd").toString(),
                "--listen=127.0.0.1:" + port,
                "--listen=" + unix,
                "--fdname=main:local"));
        command.addAll(server("--transport", transport));
        try (ChildProcess server = ChildProcess.start(command, Map.of())) {
            server.awaitOutput("Listening on " + unix);
            try (RawClient tcp = RawClient.connect(port)) {
                tcp.send("mn\r\n");
                tcp.expect("MN\r\n");
                assertThat(server.output())
                        .contains("listening on 127.0.0.1:" + port + ", " + unix)
                        .doesNotContain("11211");
            }
            try (RawClient local = RawClient.connect(unix)) {
                local.send("mn\r\nstats conns\r\n");
                local.expect("MN\r\n");
                assertThat(local.readUntil("END\r\n"))
                        .contains("addr unix:" + unix)
                        .doesNotContain("unknown");
            }
            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();
            // The file is the manager's.
            assertThat(unix).exists();
        }
    }

    @Test
    void refusesASocketThatTheCommandLineDoesNotName() throws Exception {
        int port = reserved.port();
        List<String> command = new ArrayList<>(List.of(
                ChildProcess.require("systemd-socket-activate", "systemd").toString(), "--listen=127.0.0.1:" + port));
        command.addAll(server("-s", directory.resolve("other.sock").toString()));
        try (ChildProcess server = ChildProcess.start(command, Map.of())) {
            server.awaitOutput("Listening on ");
            try (RawClient client = RawClient.connect(port)) {
                client.send("mn\r\n");
                assertThat(server.awaitExit()).isEqualTo(64);
                assertThat(server.output()).contains("listens on 127.0.0.1:" + port + ", which no -p, -l or -s names");
            }
        }
    }
}
