package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.Test;

/** How clients come, go, and stop reading. */
class ClientConnectionTest {

    @Test
    void aClientThatHasSentEverythingStillGetsEveryReply() {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(backend.port()));
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection connection = backend.accept();
            client.send("mg a v\r\nset b 0 0 1\r\nx\r\nmn\r\n");
            client.halfClose();
            connection.expect("mg a v\r\nset b 0 0 1\r\nx\r\n");
            connection.send("VA 1\r\na\r\n");
            client.expect("VA 1\r\na\r\n");
            connection.send("STORED\r\n");
            client.expect("STORED\r\nMN\r\n");
            client.expectClosed();
        }
    }

    @Test
    void repliesDueAreSentBeforeQuitCloses() {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(backend.port()));
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection connection = backend.accept();
            client.send("mg a v\r\nquit\r\nmg never v\r\n");
            connection.expect("mg a v\r\n");
            connection.send("EN\r\n");
            client.expect("EN\r\n");
            client.expectClosed();
            assertThat(connection.hasReceived()).as("requests after quit").isFalse();
        }
    }

    @Test
    void aClientThatGoesAwayLeavesTheBackendConnectionInOrder() {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(backend.port()));
                RawClient stays = proxy.connect()) {
            ScriptedBackend.Connection connection = backend.accept();
            try (RawClient leaves = proxy.connect()) {
                leaves.send("mg gone v\r\nmg gone2 v\r\n");
                connection.expect("mg gone v\r\nmg gone2 v\r\n");
                leaves.reset();
            }
            stays.send("mg mine v\r\n");
            connection.expect("mg mine v\r\n");
            connection.send("VA 5\r\nwrong\r\nVA 5\r\nwrong\r\nVA 5\r\nright\r\n");
            stays.expect("VA 5\r\nright\r\n");
            assertThat(backend.acceptedConnections()).isOne();
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleOfAValueSendsNothingToTheBackend() {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(backend.port()));
                RawClient stays = proxy.connect()) {
            ScriptedBackend.Connection connection = backend.accept();
            for (int size : new int[] {100, 1_000_000}) {
                try (RawClient leaves = proxy.connect()) {
                    leaves.send("mn\r\nset k 0 0 " + size + "\r\nhalf a value");
                    leaves.expect("MN\r\n");
                }
                stays.send("mg mine v\r\n");
                connection.expect("mg mine v\r\n");
                connection.send("EN\r\n");
                stays.expect("EN\r\n");
            }
        }
    }

    @Test
    void oneMoreClientThanAllowedIsToldSoAndLetGo() {
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy =
                        ProxyUnderTest.start(Configuration.direct(server), options -> options.maxConnections(2));
                RawClient one = proxy.connect()) {
            try (RawClient two = proxy.connect()) {
                one.send("mn\r\n");
                one.expect("MN\r\n");
                two.send("mn\r\n");
                two.expect("MN\r\n");
                try (RawClient three = proxy.connect()) {
                    three.expect("ERROR Too many open connections\r\n");
                    three.expectClosed();
                }
                two.send("quit\r\n");
                two.expectClosed();
            }
            awaitRoomForOneMore(proxy);
        }
    }

    /** The proxy learns of a client's end in its own time. */
    private static void awaitRoomForOneMore(ProxyUnderTest proxy) {
        Deadline.await("a connection to be let in", () -> {
            try (RawClient client = proxy.connect()) {
                client.send("mn\r\n");
                return client.readLine().equals("MN");
            } catch (AssertionError refused) {
                return false;
            }
        });
    }
}
