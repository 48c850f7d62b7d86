package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.LogWatcher;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The login to servers that want one: real memcached with {@code -Y}, and played ones. */
class ServerLoginTest {

    @TempDir
    private Path directory;

    private MemcachedServer memcached(String users) throws IOException {
        Path file = Files.writeString(directory.resolve("users"), users);
        return MemcachedServer.start(MemcachedServer.options().arguments("-Y", file.toString()));
    }

    private Path password(String text) throws IOException {
        return Files.writeString(directory.resolve("password"), text);
    }

    private static String backend(int port, String options) {
        return """
                settings{ backend_failure_limit = 0 }
                pools{ main = { backends = { { host = "127.0.0.1", port = %d%s } } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(port, options.isEmpty() ? "" : ", " + options);
    }

    private static void serves(ProxyUnderTest proxy) {
        try (RawClient client = proxy.connect()) {
            client.send("set key 0 0 2\r\nhi\r\n");
            client.expect("STORED\r\n");
            client.send("get key\r\n");
            client.expect("VALUE key 0 2\r\nhi\r\nEND\r\n");
        }
    }

    private static void fails(ProxyUnderTest proxy) {
        try (RawClient client = proxy.connect()) {
            client.send("get key\r\n");
            client.expect("SERVER_ERROR backend failure\r\n");
        }
    }

    @Test
    void logsInWithAPasswordOfTheConfiguration() throws Exception {
        try (MemcachedServer server = memcached("somebody:else\nproxy:open:sesame\n");
                ProxyUnderTest proxy = ProxyUnderTest.startText(
                        null, backend(server.port(), "user = 'proxy', password = 'open:sesame'"))) {
            serves(proxy);
        }
    }

    @Test
    void readsThePasswordFileAgainAtAReload() throws Exception {
        try (MemcachedServer server = memcached("somebody:else\nproxy:new\n")) {
            String lua = backend(server.port(), "user = 'proxy', password_file = '" + password("old\n") + "'");
            try (ProxyUnderTest proxy = ProxyUnderTest.startText(null, lua)) {
                fails(proxy);
                password("new\r\n");
                assertThat(proxy.reload(lua).failure()).isEmpty();
                serves(proxy);
            }
        }
    }

    @Test
    void doesNotLogInWhereABackendSaysSo() throws Exception {
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy = ProxyUnderTest.startText(
                        null,
                        "settings{ backend_options = { user = 'proxy', password = 'secret' } }\n"
                                + backend(server.port(), "user = false"))) {
            serves(proxy);
        }
    }

    @Test
    void servesFromAServerThatAsksForNoLoginAndLeavesNothingThere() throws Exception {
        try (MemcachedServer server = MemcachedServer.start();
                ProxyUnderTest proxy =
                        ProxyUnderTest.startText(null, backend(server.port(), "user = 'proxy', password = 'secret'"));
                RawClient direct = server.connect()) {
            serves(proxy);
            direct.send("get memroute_login\r\n");
            direct.expect("END\r\n");
        }
    }

    @Test
    void sendsNothingElseToAServerThatRefusesTheLogin() throws Exception {
        try (ScriptedBackend server = ScriptedBackend.startMute();
                ProxyUnderTest proxy =
                        ProxyUnderTest.startText(null, backend(server.port(), "user = 'proxy', password = 'secret'"));
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyevents");
                RawClient client = proxy.connect()) {
            client.send("get key\r\n");
            ScriptedBackend.Connection connection = server.accept();
            connection.expect("set memroute_login 0 -1 12\r\nproxy secret\r\n");
            connection.send("CLIENT_ERROR authentication failure\r\n");
            connection.expectClosed();
            client.expect("SERVER_ERROR backend failure\r\n");
            watcher.expectMatching(
                    "type=proxy_backend error=badlogin name=127.0.0.1 port=" + server.port() + " label=127.0.0.1:"
                            + server.port() + " depth=[01] rbuf=CLIENT_ERROR%20authentication%20failure%0D");
        }
    }

    /** A server that sends back what it gets is not to have the password shown. */
    @Test
    void showsNoPasswordThatAServerSendsBack() throws Exception {
        try (ScriptedBackend server = ScriptedBackend.startMute();
                ProxyUnderTest proxy =
                        ProxyUnderTest.startText(null, backend(server.port(), "user = 'proxy', password = 'secret'"));
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyevents")) {
            ScriptedBackend.Connection connection = server.accept();
            connection.expect("set memroute_login 0 -1 12\r\nproxy secret\r\n");
            connection.send("set memroute_login 0 -1 12\r\nproxy secret\r\n");
            watcher.expect("type=proxy_backend error=badlogin name=127.0.0.1 port=" + server.port()
                    + " label=127.0.0.1:" + server.port() + " depth=0 rbuf=set%20memroute_login%200%20-1%2012%0D");
        }
    }
}
