package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gets that miss where a server fails, so that client libraries keep the values of the others. */
class MissOnErrorTest {

    private MemcachedServer alive;
    private ScriptedBackend dead;

    @BeforeEach
    void start() {
        alive = MemcachedServer.start();
        dead = ScriptedBackend.start();
        dead.refuse();
    }

    @AfterEach
    void stop() {
        alive.close();
        dead.close();
    }

    private ProxyUnderTest proxy(String settings, String routes) throws ConfigException {
        return ProxyUnderTest.startText(null, """
                settings{ %s }
                pools{ alive = { backends = { "127.0.0.1:%d" } }, dead = { backends = { "127.0.0.1:%d" } } }
                routes{ %s map = { d = route_direct{ child = "dead" } }, default = route_direct{ child = "alive" } }
                """.formatted(settings, alive.port(), dead.port(), routes));
    }

    @Test
    void aMultiGetKeepsTheValuesOfTheServersThatLive() throws ConfigException {
        try (ProxyUnderTest proxy = proxy("miss_on_error = true", "");
                RawClient client = proxy.connect()) {
            client.send("set a 0 0 1\r\n1\r\nset b 0 0 1\r\n2\r\n");
            client.expect("STORED\r\nSTORED\r\n");
            client.send("get a d/x b d/y\r\nget d/x\r\n");
            client.expect("VALUE a 0 1\r\n1\r\nVALUE b 0 1\r\n2\r\nEND\r\nEND\r\n");
            client.send("stats\r\n");
            assertThat(Stream.generate(client::readLine).takeWhile(line -> !line.equals("END")))
                    .contains("STAT proxy_errors_as_misses 3");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "get d/x,END",
        "gets d/x,END",
        "gat 0 d/x,END",
        "gats 0 d/x,END",
        "mg d/x v,EN",
        "mg d/x v k Oabc,EN kd/x Oabc"
    })
    void everyGetHasItsMiss(String request, String reply) throws ConfigException {
        try (ProxyUnderTest proxy = proxy("miss_on_error = true", "");
                RawClient client = proxy.connect()) {
            client.send(request + "\r\n");
            client.expect(reply + "\r\n");
        }
    }

    @Test
    void aQuietGetSaysNothing() throws ConfigException {
        try (ProxyUnderTest proxy = proxy("miss_on_error = true", "");
                RawClient client = proxy.connect()) {
            client.send("mg d/x v q\r\nmn\r\n");
            client.expect("MN\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"delete d/x", "incr d/x 1", "touch d/x 1", "md d/x", "ma d/x"})
    void whatChangesItemsFailsAsEver(String request) throws ConfigException {
        try (ProxyUnderTest proxy = proxy("miss_on_error = true", "");
                RawClient client = proxy.connect()) {
            client.send(request + "\r\nset d/x 0 0 1\r\n1\r\n");
            client.expect("SERVER_ERROR backend failure\r\nSERVER_ERROR backend failure\r\n");
        }
    }

    @Test
    void oneListenerMayDecideForItself() throws ConfigException {
        try (ProxyUnderTest proxy = proxy("miss_on_error = true", "miss_on_error = false,");
                RawClient client = proxy.connect()) {
            client.send("get d/x\r\n");
            client.expect("SERVER_ERROR backend failure\r\n");
        }
        try (ProxyUnderTest proxy = proxy("", "miss_on_error = true,");
                RawClient client = proxy.connect()) {
            client.send("get d/x\r\n");
            client.expect("END\r\n");
        }
    }

    @Test
    void oneRouteMayDecideForItself() throws ConfigException {
        dead.acceptAgain();
        String routes = """
                settings{ backend_read_timeout = 60 }
                pools{ dead = { backends = { "127.0.0.1:%d" } } }
                routes{
                  map = { d = route_direct{ child = "dead", wait = 0.1, miss_on_error = true, name = "d" } },
                  default = route_direct{ child = "dead", wait = 0.1 },
                }
                """;
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(null, routes.formatted(dead.port()));
                RawClient client = proxy.connect()) {
            client.send("get d/x x\r\ndelete d/x\r\nmg d/x v k\r\n");
            String error = "SERVER_ERROR no reply within the wait of the route\r\n";
            client.expect(error + "END\r\n" + error + "EN kd/x\r\n");
            client.send("stats proxy\r\n");
            assertThat(Stream.generate(client::readLine).takeWhile(line -> !line.equals("END")))
                    .contains("STAT user_d_errors 3", "STAT user_d_misses 0");
        }
    }

    @Test
    void aClientsOwnMistakeIsStillToldToIt() throws ConfigException {
        dead.acceptAgain();
        try (ProxyUnderTest proxy = proxy("miss_on_error = true", "");
                RawClient client = proxy.connect();
                ScriptedBackend.Connection connection = dead.accept()) {
            client.send("mg d/x z\r\n");
            connection.expect("mg d/x z\r\n");
            connection.send("CLIENT_ERROR invalid flag\r\n");
            client.expect("CLIENT_ERROR invalid flag\r\n");
        }
    }

    @Test
    void aServerThatClosesWithinAGetCostsItsKeysOnly() throws ConfigException {
        dead.acceptAgain();
        try (ProxyUnderTest proxy = proxy("miss_on_error = true, backend_read_timeout = 60", "");
                RawClient client = proxy.connect()) {
            ScriptedBackend.Connection connection = dead.accept();
            client.send("set a 0 0 1\r\n1\r\n");
            client.expect("STORED\r\n");
            client.send("get a d/x d/y\r\n");
            connection.expect("get d/x d/y\r\n");
            connection.send("VALUE d/x 0 1\r\n2\r\n");
            connection.close();
            client.expect("VALUE a 0 1\r\n1\r\nVALUE d/x 0 1\r\n2\r\nEND\r\n");
        }
    }

    @Test
    void aServerThatDoesNotAnswerInTimeMissesAndSoDoesOneThatIsMarkedBad() throws ConfigException {
        dead.acceptAgain();
        try (ProxyUnderTest proxy =
                        proxy("miss_on_error = true, backend_read_timeout = 0.1, backend_failure_limit = 1", "");
                RawClient client = proxy.connect()) {
            dead.accept();
            dead.refuse();
            client.send("mg d/x v k\r\n");
            client.expect("EN kd/x\r\n");
            Deadline.await(
                    "the server to be marked bad",
                    () -> proxy.numbers().toString().contains("BAD"));
            client.send("get d/x\r\nmg d/x v\r\n");
            client.expect("END\r\nEN\r\n");
        }
    }

    @Test
    void aFunctionInLuaThatFailsMisses() throws ConfigException {
        try (ProxyUnderTest proxy = ProxyUnderTest.startText("""
                        register_route_handlers{ "failing" }
                        function route_failing_conf(t) return t end
                        function route_failing_start(a, ctx, fgen)
                          fgen:ready{ n = "failing", f = function(rctx) return function(r) error("no") end end }
                        end
                        """, """
                        settings{ miss_on_error = true }
                        routes{ default = route_failing{} }
                        """);
                RawClient client = proxy.connect()) {
            client.send("get a\r\nmg a v\r\ndelete a\r\n");
            client.expect("END\r\nEN\r\nSERVER_ERROR lua failure\r\n");
        }
    }
}
