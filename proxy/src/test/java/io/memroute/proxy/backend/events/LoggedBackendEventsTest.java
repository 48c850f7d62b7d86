package io.memroute.proxy.backend.events;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.it.LoggedLines;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LoggedBackendEventsTest {

    private final BackendSpec backend =
            BackendSpec.builder("10.0.0.1", 11211).label("cache1").build();
    private final BackendSpec other =
            BackendSpec.builder("10.0.0.2", 11211).label("cache2").build();
    private final LoggedBackendEvents events = new LoggedBackendEvents();

    @RegisterExtension
    final LoggedLines log = new LoggedLines("memroute.backend", Level.INFO);

    @Test
    void tellsOnceThatABackendIsBadAndOnceThatItIsBack() {
        events.markedBad(backend, false, 3);
        events.markedBad(backend, false, 3);
        events.recovered(backend);
        events.recovered(backend);

        assertThat(log.lines())
                .containsExactly(
                        "backend cache1 (10.0.0.1:11211): marked bad; requests to it fail at once, next attempt in 3 s",
                        "backend cache1 (10.0.0.1:11211): answers again");
    }

    @Test
    void tellsOfLostConnectionsOnceASecond() {
        for (int i = 0; i < 100; i++) {
            events.connectionFailed(backend, BackendFailure.TIMEOUT, null, 2, new byte[0]);
        }

        assertThat(log.lines())
                .contains("backend cache1 (10.0.0.1:11211): no connection (timeout): no reply within the read timeout;"
                        + " 2 requests failed");
        assertThat(log.lines().size()).isLessThan(10);
    }

    @Test
    void tellsWhatTheSystemAndTheServerSaidInPlainWords() {
        events.connectionFailed(
                backend,
                BackendFailure.CONNECTING,
                new ConnectException(
                        "io_uring connect(..) failed with error(-111): Connection refused: /10.0.0.1:11211"),
                0,
                new byte[0]);
        events.connectionFailed(
                other,
                BackendFailure.REFUSED_VALIDATE,
                null,
                1,
                "CLIENT_ERROR \u001b[2Junauthenticated\r\n".getBytes(US_ASCII));

        assertThat(log.lines())
                .containsExactly(
                        "backend cache1 (10.0.0.1:11211): no connection (connecting): connection refused;"
                                + " 0 requests failed",
                        "backend cache2 (10.0.0.2:11211): no connection (readvalidate): error reply to the version"
                                + " command,"
                                + " \"CLIENT_ERROR \\x1b[2Junauthenticated\"; 1 requests failed");
    }

    @Test
    void startsAnewWithABackendThatWasTakenOutWhileBad() {
        events.markedBad(backend, false, 3);
        events.forgotten(backend, 1);
        events.markedBad(backend, false, 3);

        assertThat(log.lines()).hasSize(2);
    }
}
