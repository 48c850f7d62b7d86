package io.memroute.app.importing;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was imported from mcrouter's files does with real servers what mcrouter's own page says of its routes. */
class McrouterTrafficTest {

    /** The servers of the files are 127.0.0.1:11311 and so on. */
    private static final int FIRST_SERVER = 11311;

    private static final List<MemcachedServer> SERVERS = new ArrayList<>();

    @TempDir
    private Path directory;

    @BeforeAll
    static void startServers() {
        for (int i = 0; i < 5; i++) {
            SERVERS.add(MemcachedServer.start());
        }
    }

    @AfterAll
    static void stopServers() {
        SERVERS.forEach(MemcachedServer::close);
    }

    private ProxyServer start(String name) throws Exception {
        String text = McrouterImportTest.resource(name);
        for (int i = 0; i < SERVERS.size(); i++) {
            text = text.replace(
                    "127.0.0.1:" + (FIRST_SERVER + i),
                    "127.0.0.1:" + SERVERS.get(i).port());
        }
        Path lua = Files.writeString(
                directory.resolve("imported.lua"), McrouterImportTest.read(text).lua(name, "mcrouter"));
        return ProxyServer.start(ServerOptions.builder()
                .workers(1)
                .configuration(ConfigSource.ofFile(lua.toString()))
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .build());
    }

    private static RawClient client(ProxyServer proxy) {
        return RawClient.connect(((InetSocketAddress) proxy.addresses().getFirst()).getPort());
    }

    private static void ask(RawClient client, String request, String reply) {
        client.send(request + "\r\n");
        client.expect(reply + "\r\n");
    }

    private static List<Integer> serversWith(String key) {
        List<Integer> with = new ArrayList<>();
        for (int i = 0; i < SERVERS.size(); i++) {
            try (RawClient server = SERVERS.get(i).connect()) {
                server.send("mg " + key + "\r\n");
                if (server.readLine().equals("HD")) {
                    with.add(i);
                }
            }
        }
        return with;
    }

    @Test
    void aReplicatedPoolStoresEverywhere() throws Exception {
        try (ProxyServer proxy = start("replicated.json");
                RawClient client = client(proxy)) {
            ask(client, "set replicated 0 0 1\r\nx", "STORED");
            assertThat(serversWith("replicated")).containsExactly(0, 1, 2);
            ask(client, "get replicated", "VALUE replicated 0 1\r\nx\r\nEND");
            ask(client, "delete replicated", "DELETED");
            assertThat(serversWith("replicated")).isEmpty();
        }
    }

    @Test
    void routingPrefixesChooseTheRouteAndAreTakenOff() throws Exception {
        try (ProxyServer proxy = start("regions.json");
                RawClient client = client(proxy)) {
            ask(client, "set /us/east/placed 0 0 1\r\ne", "STORED");
            assertThat(serversWith("placed")).hasSize(1).first().isIn(2, 3);
            ask(client, "get placed", "END");
            ask(client, "get /us/east/placed", "VALUE /us/east/placed 0 1\r\ne\r\nEND");
            ask(client, "set placed 0 0 1\r\nw", "STORED");
            ask(client, "set /eu/two/placed 0 0 1\r\nu", "STORED");
            ask(client, "get /eu/one/placed", "VALUE /eu/one/placed 0 1\r\nu\r\nEND");
            assertThat(serversWith("placed")).hasSize(3);
            ask(client, "delete /us/*/placed", "DELETED");
            ask(client, "get /us/east/placed", "END");
            assertThat(serversWith("placed")).containsExactly(4);
            ask(client, "delete /*/*/placed", "NOT_FOUND");
            ask(client, "get /eu/one/placed", "END");
        }
    }

    @Test
    void prefixesNamedRoutesAndMissesThatGoOn() throws Exception {
        try (ProxyServer proxy = start("prefixes.json");
                RawClient client = client(proxy);
                RawClient old = SERVERS.get(4).connect()) {
            ask(old, "set user:7 0 0 1\r\no", "STORED");
            ask(client, "get user:7", "VALUE user:7 0 1\r\no\r\nEND");
            ask(client, "delete user:7", "DELETED");
            ask(client, "get user:7", "END");
            ask(client, "set user:7 0 0 1\r\nn", "STORED");
            assertThat(serversWith("user:7")).hasSize(1).first().isIn(2, 3);
            ask(client, "set user:guest 0 0 1\r\nn", "NOT_STORED");
            ask(client, "set img7 0 0 1\r\ni", "STORED");
            assertThat(serversWith("img/img7")).hasSize(1);
            ask(client, "get img/img7", "VALUE img/img7 0 1\r\ni\r\nEND");
        }
    }

    @Test
    void coldServersAreFilledFromWarmOnes() throws Exception {
        try (ProxyServer proxy = start("warmup.json");
                RawClient client = client(proxy);
                RawClient two = SERVERS.get(2).connect();
                RawClient three = SERVERS.get(3).connect()) {
            ask(two, "set warmed 0 0 1\r\nx", "STORED");
            ask(three, "set warmed 0 0 1\r\nx", "STORED");
            ask(client, "get warmed", "VALUE warmed 0 1\r\nx\r\nEND");
            Deadline.await("the value is in cold", () -> serversWith("warmed").size() == 3);
        }
    }
}
