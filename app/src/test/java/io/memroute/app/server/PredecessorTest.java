package io.memroute.app.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.app.control.ScriptedServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the new process of an upgrade makes of an old one that breaks off. */
@Timeout(60)
class PredecessorTest {

    private static final long SELF = ProcessHandle.current().pid();

    @Test
    void namesTheServerThatClosesTheConnection() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(peer -> peer.hear())) {
            assertThatThrownBy(() -> Predecessor.ask(SELF))
                    .hasMessage("--take-over: process " + SELF + ": the other process has closed the connection");
        }
    }
}
