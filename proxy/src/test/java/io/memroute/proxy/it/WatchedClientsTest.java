package io.memroute.proxy.it;

import io.memroute.testkit.LogWatcher;
import io.memroute.testkit.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What those who watch {@code connevents}, {@code deletions} and {@code evictions} hear. */
class WatchedClientsTest {

    private static final Configuration EMBEDDED = Configuration.empty().otherwise("internal");
    private static final String CLIENT = "rip=127.0.0.1 rport=[1-9]\\d* transport=tcp";

    @Test
    void tellsWhoComesAndGoes() {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED, 2);
                LogWatcher watcher = LogWatcher.on(proxy.port(), "connevents")) {
            try (RawClient client = proxy.connect()) {
                client.send("mn\r\n");
                client.expect("MN\r\n");
                watcher.expectMatching("type=conn_new " + CLIENT + " cfd=\\d+");
            }
            watcher.expectMatching("type=conn_close " + CLIENT + " reason=normal cfd=-?\\d+");
        }
    }

    @Test
    void tellsOfAConnectionThatWasLost() {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED);
                LogWatcher watcher = LogWatcher.on(proxy.port(), "connevents");
                RawClient client = proxy.connect()) {
            watcher.expectMatching("type=conn_new .*");
            client.reset();
            watcher.expectMatching("type=conn_close " + CLIENT + " reason=error cfd=-?\\d+");
        }
    }

    @Test
    void tellsWhatTheFullStoreGivesUp() {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED, options -> options.storeBytes(1 << 20));
                LogWatcher watcher = LogWatcher.on(proxy.port(), "evictions");
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 100; i++) {
                client.send("set k" + i + " 0 500 100000\r\n" + "x".repeat(100_000) + "\r\n");
                client.expect("STORED\r\n");
            }
            watcher.expectMatching(
                    "type=eviction key=k\\d+ fetch=no ttl=(500|4\\d\\d) la=\\d+ clsid=\\d\\d size=100000");
        }
    }

    @ParameterizedTest
    @CsvSource({"delete, DELETED", "md, HD"})
    void tellsWhatIsDeletedFromTheEmbeddedStore(String command, String reply) {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED);
                LogWatcher watcher = LogWatcher.on(proxy.port(), "deletions");
                RawClient client = proxy.connect()) {
            client.send("set one/key 0 0 4\r\nabcd\r\n" + command + " one/key\r\n" + command + " one/key\r\n"
                    + "set two 0 0 200\r\n" + "x".repeat(200) + "\r\n" + command + " two\r\n");
            client.readUntil(reply + "\r\n");
            watcher.expect("type=deleted key=one%2Fkey cmd=" + command + " clsid=1 size=4");
            watcher.expect("type=deleted key=two cmd=" + command + " clsid=6 size=200");
        }
    }
}
