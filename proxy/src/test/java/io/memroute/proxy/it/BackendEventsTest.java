package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.LogWatcher;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What those who watch {@code proxyevents} hear of backends. */
class BackendEventsTest {

    private final ScriptedBackend backend = ScriptedBackend.start();

    @AfterEach
    void stopBackend() {
        backend.close();
    }

    private ProxyUnderTest start(Object failureLimit) {
        return start(failureLimit, 60);
    }

    private ProxyUnderTest start(Object failureLimit, int readTimeoutSeconds) {
        return ProxyUnderTest.start(Configuration.direct(backend.port())
                .setting("backend_failure_limit", failureLimit)
                .setting("backend_read_timeout", readTimeoutSeconds)
                .setting("backend_flap_time", 0)
                .setting("backend_retry_waittime", 7));
    }

    private String line(String error, String rest) {
        return "type=proxy_backend error=" + error + " name=127.0.0.1 port=" + backend.port() + " label=127.0.0.1:"
                + backend.port() + " " + rest;
    }

    /** What a server sends to one request, and what is told when it has been found wrong. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            get k;  VALUE k 0 1\\r\\nx\\r\\nEN;        timeout;         depth=0 rbuf=EN
            get k;  VALUE k 0 1\\r\\nx\\r\\nNO\\r\\n;  missingend;      depth=0 rbuf=
            mg k v; VA 5\\r\\nab;                      timeout;         depth=1 rbuf=VA%205%0D%0Aab
            mg k v; what is this?\\r\\n;               parsing;         depth=1 rbuf=what%20is%20this%3F%0D%0A
            mg k v; VERSION 5\\r\\n;                   unhandledres;    depth=1 rbuf=
            mg k v; EN\\r\\nmore\\r\\n;                trailingdata;    depth=0 rbuf=more%0D%0A
            mg k v; EN\\r\\nmore;                      trailingdata;    depth=0 rbuf=more
            get k;  VALUE other 0 1\\r\\nx\\r\\nEND\\r\\n; wrongkey;    depth=1 rbuf=END%0D%0A
            """)
    void tellsWhyAConnectionWasLostAndWhatWasLeftUnread(String request, String reply, String error, String rest) {
        // A timeout must pass, but not before the reply has been sent.
        try (ProxyUnderTest proxy = start(3, error.equals("timeout") ? 2 : 60);
                ScriptedBackend.Connection connection = backend.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyevents");
                RawClient client = proxy.connect()) {
            client.send(request + "\r\n");
            connection.expect(request + "\r\n");
            connection.send(reply.replace("\\r\\n", "\r\n"));
            watcher.expect(line(error, rest));
        }
    }

    @Test
    void tellsHowManyRequestsWereLost() {
        try (ProxyUnderTest proxy = start(3);
                ScriptedBackend.Connection connection = backend.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyevents");
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\nmg b v\r\nmg c v\r\n");
            connection.expect("mg a v\r\nmg b v\r\nmg c v\r\n");
            connection.close();
            client.expect("SERVER_ERROR backend failure\r\n".repeat(3));
            watcher.expectMatching(line("(disconnected|reading)", "depth=3 rbuf="));
        }
    }

    @Test
    void tellsThatABackendIsMarkedBad() {
        try (ProxyUnderTest proxy = start(0);
                ScriptedBackend.Connection connection = backend.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyevents")) {
            connection.close();
            watcher.expectMatching(line("(disconnected|reading)", "depth=0 rbuf="));
            watcher.expect(line("markedbad", "retry=7"));
        }
    }

    @Test
    void tellsOfAConnectionThatDoesNotLast() {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(backend.port())
                        .setting("backend_failure_limit", 1)
                        .setting("backend_retry_waittime", 2)
                        .setting("backend_flap_backoff_ramp", 1.5)
                        .setting("backend_flap_time", 60));
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyevents")) {
            for (int i = 0; i < 2; i++) {
                backend.accept().close();
                watcher.expectMatching(line("(disconnected|reading)", "depth=0 rbuf="));
            }
            watcher.expect(line("markedbadflap", "retry=2"));
        }
    }

    /** It used to be connected to some 900 times a second. */
    @ParameterizedTest
    @ValueSource(strings = {"", "SERVER_ERROR go away\r\n"})
    void leavesAServerAloneThatDropsEachConnectionAfterTheHandshake(String unasked) {
        // Longer than the default, so that each of them is too short on a busy machine, too.
        try (ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(backend.port()).setting("backend_flap_time", 60));
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyevents");
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 4; i++) {
                ScriptedBackend.Connection connection = backend.accept();
                if (unasked.isEmpty()) {
                    connection.close();
                } else {
                    connection.send(unasked);
                }
            }
            String line;
            do {
                line = watcher.next();
            } while (line.contains("error=disconnected")
                    || line.contains("error=reading")
                    || line.contains("error=closedsock"));
            assertThat(line).matches(line("markedbadflap", "retry=3"));
            client.send("mg k v\r\n");
            client.expect("SERVER_ERROR backend failure\r\n");
            assertThat(backend.acceptedConnections()).isEqualTo(4);
        }
    }

    @Test
    void tellsOfAServerThatIsNotThere() {
        backend.refuse();
        try (ProxyUnderTest proxy = start(1);
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyevents")) {
            proxy.reload(Configuration.direct(backend.port())
                    .setting("backend_failure_limit", 1)
                    .setting("backend_retry_waittime", 8));
            List<String> lines = new ArrayList<>();
            // What the first configuration meets may come before, or have been told before anybody watched.
            do {
                lines.add(watcher.next());
            } while (!lines.contains("type=proxy_conf status=done")
                    || lines.stream().noneMatch(line -> line.endsWith(" retry=8")));
            assertThat(lines)
                    .contains("type=proxy_conf status=start")
                    .containsSubsequence(
                            line("connecting", "depth=0 rbuf="),
                            line("connecting", "depth=0 rbuf="),
                            line("markedbad", "retry=8"));
        }
    }
}
