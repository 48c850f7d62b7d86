package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests that are wrong are answered by the proxy with the text of memcached 1.6.45 and never reach a backend, whose
 * connection other clients share; the client's connection goes on where memcached's would.
 */
class RefusedRequestsTest {

    private static final String BAD_LINE = "CLIENT_ERROR bad command line format\r\n";

    private ScriptedBackend backend;
    private ScriptedBackend.Connection connection;
    private ProxyUnderTest proxy;
    private RawClient client;

    @BeforeEach
    void start() {
        backend = ScriptedBackend.start();
        proxy = ProxyUnderTest.start(Configuration.direct(backend.port()));
        connection = backend.accept();
        client = proxy.connect();
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        backend.close();
    }

    @ParameterizedTest
    @CsvSource({
        "get",
        "gets",
        "gat 0",
        "gats",
        "set",
        "set a",
        "set a 0 0",
        "incr",
        "incr a",
        "touch a",
        "delete",
        "mg",
        "ms",
        "ms a",
        "md",
        "ma"
    })
    void aLineWithTooFewTokensIsRefused(String line) {
        isRefused(line + "\r\n", BAD_LINE);
    }

    @ParameterizedTest
    @CsvSource({"nonsense", "GET a", "getss a", "binary", "set\ta"})
    void anUnknownCommandIsAnsweredWithErrorAndTheConnectionGoesOn(String line) {
        isRefused(line + "\r\n", "ERROR\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "get KEY",
        "gets KEY",
        "gat 0 KEY",
        "touch KEY 0",
        "delete KEY",
        "incr KEY 1",
        "decr KEY 1",
        "mg KEY v",
        "md KEY",
        "ma KEY",
        "get a KEY",
        "get KEY a"
    })
    void aKeyTooLongIsRefused(String line) {
        isRefused(line.replace("KEY", "k".repeat(251)) + "\r\n", BAD_LINE);
    }

    @ParameterizedTest
    @CsvSource({
        "mg ??? b v, CLIENT_ERROR error decoding key",
        "mg a v v, CLIENT_ERROR duplicate flag",
        "mg a Tx, CLIENT_ERROR bad token in command line format"
    })
    void metaFlagsAreCheckedBeforeTheRequestIsSent(String line, String reply) {
        isRefused(line + "\r\n", reply + "\r\n");
    }

    @Test
    void aStorageRequestWithAKeyTooLongIsRefusedTogetherWithItsValue() {
        String key = "k".repeat(251);
        isRefused("set " + key + " 0 0 5\r\nflush\r\n", BAD_LINE);
        isRefused("ms " + key + " 5\r\nflush\r\n", BAD_LINE);
    }

    @ParameterizedTest
    @CsvSource({"set a x 0 5", "set a 0 x 5", "set a -1 0 5", "cas a 0 0 5 x"})
    void aStorageRequestWithAWrongNumberIsRefusedTogetherWithItsValue(String line) {
        isRefused(line + "\r\nvalue\r\n", BAD_LINE);
    }

    @Test
    void aValueWithoutItsLineEndIsABadDataChunkAndWhatFollowsIsACommand() {
        isRefused("set a 0 0 3\r\nabcdef\r\n", "CLIENT_ERROR bad data chunk\r\n" + BAD_LINE);
    }

    @ParameterizedTest
    @CsvSource({"set a 0 0 -1", "set a 0 0 99999999999", "set a 0 0 x", "ms a -1", "ms a x"})
    void aLengthThatIsNoneIsRefused(String line) {
        isRefused(line + "\r\n", BAD_LINE);
    }

    @Test
    void aRequestThatIsRefusedKeepsItsPlaceAmongTheReplies() {
        client.send("mg one v\r\nnonsense\r\nmg two v\r\n");
        connection.expect("mg one v\r\nmg two v\r\n");
        connection.send("VA 1\r\n1\r\nVA 1\r\n2\r\n");
        client.expect("VA 1\r\n1\r\nERROR\r\nVA 1\r\n2\r\n");
    }

    @Test
    void shutdownIsRefusedUnlessAllowed() {
        client.send("shutdown\r\nmn\r\n");
        assertThat(client.readUntil("MN\r\n"))
                .isIn("ERROR: shutdown not enabled\r\nMN\r\n", "SERVER_ERROR: shutdown not enabled\r\nMN\r\n");
    }

    @Test
    void flushAllIsRefusedUnlessAllowed() {
        client.send("flush_all\r\nmn\r\n");
        assertThat(client.readLine()).startsWith("CLIENT_ERROR").contains("flush_all");
        client.expect("MN\r\n");
    }

    /** The next request is the first thing that the backend hears. */
    private void isRefused(String request, String reply) {
        client.send(request + "mn\r\nmg after v\r\n");
        client.expect(reply + "MN\r\n");
        connection.expect("mg after v\r\n");
        connection.send("EN\r\n");
        client.expect("EN\r\n");
    }
}
