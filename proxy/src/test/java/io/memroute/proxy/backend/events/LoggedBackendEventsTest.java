package io.memroute.proxy.backend.events;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.memroute.proxy.config.BackendSpec;
import java.net.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggedBackendEventsTest {

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("memroute.backend");

    private final BackendSpec backend =
            BackendSpec.builder("10.0.0.1", 11211).label("cache1").build();
    private final BackendSpec other =
            BackendSpec.builder("10.0.0.2", 11211).label("cache2").build();
    private final LoggedBackendEvents events = new LoggedBackendEvents();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        LOGGER.setLevel(Level.INFO);
        LOGGER.setAdditive(false);
        lines.start();
        LOGGER.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        LOGGER.detachAppender(lines);
        LOGGER.setAdditive(true);
        LOGGER.setLevel(null);
    }

    @Test
    void tellsOnceThatABackendIsBadAndOnceThatItIsBack() {
        events.markedBad(backend, false, 3);
        events.markedBad(backend, false, 3);
        events.recovered(backend);
        events.recovered(backend);

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "backend cache1 (10.0.0.1:11211): marked bad; requests to it fail at once, next attempt in 3 s",
                        "backend cache1 (10.0.0.1:11211): answers again");
    }

    @Test
    void tellsOfLostConnectionsOnceASecond() {
        for (int i = 0; i < 100; i++) {
            events.connectionFailed(backend, BackendFailure.TIMEOUT, null, 2, new byte[0]);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("backend cache1 (10.0.0.1:11211): no connection (timeout): no reply within the read timeout;"
                        + " 2 requests failed");
        assertThat(lines.list.size()).isLessThan(10);
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

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
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

        assertThat(lines.list).hasSize(2);
    }
}
