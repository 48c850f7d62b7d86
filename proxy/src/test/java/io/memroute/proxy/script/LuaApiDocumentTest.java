package io.memroute.proxy.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The examples of {@code docs/lua-api.md} load, and those that serve requests do what the text says. */
class LuaApiDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "lua-api.md");
    private static final Pattern LUA_BLOCK = Pattern.compile("^```lua\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    private static List<String> examples() throws IOException {
        return LUA_BLOCK
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String example(String word) throws IOException {
        return examples().stream()
                .filter(example -> example.contains(word))
                .findFirst()
                .orElseThrow();
    }

    /** With what an example takes for granted before it. */
    private static String complete(String example, ScriptedBackend... backends) {
        String pools = backends.length == 0
                ? "function mcp_config_pools() return { main = mcp.pool{ mcp.backend{ label = 'x', host = "
                        + "'127.0.0.1', port = 1, down = true } } } end\n"
                : ScriptUnderTest.withPools("", backends).replace("p1 =", "main =");
        return pools + "function mcp_config_routes() end\n" + example;
    }

    @TestFactory
    Stream<DynamicTest> everyExampleLoads() throws IOException {
        assertThat(examples()).isNotEmpty();
        return examples().stream()
                .map(example -> DynamicTest.dynamicTest(
                        example.lines().limit(2).toList().toString(),
                        () -> ScriptUnderTest.start(complete(example)).close()));
    }

    @Test
    void theInspectorFindsTenantAndTimeToLive() throws Exception {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(complete(example("req_inspector_new")))) {
            proxy.expect("ms blue/a 2 T60\r\nhi\r\n", "HD\r\n");
            proxy.expect("ms blue/a 2 T3601\r\nhi\r\n", "CLIENT_ERROR blue may keep items for an hour\r\n");
            proxy.expect("ms blue/a 2\r\nhi\r\n", "CLIENT_ERROR blue may keep items for an hour\r\n");
        }
    }

    @Test
    void theMutatorsRewriteARequestAndAFailure() throws Exception {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(complete(example("req_mutator_new"), server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a s Oab\r\n");
            backend.expect("mg v2/a v t Oab\r\n");
            backend.send("VA 1 t-1 Oab\r\nx\r\n");
            client.expect("VA 1 t-1 Oab\r\nx\r\n");
            client.send("mg a s Oab\r\n");
            backend.expect("mg v2/a v t Oab\r\n");
            client.expect("EN Oab\r\n");
        }
    }

    private static final String MISS = "EN\r\n";

    @Test
    void theFirstHandleWithTheKeyAnswers() throws Exception {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(complete(example("first_hit"), server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\n");
            backend.expect("mg a v\r\n");
            backend.send(MISS);
            backend.expect("mg a v\r\n");
            backend.send("VA 1\r\nx\r\n");
            client.expect("VA 1\r\nx\r\n");
        }
    }

    @Test
    void theRouterAnswersTheStatusAndRefusesSets() throws Exception {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(complete(example("read only"), server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("get status/\r\nset a 0 0 1\r\nx\r\nget a\r\n");
            client.expect("VALUE status 0 2\r\nok\r\nEND\r\nSERVER_ERROR read only\r\n");
            backend.expect("get a\r\n");
            backend.send("END\r\n");
            client.expect("END\r\n");
        }
    }

    @Test
    void writesToBothAnswerWithTheWorseReply() throws Exception {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(complete(example("only \" .. replies"), server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("ms a 1\r\nx\r\n");
            backend.expect("ms a 1\r\nx\r\nms a 1\r\nx\r\n");
            backend.send("HD\r\nSERVER_ERROR full\r\n");
            client.expect("SERVER_ERROR full\r\n");
            client.send("ms a 1\r\nx\r\n");
            backend.expect("ms a 1\r\nx\r\nms a 1\r\nx\r\n");
            backend.send("HD\r\n");
            client.expect("SERVER_ERROR only 1 in time\r\n");
        }
    }

    @Test
    void itemsAreKeptForAnHourAtMost() throws Exception {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(complete(example("an_hour"), server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("ms a 1\r\nx\r\nms b 1 T60 I\r\nx\r\nms c 1 T3601\r\nx\r\n");
            backend.expect("ms a 1 T3600\r\nx\r\nms b 1 T60\r\nx\r\nms c 1 T3600\r\nx\r\n");
            backend.send("HD\r\nHD\r\nHD\r\n");
            client.expect("HD\r\nHD\r\nHD\r\n");
        }
    }

    @Test
    void theOpaqueOfTheProxyIsHidden() throws Exception {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(complete(example("flag_blank"), server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\nmg b v Omine\r\nmg c v\r\n");
            backend.expect("mg a v Oproxy\r\nmg b v Omine\r\nmg c v Oproxy\r\n");
            backend.send("VA 1 Oproxy\r\nx\r\nVA 1 Omine\r\ny\r\nEN Oproxy\r\n");
            client.expect("VA 1       \r\nx\r\nVA 1 Omine\r\ny\r\nEN       \r\n");
        }
    }
}
