package io.memroute.proxy.it;

import io.memroute.testkit.LogWatcher;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backends with the option {@code log}: which of their requests those who watch {@code proxyreqs} hear of. */
class BackendLogTest {

    private final ScriptedBackend logged = ScriptedBackend.start();
    private final ScriptedBackend silent = ScriptedBackend.start();

    @AfterEach
    void stopBackends() {
        logged.close();
        silent.close();
    }

    private ProxyUnderTest start(String log, String route) {
        ProxyUnderTest proxy = ProxyUnderTest.start(Configuration.empty().otherwise("internal"));
        proxy.reload("""
                pools{
                  logged = { backends = { { host = "127.0.0.1", port = %d, log = %s } } },
                  silent = { backends = { "127.0.0.1:%d" } },
                }
                routes{ map = { s = route_direct{ child = "silent" } }, default = %s }
                """.formatted(logged.port(), log, silent.port(), route));
        return proxy;
    }

    private ProxyUnderTest start(String log) {
        return start(log, "route_direct{ child = \"logged\" }");
    }

    private String line(String told, String rest) {
        return "type=proxy_req elapsed=\\d+ " + told + " cfd=[1-9]\\d* be=127.0.0.1:" + logged.port() + " " + rest;
    }

    private static void ask(RawClient client, ScriptedBackend.Connection connection, String request, String reply) {
        client.send(request);
        connection.expect(request);
        connection.send(reply);
        client.expect(reply);
    }

    /** Which of a good and a failed request are told of. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {};                                    true;  true
            { rate = 1 };                          true;  true
            { errors = true };                     false; true
            { deadline = 60000 };                  false; false
            { deadline = 60000, errors = true };   false; true
            { rate = 2147483647, errors = true };  false; true
            """)
    void tellsOfTheRequestsThatTheOptionsAskFor(String log, boolean good, boolean failed) {
        try (ProxyUnderTest proxy = start(log);
                ScriptedBackend.Connection connection = logged.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            ask(client, connection, "mg good v\r\n", "VA 1\r\nx\r\n");
            if (good) {
                watcher.expectMatching(line("type=101 code=15 status=0 res=good", "detail= req=mg good v"));
            }
            ask(client, connection, "mg bad v\r\n", "SERVER_ERROR out\r\n");
            if (failed) {
                watcher.expectMatching(line("type=108 code=23 status=-1 res=any", "detail= req=mg bad v"));
            }
            connection.close();
            client.send("mg lost v\r\n");
            client.expect("SERVER_ERROR backend failure\r\n");
            if (failed) {
                watcher.expectMatching(line("type=0 code=23 status=-1 res=any", "detail= req=mg lost v"));
            }
        }
    }

    @Test
    void showsTheTag() {
        try (ProxyUnderTest proxy = start("{ tag = 'to the north' }");
                ScriptedBackend.Connection connection = logged.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            ask(client, connection, "set k 0 0 2\r\nhi\r\n", "STORED\r\n");
            watcher.expectMatching(line("type=104 code=8 status=0 res=good", "detail=to the north req=set k 0 0 2"));
        }
    }

    @Test
    void showsControlCharactersOfKeysAndTags() {
        try (ProxyUnderTest proxy = start("{ tag = 'a\\nb\\27[2J' }");
                ScriptedBackend.Connection connection = logged.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            ask(client, connection, "mg \u001b[2J\u00c3\u00bc\u00ff v\r\n", "EN\r\n");
            watcher.expectMatching(line(
                    "type=101 code=17 status=0 res=ok",
                    "detail=a\\\\nb\\\\x1b\\[2J req=mg \\\\x1b\\[2J\u00c3\u00bc\\\\xff v"));
        }
    }

    @Test
    void tellsOfEachKeyOfAMultiget() {
        try (ProxyUnderTest proxy = start("{}");
                ScriptedBackend.Connection connection = logged.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            ask(client, connection, "get one two\r\n", "VALUE two 0 1\r\nx\r\nEND\r\n");
            // A miss is known when END has come.
            watcher.expectMatching(line("type=100 code=15 status=0 res=good", "detail= req=get two"));
            watcher.expectMatching(line("type=105 code=17 status=0 res=ok", "detail= req=get one"));
        }
    }

    @Test
    void tellsOfALargeReplyWhenItIsWhole() {
        String value = "v".repeat(200_000) + "\r\n";
        try (ProxyUnderTest proxy = start("{}");
                ScriptedBackend.Connection connection = logged.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            client.send("mg k v\r\n");
            connection.expect("mg k v\r\n");
            connection.send("VA 200000\r\n");
            connection.send(value);
            client.expect("VA 200000\r\n" + value);
            watcher.expectMatching(line("type=101 code=15 status=0 res=good", "detail= req=mg k v"));
        }
    }

    @Test
    void tellsOfWhatARouteSendsToSeveral() {
        try (ProxyUnderTest proxy = start("{}", "route_allsync{ children = { \"logged\", \"silent\" } }");
                ScriptedBackend.Connection first = logged.accept();
                ScriptedBackend.Connection second = silent.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            client.send("md k\r\n");
            first.expect("md k\r\n");
            second.expect("md k\r\n");
            first.send("HD\r\n");
            watcher.expectMatching(line("type=101 code=15 status=0 res=good", "detail= req=md k"));
            second.send("HD\r\n");
            client.expect("HD\r\n");
        }
    }

    @Test
    void knowsTheClientOfARequestThatIsAnsweredLate() {
        try (ProxyUnderTest proxy = start("{}", "route_split{ child_a = \"silent\", child_b = \"logged\" }");
                ScriptedBackend.Connection late = logged.accept();
                ScriptedBackend.Connection soon = silent.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            client.send("md k\r\n");
            soon.expect("md k\r\n");
            late.expect("md k\r\n");
            soon.send("HD\r\n");
            client.expect("HD\r\n");
            late.send("NF\r\n");
            watcher.expectMatching(line("type=101 code=13 status=0 res=good", "detail= req=md k"));
        }
    }

    @Test
    void saysNothingOfOtherBackends() {
        try (ProxyUnderTest proxy = start("{}");
                ScriptedBackend.Connection first = logged.accept();
                ScriptedBackend.Connection second = silent.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            ask(client, second, "mg s/k v\r\n", "EN\r\n");
            ask(client, first, "mg k v\r\n", "EN\r\n");
            watcher.expectMatching(line("type=101 code=17 status=0 res=ok", "detail= req=mg k v"));
        }
    }

    @Test
    void answersWhetherAnybodyWatchesOrNot() {
        try (ProxyUnderTest proxy = start("{}");
                ScriptedBackend.Connection connection = logged.accept();
                RawClient client = proxy.connect()) {
            ask(client, connection, "mg k v\r\n", "EN\r\n");
            client.send("mg begun v\r\n");
            connection.expect("mg begun v\r\n");
            try (LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs")) {
                connection.send("HD\r\n");
                client.expect("HD\r\n");
                ask(client, connection, "mg k v\r\n", "EN\r\n");
                watcher.expectMatching(line("type=101 code=17 status=0 res=ok", "detail= req=mg k v"));
                client.send("mg outlives v\r\n");
                connection.expect("mg outlives v\r\n");
            }
            connection.send("HD\r\n");
            client.expect("HD\r\n");
        }
    }
}
