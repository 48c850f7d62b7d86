package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Every limit refuses with its text, in the place of the reply, and lets the rest go on. */
class LimitsTest {

    @Test
    void requestsBeyondTheActiveRequestLimitAreRefused() {
        withBackend(configuration -> configuration.setting("active_req_limit", 2), (connection, client) -> {
            client.send("mg 1 v\r\nmg 2 v\r\nmg 3 v\r\nset 4 0 0 2\r\nab\r\nmn\r\n");
            connection.expect("mg 1 v\r\nmg 2 v\r\n");
            connection.send("EN\r\nEN\r\n");
            String refused = "SERVER_ERROR active request limit reached\r\n";
            client.expect("EN\r\nEN\r\n" + refused + refused + "MN\r\n");
            client.send("mg 5 v\r\n");
            connection.expect("mg 5 v\r\n");
            connection.send("EN\r\n");
            client.expect("EN\r\n");
        });
    }

    @Test
    void requestsBeyondABackendsDepthLimitFailAtOnce() {
        withBackend(configuration -> configuration.setting("backend_depth_limit", 3), (connection, client) -> {
            client.send("mg 1 v\r\nmg 2 v\r\nmg 3 v\r\nmg 4 v\r\nmg 5 v\r\n");
            // "More than": upstream refuses when more than three are waiting already.
            connection.expect("mg 1 v\r\nmg 2 v\r\nmg 3 v\r\nmg 4 v\r\n");
            connection.send("EN\r\nEN\r\nEN\r\nEN\r\n");
            client.expect("EN\r\nEN\r\nEN\r\nEN\r\nSERVER_ERROR backend failure\r\n");
            client.send("mg 6 v\r\n");
            connection.expect("mg 6 v\r\n");
            connection.send("EN\r\n");
            client.expect("EN\r\n");
        });
    }

    @Test
    void valuesBeyondTheBufferMemoryLimitAreRefused() {
        withBackend(configuration -> configuration.setting("buffer_memory_limit", 300), (connection, client) -> {
            String first = "set 1 0 0 70000\r\n" + "x".repeat(70_000) + "\r\n";
            client.send(first);
            connection.expect(first);
            client.send("set 2 0 0 240000\r\n" + "x".repeat(240_000) + "\r\nmg 3 v\r\n");
            connection.expect("mg 3 v\r\n");
            connection.send("STORED\r\nEN\r\n");
            client.expect("STORED\r\nSERVER_ERROR out of memory\r\nEN\r\n");
            client.send("set 4 0 0 1\r\nx\r\n");
            connection.expect("set 4 0 0 1\r\nx\r\n");
            connection.send("STORED\r\n");
            client.expect("STORED\r\n");
        });
    }

    @Test
    void aValueLargerThanTheProxyTakesIsRefusedAndSkipped() {
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy =
                        ProxyUnderTest.start(Configuration.direct(server), options -> options.valueLimitBytes(1000));
                RawClient client = proxy.connect()) {
            for (String line : new String[] {"set big 0 0 100000", "ms big 100000"}) {
                client.send("set big 0 0 1\r\nx\r\n" + line + "\r\n" + "y".repeat(100_000) + "\r\nmn\r\n");
                client.expect("STORED\r\nSERVER_ERROR object too large for cache\r\nMN\r\n");
            }
        }
    }

    @Test
    void aLineTooLongIsAnsweredAfterEveryEarlierReplyAndEndsTheConnection() {
        withBackend(configuration -> configuration, (connection, client) -> {
            client.send("mg 1 v\r\n" + "x".repeat(5000));
            connection.expect("mg 1 v\r\n");
            connection.send("EN\r\n");
            client.expect("EN\r\n");
            assertThat(client.readLine()).startsWith("CLIENT_ERROR ");
            client.expectClosed();
        });
    }

    @Test
    void aClientWithTooManyRequestsOutstandingIsNotReadUntilSomeAreAnswered() {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(
                        Configuration.direct(backend.port()), options -> options.requestsInFlight(4));
                RawClient client = proxy.connect();
                RawClient other = proxy.connect()) {
            ScriptedBackend.Connection connection = backend.accept();
            client.send("mg 1 v\r\nmg 2 v\r\nmg 3 v\r\nmg 4 v\r\nmg 5 v\r\nmg 6 v\r\n");
            connection.expect("mg 1 v\r\nmg 2 v\r\nmg 3 v\r\nmg 4 v\r\n");
            other.send("mg o v\r\n");
            connection.expect("mg o v\r\n");
            connection.send("EN\r\nEN\r\nEN\r\nEN\r\nEN\r\n");
            connection.expect("mg 5 v\r\nmg 6 v\r\n");
            connection.send("EN\r\nEN\r\n");
            client.expect("EN\r\n".repeat(6));
            other.expect("EN\r\n");
        }
    }

    private interface Script {
        void play(ScriptedBackend.Connection connection, RawClient client);
    }

    private static void withBackend(UnaryOperator<Configuration> settings, Script script) {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(settings.apply(Configuration.direct(backend.port())));
                RawClient client = proxy.connect()) {
            script.play(backend.accept(), client);
        }
    }
}
