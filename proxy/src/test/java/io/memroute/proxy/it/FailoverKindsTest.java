package io.memroute.proxy.it;

import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import io.memroute.testkit.UnansweredPort;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that fail in different ways, and a failover that goes on after some kinds of errors only. */
class FailoverKindsTest {

    private static final String ALL =
            "\"bad\", \"connect\", \"full\", \"timeout\", \"lost\", \"server_error\", \"client_error\"";

    private MemcachedServer main;
    private ScriptedBackend.Connection last;
    /** Whether the proxy has given the last connection up. */
    private boolean gone = true;

    @BeforeEach
    void startServer() {
        main = MemcachedServer.start();
    }

    @AfterEach
    void stopServer() {
        main.close();
    }

    /**
     * Expects that requests go on to the second child if the kind is in the list, and else have the first one's error.
     *
     * @param server the first child's
     * @param failing makes the first child fail a request that it is sent
     */
    private void expect(String kind, String server, Runnable failing, String error) throws Exception {
        String others = ALL.replace("\"" + kind + "\", ", "").replace(", \"" + kind + "\"", "");
        String lua = """
                settings{ backend_failure_limit = 1000, backend_connect_timeout = 0.3 }
                pools{
                  first = { backend_options = { readtimeout = 0.3 }, backends = { %s } },
                  main = { backends = { "127.0.0.1:%d" } },
                }
                routes{
                  map = {
                    on = route_failover{ children = { "first", "main" }, errors = { "%s" } },
                    off = route_failover{ children = { "first", "main" }, errors = { %s } },
                  },
                  default = route_direct{ child = "main" },
                }
                """.formatted(server, main.port(), kind, others);
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(null, lua);
                RawClient client = proxy.connect()) {
            client.send("get on/key\r\n");
            failing.run();
            client.expect("END\r\n");
            client.send("get off/key\r\n");
            failing.run();
            client.expect(error + "\r\n");
        }
    }

    private static String address(int port) {
        return "\"127.0.0.1:" + port + "\"";
    }

    /** A server that does something with the next request about a key. */
    private void expectOfServer(String kind, Consumer<ScriptedBackend.Connection> reaction, String error)
            throws Exception {
        try (ScriptedBackend first = ScriptedBackend.start()) {
            expect(
                    kind,
                    address(first.port()),
                    () -> {
                        ScriptedBackend.Connection connection = connection(first);
                        connection.readUntil("key\r\n");
                        reaction.accept(connection);
                    },
                    error);
        }
    }

    /** The connection that is open now: another one if the last has been given up. */
    private ScriptedBackend.Connection connection(ScriptedBackend first) {
        if (gone) {
            last = first.accept();
            gone = false;
        }
        return last;
    }

    @Test
    void aServerThatIsDownIsBad() throws Exception {
        expect("bad", "{ host = \"127.0.0.1\", port = 11211, down = true }", () -> {}, "SERVER_ERROR backend failure");
    }

    @Test
    void aServerThatDoesNotAcceptCannotBeConnectedTo() throws Exception {
        try (UnansweredPort port = UnansweredPort.open()) {
            expect("connect", address(port.port()), () -> {}, "SERVER_ERROR backend failure");
        }
    }

    @Test
    void aServerThatSaysNothingTimesOut() throws Exception {
        expectOfServer("timeout", connection -> gone = true, "SERVER_ERROR backend failure");
    }

    @Test
    void aConnectionThatIsClosedIsLost() throws Exception {
        expectOfServer(
                "lost",
                connection -> {
                    gone = true;
                    connection.close();
                },
                "SERVER_ERROR backend failure");
    }

    @Test
    void aServersOwnErrorsAreTwoKinds() throws Exception {
        expectOfServer(
                "server_error",
                connection -> connection.send("SERVER_ERROR out of memory\r\n"),
                "SERVER_ERROR out of memory");
        gone = true;
        expectOfServer("client_error", connection -> connection.send("CLIENT_ERROR no\r\n"), "CLIENT_ERROR no");
    }
}
