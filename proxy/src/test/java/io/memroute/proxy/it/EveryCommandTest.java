package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command, answered through the proxy byte for byte as by a server that a client is connected to directly. Each
 * conversation is sent to both, once as one pipelined block and once request by request; both servers start empty, so
 * that CAS values agree too.
 */
class EveryCommandTest {

    /** Its reply, which comes after all others, is like no other. */
    private static final String LAST_REQUEST = "mg the-last-of-this-block k\r\n";

    private static final String LAST_REPLY = "EN kthe-last-of-this-block\r\n";

    /** A longer block or reply is shown by its beginning and its hash. */
    private static final int SHOWN_CHARACTERS = 2000;

    static List<Conversation> conversations() {
        return Conversation.all();
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void isAnsweredAsByADirectServerWhenPipelined(Conversation conversation) {
        List<String> block = List.of(String.join("", conversation.requests()));
        assertThat(throughTheProxy(block)).containsExactlyElementsOf(directly(block));
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void isAnsweredAsByADirectServerOneByOne(Conversation conversation) {
        List<String> requests = conversation.requests();
        assertThat(throughTheProxy(requests)).containsExactlyElementsOf(directly(requests));
    }

    private static List<String> throughTheProxy(List<String> blocks) {
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy =
                        ProxyUnderTest.start(Configuration.direct(server).setting("allow_flush_all", true));
                RawClient client = proxy.connect()) {
            return exchanges(client, blocks);
        }
    }

    private static List<String> directly(List<String> blocks) {
        try (MemcachedServer server = MemcachedServer.start();
                RawClient client = server.connect()) {
            return exchanges(client, blocks);
        }
    }

    /** Each block and the replies to it. */
    private static List<String> exchanges(RawClient client, List<String> blocks) {
        List<String> exchanges = new ArrayList<>();
        for (String block : blocks) {
            client.send(block + LAST_REQUEST);
            exchanges.add(shown(block) + " -> " + shown(client.readUntil(LAST_REPLY)));
        }
        return exchanges;
    }

    private static String shown(String bytes) {
        String visible = bytes.replace("\r", "\\r").replace("\n", "\\n");
        return visible.length() <= SHOWN_CHARACTERS
                ? visible
                : visible.substring(0, 200) + "...(" + visible.length() + " characters, hash " + visible.hashCode()
                        + ")";
    }
}
