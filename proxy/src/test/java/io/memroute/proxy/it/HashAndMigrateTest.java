package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code route_hash} and {@code route_migrate} over real servers. */
class HashAndMigrateTest {

    private static final int KEYS = 200;

    private final MemcachedServer[] servers = {
        MemcachedServer.start(), MemcachedServer.start(), MemcachedServer.start(), MemcachedServer.start()
    };
    private ProxyUnderTest proxy;
    private RawClient client;

    private void start(String route) {
        proxy = ProxyUnderTest.start(Configuration.empty()
                .pool("a", servers[0].port(), servers[1].port())
                .pool("b", servers[2].port(), servers[3].port())
                .otherwise(route));
        client = proxy.connect();
    }

    @AfterEach
    void stopEverything() {
        client.close();
        proxy.close();
        for (MemcachedServer server : servers) {
            server.close();
        }
    }

    private void storeAll() {
        for (int key = 0; key < KEYS; key++) {
            client.send("set key" + key + " 0 0 1\r\n" + key % 10 + "\r\n");
            client.expect("STORED\r\n");
        }
    }

    /** How many of the keys a server has. */
    private static int stored(MemcachedServer server) {
        try (RawClient asking = server.connect()) {
            int found = 0;
            for (int key = 0; key < KEYS; key++) {
                asking.send("mg key" + key + "\r\n");
                found += asking.readUntil("\r\n").equals("HD\r\n") ? 1 : 0;
            }
            return found;
        }
    }

    @Test
    void hashedKeysUseEveryServerOfEveryPoolAndAreFoundAgain() {
        start("route_hash{ children = { 'a', 'b' } }");
        storeAll();
        for (MemcachedServer server : servers) {
            assertThat(stored(server)).isBetween(KEYS / 10, KEYS / 2);
        }
        for (int key = 0; key < KEYS; key++) {
            client.send("get key" + key + "\r\n");
            client.expect("VALUE key" + key + " 0 1\r\n" + key % 10 + "\r\nEND\r\n");
        }
    }

    @Test
    void inTheMiddleOfTheWindowHalfOfTheKeysAreOnEitherSide() {
        start(migrateFrom(Instant.now().minus(Duration.ofDays(1)), Duration.ofDays(2)));
        storeAll();
        int old = stored(servers[0]) + stored(servers[1]);
        int moved = stored(servers[2]) + stored(servers[3]);
        assertThat(old + moved).isEqualTo(KEYS);
        assertThat(moved).isBetween(KEYS / 3, KEYS * 2 / 3);
    }

    @Test
    void aDeleteReachesBothSides() {
        start(migrateFrom(Instant.now().minus(Duration.ofDays(1)), Duration.ofDays(2)));
        for (MemcachedServer server : servers) {
            try (RawClient direct = server.connect()) {
                direct.send("set key 0 0 3\r\nold\r\n");
                direct.expect("STORED\r\n");
            }
        }
        client.send("delete key\r\nget key\r\n");
        client.expect("DELETED\r\nEND\r\n");
        int left = 0;
        for (MemcachedServer server : servers) {
            try (RawClient direct = server.connect()) {
                direct.send("get key\r\n");
                left += direct.readUntil("END\r\n").startsWith("VALUE") ? 1 : 0;
            }
        }
        // Of each pool the server that does not have the key's place keeps what the test has put there.
        assertThat(left).isEqualTo(2);
    }

    private static String migrateFrom(Instant start, Duration window) {
        return "route_migrate{ from = 'a', to = 'b', start = '" + start + "', window = " + window.toSeconds() + " }";
    }
}
