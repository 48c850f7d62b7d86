package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.LogWatcher;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may watch what, and how watching begins and ends. */
class WatchCommandTest {

    private static final Configuration EMBEDDED = Configuration.empty().otherwise("internal");
    private static final String START = "type=proxy_conf status=start";
    private static final String DONE = "type=proxy_conf status=done";

    private static String stat(ProxyUnderTest proxy, String name) {
        try (RawClient client = proxy.connect()) {
            client.send("stats\r\n");
            String stats = client.readUntil("END\r\n");
            int at = stats.indexOf("STAT " + name + " ") + name.length() + 6;
            return stats.substring(at, stats.indexOf("\r\n", at));
        }
    }

    private static void awaitWatchers(ProxyUnderTest proxy, int count) {
        Deadline.await(
                "as many watchers as connections that watch",
                () -> stat(proxy, "log_watchers").equals(Integer.toString(count)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "watch",
                "watch fetchers",
                "watch proxyreqs proxyevents proxyuser",
                "watch p",
                "watch proxye proxyu",
                "watch rawcmds evictions fetchers mutations sysevents connevents proxyreqs proxyevents "
                        + "proxyuser deletions"
            })
    void takesEveryStreamOfMemcached(String command) {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED);
                RawClient client = proxy.connect()) {
            client.send(command + "\r\n");
            client.expect("OK\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"watch proxyevents nothing", "watch PROXYEVENTS", "watch proxyevents2"})
    void refusesWhatIsNoStreamAndGoesOn(String command) {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED);
                RawClient client = proxy.connect()) {
            client.send(command + "\r\nmn\r\n");
            client.expect("ERROR\r\nMN\r\n");
        }
    }

    @Test
    void refusesEverybodyWhenItIsForbidden() {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED, options -> options.allowWatch(false));
                RawClient client = proxy.connect()) {
            client.send("watch proxyevents\r\nwatch nothing\r\n");
            client.expect("CLIENT_ERROR watch commands not allowed\r\nCLIENT_ERROR watch commands not allowed\r\n");
        }
    }

    @Test
    void refusesToWatchBehindCommandsThatAreNotAnswered() {
        try (ScriptedBackend backend = ScriptedBackend.start();
                ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.direct(backend.port()));
                ScriptedBackend.Connection connection = backend.accept();
                RawClient client = proxy.connect()) {
            client.send("version\r\nwatch proxyevents\r\nmg a v\r\nwatch proxyevents\r\n");
            connection.expect("mg a v\r\n");
            connection.send("EN\r\n");
            client.readUntil("\r\n");
            client.expect("ERROR cannot pipeline other commands before watch\r\nEN\r\n"
                    + "ERROR cannot pipeline other commands before watch\r\n");
            client.send("watch proxyevents\r\n");
            client.expect("OK\r\n");
        }
    }

    @Test
    void looksAtNothingThatFollows() {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED);
                RawClient client = proxy.connect()) {
            client.send("watch proxyevents\r\nmn\r\nset a 0 0 5\r\nab");
            client.expect("OK\r\n");
            client.send("cde\r\nquit\r\n");
            proxy.reload(EMBEDDED);
            assertThat(client.readUntil("\n")).endsWith(START + "\n");
            assertThat(client.readUntil("\n")).endsWith(DONE + "\n");
        }
    }

    @Test
    void servesAsManyAsMemcachedUntilOneLeaves() {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED, 2)) {
            List<LogWatcher> watchers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                watchers.add(LogWatcher.on(proxy.port(), "proxyevents"));
            }
            try (RawClient more = proxy.connect()) {
                more.send("watch proxyevents\r\nmn\r\n");
                more.expect("WATCHER_TOO_MANY log watcher limit reached\r\nMN\r\n");
                watchers.removeLast().close();
                awaitWatchers(proxy, 19);
                more.send("watch proxyevents\r\n");
                more.expect("OK\r\n");
                proxy.reload(EMBEDDED);
            }
            for (LogWatcher watcher : watchers) {
                watcher.expect(START);
                watcher.expect(DONE);
                watcher.close();
            }
            awaitWatchers(proxy, 0);
        }
    }

    @Test
    void endsWhenTheClientHasClosedItsSide() {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED);
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyevents")) {
            awaitWatchers(proxy, 1);
            watcher.client().halfClose();
            watcher.client().expectClosed();
            awaitWatchers(proxy, 0);
        }
    }

    @Test
    void goesOnForTheOthersWhenAWatcherIsReset() {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED, 2);
                LogWatcher leaves = LogWatcher.on(proxy.port(), "proxyevents");
                LogWatcher stays = LogWatcher.on(proxy.port(), "proxyevents")) {
            proxy.reload(EMBEDDED);
            leaves.expect(START);
            leaves.client().reset();
            proxy.reload(EMBEDDED);
            proxy.reload(EMBEDDED);
            for (int i = 0; i < 3; i++) {
                stays.expect(START);
                stays.expect(DONE);
            }
            awaitWatchers(proxy, 1);
        }
    }

    @Test
    void isThereOnEveryKindOfListener() {
        ListenerSpec embedded =
                new ListenerSpec("", ListenerSpec.Protocol.ASCII, new java.net.InetSocketAddress("127.0.0.1", 0));
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED, options -> options.listener(embedded));
                LogWatcher watcher = LogWatcher.on(RawClient.connect(proxy.address(1)), "proxyevents")) {
            proxy.reload(EMBEDDED);
            watcher.expect(START);
            watcher.expect(DONE);
        }
    }

    @Test
    void saysThatALoadFailed() {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED);
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyevents")) {
            proxy.reload("routes{");
            watcher.expect(START);
            watcher.expect("type=proxy_conf status=failed");
            long before = watcher.lastId();
            proxy.reload(EMBEDDED);
            watcher.expect(START);
            watcher.expect(DONE);
            assertThat(watcher.lastId()).isEqualTo(before + 2);
        }
    }

    @Test
    void countsLinesAndWatchers() {
        try (ProxyUnderTest proxy = ProxyUnderTest.start(EMBEDDED);
                LogWatcher first = LogWatcher.on(proxy.port(), "proxyevents");
                LogWatcher second = LogWatcher.on(proxy.port(), "proxyevents proxyuser")) {
            proxy.reload(EMBEDDED);
            for (LogWatcher watcher : List.of(first, second)) {
                watcher.expect(START);
                watcher.expect(DONE);
            }
            assertThat(stat(proxy, "log_watchers")).isEqualTo("2");
            assertThat(stat(proxy, "log_worker_written")).isEqualTo("2");
            assertThat(stat(proxy, "log_watcher_sent")).isEqualTo("4");
            assertThat(stat(proxy, "log_watcher_skipped")).isEqualTo("0");
            assertThat(stat(proxy, "log_worker_dropped")).isEqualTo("0");
        }
    }
}
