package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of a worker's connections to a server requests take. */
class SeveralConnectionsTest {

    /** A line, and the connection that it came on. */
    private record Arrival(ScriptedBackend.Connection connection, String line) {}

    private final ScriptedBackend server = ScriptedBackend.start();
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private ProxyUnderTest proxy;

    @BeforeEach
    void startProxy() throws ConfigException {
        proxy = ProxyUnderTest.startText(null, """
                pools{ main = { backends = { { host = "127.0.0.1", port = %d, connections = 3 } } } }
                routes{ default = route_direct{ child = "main" } }""".formatted(server.port()));
        for (int i = 0; i < 3; i++) {
            ScriptedBackend.Connection connection = server.accept();
            Thread.ofVirtual().start(() -> read(connection));
        }
    }

    /** Reads until the connection is closed. */
    private void read(ScriptedBackend.Connection connection) {
        try {
            while (true) {
                arrivals.add(new Arrival(connection, connection.readLine()));
            }
        } catch (AssertionError | java.nio.channels.ClosedSelectorException end) {
            // The test is over.
        }
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.close();
    }

    private ScriptedBackend.Connection expect(String line) throws InterruptedException {
        Arrival next = arrivals.poll(Deadline.USUAL.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(next).as("the server was sent something").isNotNull();
        assertThat(next.line()).isEqualTo(line);
        return next.connection();
    }

    @Test
    void requestsThatComeTogetherGoTogether() throws InterruptedException {
        try (RawClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("mg a v\r\nmg b v\r\nmg c v\r\n");
                ScriptedBackend.Connection first = expect("mg a v");
                assertThat(expect("mg b v")).isSameAs(first);
                assertThat(expect("mg c v")).isSameAs(first);
                first.send("EN\r\nEN\r\nEN\r\n");
                client.expect("EN\r\nEN\r\nEN\r\n");
            }
        }
    }

    @Test
    void requestsThatComeMeanwhileTakeIdleConnections() throws InterruptedException {
        List<ScriptedBackend.Connection> used = new ArrayList<>();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(proxy.connect());
            clients.get(i).send("mg key" + i + " v\r\n");
            used.add(expect("mg key" + i + " v"));
        }
        assertThat(used).doesNotHaveDuplicates();
        for (int i = 2; i >= 0; i--) {
            used.get(i).send("VA 1\r\n" + i + "\r\n");
            clients.get(i).expect("VA 1\r\n" + i + "\r\n");
            clients.get(i).close();
        }
    }

    @Test
    void requestsAboutOneKeyTakeOneConnectionUntilTheyAreAnswered() throws InterruptedException {
        try (RawClient client = proxy.connect();
                RawClient other = proxy.connect()) {
            client.send("md list\r\n");
            ScriptedBackend.Connection first = expect("md list");
            other.send("mg other v\r\n");
            ScriptedBackend.Connection second = expect("mg other v");
            assertThat(second).isNotSameAs(first);
            client.send("md list\r\n");
            assertThat(expect("md list")).isSameAs(first);
            other.send("mg list v\r\n");
            assertThat(expect("mg list v")).isSameAs(first);
            // The first connection has more to do than the others, and the key need not stay there once all of it is
            // done.
            first.send("HD\r\nNF\r\n");
            client.expect("HD\r\nNF\r\n");
            client.send("md list\r\n");
            assertThat(expect("md list")).isSameAs(first);
            first.send("EN\r\nNF\r\n");
            client.expect("NF\r\n");
            second.send("EN\r\n");
            other.expect("EN\r\nEN\r\n");
        }
    }

    /** What is never sent is not what has been answered. */
    @ParameterizedTest
    @ValueSource(strings = {"delete z 5", "me YSBi b", "delete z 5\r\ndelete z 6"})
    void aRequestThatIsRefusedIsNotTakenForTheAnsweredOne(String refused) throws InterruptedException {
        try (RawClient client = proxy.connect();
                RawClient other = proxy.connect()) {
            client.send("md list\r\n" + refused + "\r\nmn\r\n");
            ScriptedBackend.Connection first = expect("md list");
            other.send("mg other v\r\n");
            ScriptedBackend.Connection second = expect("mg other v");
            assertThat(second).isNotSameAs(first);
            client.send("md list\r\n");
            assertThat(expect("md list")).isSameAs(first);
            first.send("HD\r\nNF\r\n");
            client.readUntil("NF\r\n");
            second.send("EN\r\n");
            other.expect("EN\r\n");
        }
    }

    /** The request behind the get is answered before it, and is not taken for it. */
    @Test
    void aGetThatIsAskedAgainKeepsItsConnection() throws InterruptedException {
        try (RawClient client = proxy.connect();
                RawClient other = proxy.connect()) {
            client.send("get a\r\nget b\r\nmg c v\r\n");
            ScriptedBackend.Connection first = expect("get a b");
            assertThat(expect("mg c v")).isSameAs(first);
            first.send("SERVER_ERROR x\r\nEN\r\n");
            assertThat(expect("get a")).isSameAs(first);
            assertThat(expect("get b")).isSameAs(first);
            assertThat(expect("version")).isSameAs(first);
            other.send("md a\r\n");
            assertThat(expect("md a")).isSameAs(first);
            first.send("END\r\nEND\r\nVERSION 1.6.45\r\nNF\r\n");
            client.expect("END\r\nEND\r\nEN\r\n");
            other.expect("NF\r\n");
        }
    }

    @Test
    void aKeyAsBase64TextIsTheSameKey() throws InterruptedException {
        try (RawClient client = proxy.connect();
                RawClient other = proxy.connect()) {
            client.send("md list\r\n");
            ScriptedBackend.Connection first = expect("md list");
            other.send("mg bGlzdA== b v\r\n");
            assertThat(expect("mg bGlzdA== b v")).isSameAs(first);
            first.send("HD\r\nEN\r\n");
            client.expect("HD\r\n");
            other.expect("EN\r\n");
        }
    }
}
