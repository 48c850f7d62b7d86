package io.memroute.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask a slow server, go at once and come again: as few as may be connected at one time, and no end. */
class DepartedClientsTest {

    private static final int CLIENTS = 3000;
    private static final int REQUESTS = 50;

    @TempDir
    private Path directory;

    @Test
    void leaveTheHeapToOthers() throws IOException {
        try (ScriptedBackend slow = ScriptedBackend.start()) {
            Path configuration = Files.writeString(directory.resolve("slow.lua"), """
                    settings{ backend_read_timeout = 300 }
                    pools{ slow = { backends = { "127.0.0.1:%d" } } }
                    routes{ default = route_direct{ child = "slow" } }
                    """.formatted(slow.port()));
            try (ChildProcess server = ProgramUnderTest.start(
                    List.of("-Xmx40m"), "run", configuration.toString(), "-t", "1", "-p", "-1", "-l", "127.0.0.1")) {
                int port = ProgramUnderTest.port(server);
                for (int i = 0; i < CLIENTS; i++) {
                    try (RawClient client = RawClient.connect(port)) {
                        client.send("mn\r\n");
                        client.expect("MN\r\n");
                        client.send(("get key-" + i + "\r\n").repeat(REQUESTS));
                        client.reset();
                    }
                }
                try (RawClient client = RawClient.connect(port)) {
                    client.send("get key\r\nmn\r\n");
                    client.expect("SERVER_ERROR active request limit reached\r\nMN\r\n");
                    client.send("stats\r\n");
                    assertThat(client.readUntil("END\r\n")).containsPattern("STAT proxy_req_limited [1-9]");
                }
            }
        }
    }
}
