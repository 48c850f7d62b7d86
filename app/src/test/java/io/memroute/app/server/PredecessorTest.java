package io.memroute.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.app.control.ScriptedServer;
import io.memroute.testkit.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Else that one would leave to nobody: the word must not be said any more after this one has given up on it. */
    @Test
    void aServerWhoseLastWordIsLateIsToldThatItWasNotHeard() throws Exception {
        CountDownLatch givenUp = new CountDownLatch(1);
        CompletableFuture<Void> late = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.hear();
                    peer.say(Predecessor.SOCKETS, List.of());
                    assertThat(peer.hear().text()).isEqualTo(Predecessor.SERVING);
                    try {
                        givenUp.await();
                        peer.say(Predecessor.LEFT, List.of());
                        late.complete(null);
                    } catch (IOException | InterruptedException e) {
                        late.completeExceptionally(e);
                    }
                });
                Predecessor predecessor = Predecessor.ask(SELF)) {
            predecessor.setPatience(Duration.ofMillis(200));
            assertThatThrownBy(predecessor::leave)
                    .hasMessage("--take-over: process " + SELF + ": no message came in time");
            givenUp.countDown();
            assertThat(late)
                    .failsWithin(Deadline.USUAL)
                    .withThrowableThat()
                    .withMessageContaining("sendmsg: Broken pipe");
        }
    }

    /** It has given up waiting, and accepts clients again, whether or not it has read the last word. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerThatClosesTheConnectionAndRunsIsNotReplaced(boolean readsTheLastWord) throws IOException {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.hear();
                    peer.say(Predecessor.SOCKETS, List.of());
                    peer.hear();
                    peer.say(Predecessor.PAUSED, List.of());
                    if (readsTheLastWord) {
                        peer.hear();
                    }
                });
                Predecessor predecessor = Predecessor.ask(SELF)) {
            predecessor.pause();
            assertThatThrownBy(predecessor::leave)
                    .hasMessage("--take-over: process " + SELF + ": the connection has closed, but the process runs");
        }
    }
}
