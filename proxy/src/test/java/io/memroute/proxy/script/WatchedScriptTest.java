package io.memroute.proxy.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.LogWatcher;
import io.memroute.testkit.RawClient;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What those who watch hear of scripts, and that scripts do not wait for them. */
class WatchedScriptTest {

    private static final String LOGGING = ScriptUnderTest.withFunction("mcp.log('key ' .. r:key()) return 'HD\\r\\n'");

    @Test
    void tellsWhatAScriptLogs() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(LOGGING);
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyuser")) {
            proxy.expect("mg one\r\nmg two\r\n", "HD\r\nHD\r\n");
            watcher.expect("type=proxy_user msg=key one");
            long first = watcher.lastId();
            watcher.expect("type=proxy_user msg=key two");
            assertThat(watcher.lastId()).isEqualTo(first + 1);
        }
    }

    @Test
    void tellsWhatTheConfigurationLogs() throws ConfigException {
        String lua = "function mcp_config_pools() mcp.log('loading') end function mcp_config_routes() end";
        try (ScriptUnderTest proxy = ScriptUnderTest.start(lua);
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyuser proxyevents")) {
            assertThat(proxy.reload(lua).failure()).isEmpty();
            watcher.expect("type=proxy_conf status=start");
            watcher.expect("type=proxy_user msg=loading");
            watcher.expect("type=proxy_conf status=done");
        }
    }

    @Test
    void cutsLongTextsWhereMemcachedDoes() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(
                        ScriptUnderTest.withFunction("mcp.log(('x'):rep(2000)) return 'HD\\r\\n'"));
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyuser")) {
            proxy.expect("mg a\r\n", "HD\r\n");
            watcher.expect("type=proxy_user msg=" + "x".repeat(491));
        }
    }

    @Test
    void tellsOfEveryErrorThatCostsARequest() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("error('no ' .. r:key())"));
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyevents")) {
            proxy.expect("mg a\r\nmg b\r\n", "SERVER_ERROR lua failure\r\nSERVER_ERROR lua failure\r\n");
            watcher.expectMatching("type=proxy_error msg=.*/memroute-test-\\d+.lua:\\d+: no a");
            watcher.expectMatching("type=proxy_error msg=.*/memroute-test-\\d+.lua:\\d+: no b");
        }
    }

    @Test
    void tellsOfErrorsOfPlainFunctions() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(
                        ScriptUnderTest.withPools("mcp.attach(mcp.CMD_MG, function(r) error('plain', 0) end)"));
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyevents")) {
            proxy.expect("mg a\r\n", "SERVER_ERROR lua failure\r\n");
            watcher.expect("type=proxy_error msg=plain");
        }
    }

    @Test
    void twoWatchersHearOfTheirStreamsOnly() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(LOGGING, options -> options.workers(2));
                LogWatcher user = LogWatcher.on(proxy.port(), "proxyuser");
                LogWatcher events = LogWatcher.on(proxy.port(), "proxyevents")) {
            proxy.expect("mg one\r\n", "HD\r\n");
            assertThat(proxy.reload(LOGGING).failure()).isEmpty();
            proxy.expect("mg two\r\n", "HD\r\n");
            user.expect("type=proxy_user msg=key one");
            user.expect("type=proxy_user msg=key two");
            events.expect("type=proxy_conf status=start");
            events.expect("type=proxy_conf status=done");
        }
    }

    @Test
    void aWatcherThatDoesNotReadHoldsUpNobodyAndIsToldWhatItMissed() throws ConfigException {
        int requests = 60_000;
        try (ScriptUnderTest proxy = ScriptUnderTest.start(
                        ScriptUnderTest.withFunction("mcp.log(('x'):rep(400)) return 'HD\\r\\n'"),
                        options -> options.workers(2).watcherBufferBytes(64 << 10));
                LogWatcher watcher = LogWatcher.on(
                        RawClient.connectSlowReader(new InetSocketAddress("127.0.0.1", proxy.port()), 8192),
                        "proxyuser");
                RawClient client = proxy.connect()) {
            String batch = "mg a\r\n".repeat(100);
            for (int i = 0; i < requests; i += 100) {
                client.send(batch);
                client.expect("HD\r\n".repeat(100));
            }
            client.send("stats\r\n");
            String stats = client.readUntil("END\r\n");
            long sent = number(stats, "STAT log_watcher_sent (\\d+)\r\n");
            long skipped = number(stats, "STAT log_watcher_skipped (\\d+)\r\n");
            assertThat(sent + skipped).isEqualTo(requests);
            // What fits in the queue and in the sockets' buffers; the rest is 20 MB and more.
            assertThat(skipped).isGreaterThan(requests / 4);

            String line = "type=proxy_user msg=" + "x".repeat(400);
            long read = 0;
            long missed = 0;
            while (read + missed < requests) {
                String text = watcher.client().readUntil("\n");
                if (text.startsWith("skipped=")) {
                    missed += number(text, "^skipped=(\\d+)\n$");
                } else {
                    assertThat(text).endsWith(line + "\n");
                    read++;
                }
            }
            assertThat(read).isEqualTo(sent);
            assertThat(missed).isEqualTo(skipped);
        }
    }

    private static long number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
