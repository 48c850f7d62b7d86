package io.memroute.proxy.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.LogWatcher;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import io.memroute.testkit.ScriptedBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The programs of {@code docs/writing-routes.md} do what the guide says. */
class WritingRoutesDocumentTest {

    private static final Pattern PROGRAM =
            Pattern.compile("^```lua\\n(-- (\\w+)\\.lua\\n.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    private static final Map<String, String> PROGRAMS = new LinkedHashMap<>();

    @BeforeAll
    static void readGuide() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "writing-routes.md"));
        PROGRAM.matcher(guide).results().forEach(found -> PROGRAMS.put(found.group(2), found.group(1)));
        assertThat(PROGRAMS.keySet())
                .as("the tests here are for these")
                .containsExactly("hello", "direct", "prefixes", "fallback", "replicas", "hour", "tenants", "cache");
        assertThat(guide.split("```lua", -1))
                .as("every listing is a program with a name")
                .hasSize(PROGRAMS.size() + 1);
    }

    private static String program(String name, int... ports) {
        return StandInServers.in(PROGRAMS.get(name), ports);
    }

    @Test
    void helloAnswersAndTheRestIsStoredByMemroute() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(program("hello"))) {
            proxy.expect("mg you v\r\n", "HD kyou\r\n");
            proxy.expect("set a 0 0 1\r\nx\r\nget a\r\n", "STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
        }
    }

    @Test
    void directSendsEveryCommand() throws ConfigException {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(program("direct", one.port(), two.port()))) {
            proxy.expect(
                    "set a 0 0 1\r\n1\r\nincr a 2\r\nmg a v\r\ntouch a 0\r\ndelete a\r\n",
                    "STORED\r\n3\r\nVA 1\r\n3\r\nTOUCHED\r\nDELETED\r\n");
            proxy.expect(
                    "ms b 1\r\nx\r\nms c 1\r\ny\r\nget b c none\r\n",
                    "HD\r\nHD\r\nVALUE b 0 1\r\nx\r\nVALUE c 0 1\r\ny\r\nEND\r\n");
        }
    }

    @Test
    void prefixesChooseByKeyAndCommand() throws ConfigException {
        try (MemcachedServer users = MemcachedServer.start();
                MemcachedServer rest = MemcachedServer.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(program("prefixes", users.port(), rest.port()))) {
            proxy.expect("ms user/1 1\r\n5\r\nms other 1\r\n6\r\n", "HD\r\nHD\r\n");
            StandInServers.expect(users, "mg user/1 v\r\nmg other v\r\n", "VA 1\r\n5\r\nEN\r\n");
            StandInServers.expect(rest, "mg user/1 v\r\nmg other v\r\n", "EN\r\nVA 1\r\n6\r\n");
            proxy.expect("incr user/1 1\r\nincr other 1\r\n", "CLIENT_ERROR users are not counted\r\n7\r\n");
        }
    }

    @Test
    void fallbackAsksTheSpareForWhatFailsOrTakesTooLong() throws ConfigException {
        try (ScriptedBackend main = ScriptedBackend.start();
                ScriptedBackend spare = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(program("fallback", main.port(), spare.port()));
                ScriptedBackend.Connection first = main.accept();
                ScriptedBackend.Connection second = spare.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\n");
            first.expect("mg a v\r\n");
            first.send("EN\r\n");
            client.expect("EN\r\n");
            client.send("mg b v\r\n");
            first.expect("mg b v\r\n");
            first.send("SERVER_ERROR busy\r\n");
            second.expect("mg b v\r\n");
            second.send("VA 1\r\ns\r\n");
            client.expect("VA 1\r\ns\r\n");
            client.send("mg c v\r\n");
            first.expect("mg c v\r\n");
            // No answer: a tenth of a second later the spare is asked.
            second.expect("mg c v\r\n");
            first.send("VA 1\r\nl\r\n");
            second.send("VA 1\r\ns\r\n");
            client.expect("VA 1\r\ns\r\n");
        }
    }

    @Test
    void replicasAreWrittenAndReadTogether() throws ConfigException {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(program("replicas", one.port(), two.port()))) {
            proxy.expect("set a 0 0 1\r\nx\r\n", "STORED\r\n");
            one.kill();
            proxy.expect("get a none\r\n", "VALUE a 0 1\r\nx\r\nEND\r\n");
            proxy.expect("set a 0 0 1\r\ny\r\n", "STORED\r\n");
            StandInServers.expect(two, "get a\r\n", "VALUE a 0 1\r\ny\r\nEND\r\n");
            two.kill();
            proxy.expect("get a\r\n", "SERVER_ERROR backend failure\r\n");
        }
    }

    @Test
    void anHourIsTheLongestTimeToLive() throws ConfigException {
        String[][] exchanges = {
            {"ms a 1 T60\r\nx\r\n", "ms a 1 T60\r\nx\r\n", "HD\r\n"},
            {"ms a 1 T0\r\nx\r\n", "ms a 1 T3600\r\nx\r\n", "HD\r\n"},
            {"ms a 1\r\nx\r\n", "ms a 1 T3600\r\nx\r\n", "HD\r\n"},
            {"set a 0 3601 1\r\nx\r\n", "set a 0 3600 1\r\nx\r\n", "STORED\r\n"},
            {"set a 0 3600 1\r\nx\r\n", "set a 0 3600 1\r\nx\r\n", "STORED\r\n"},
            {"mg a v\r\n", "mg a v\r\n", "EN\r\n"},
        };
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(program("hour", server.port()));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            for (String[] exchange : exchanges) {
                client.send(exchange[0]);
                backend.expect(exchange[1]);
                backend.send(exchange[2]);
                client.expect(exchange[2]);
            }
        }
    }

    @Test
    void tenantsAreLimitedAndCounted() throws ConfigException {
        try (MemcachedServer server = MemcachedServer.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(program("tenants", server.port())
                        .replace(
                                "limit = 1001, fillrate = 1000, tickrate = 1000",
                                "limit = 3, fillrate = 1, tickrate = 1000000"))) {
            proxy.expect("mg red/a v\r\n", "CLIENT_ERROR unknown tenant\r\n");
            proxy.expect(
                    "mg green/a v\r\nmg green/a v\r\nmg green/a v\r\n",
                    "EN\r\nEN\r\nSERVER_ERROR rate limit reached\r\n");
            proxy.expect("mg blue/a v\r\n", "EN\r\n");
            assertThat(proxy.proxyStats()).contains("STAT user_refused 1\r\n");
        }
    }

    @Test
    void theWholeReplicatesLimitsAndLogs() throws ConfigException {
        try (MemcachedServer east = MemcachedServer.start();
                MemcachedServer west = MemcachedServer.start();
                ScriptUnderTest proxy =
                        ScriptUnderTest.start(program("cache", east.port(), east.port(), west.port(), west.port())
                                .replace("blue = 5000", "blue = 2")
                                .replace("tickrate = 1000", "tickrate = 1000000")
                                // A request that is slow on this machine is not what is looked for.
                                .replace("log_reqsample(50,", "log_reqsample(1000000,"));
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs")) {
            // Written to both zones, and read from the far one when the near one has lost it.
            proxy.expect("set a 0 0 1\r\nx\r\n", "STORED\r\n");
            proxy.expect("get a\r\n", "VALUE a 0 1\r\nx\r\nEND\r\n");
            StandInServers.expect(east, "delete a\r\n", "DELETED\r\n");
            proxy.expect("get a\r\n", "VALUE a 0 1\r\nx\r\nEND\r\n");
            // NOT_FOUND in the near zone is as good as DELETED in the other: an answer, and no error.
            proxy.expect("delete a\r\n", "DELETED\r\n");
            StandInServers.expect(west, "get a\r\n", "END\r\n");

            proxy.expect(
                    "mg blue/a v\r\nmg blue/a v\r\nmg blue/a v\r\n", "EN\r\nEN\r\nSERVER_ERROR rate limit reached\r\n");
            assertThat(proxy.proxyStats()).contains("STAT user_refused 1\r\nSTAT user_far_read 3\r\n");

            // One zone is enough for everything but a delete.
            west.kill();
            proxy.expect("set b 0 0 1\r\ny\r\n", "STORED\r\n");
            proxy.expect("get b\r\n", "VALUE b 0 1\r\ny\r\nEND\r\n");
            proxy.expect("md b\r\n", "SERVER_ERROR backend failure\r\n");
            watcher.expectMatching(
                    "type=proxy_req elapsed=\\d+ .* status=-1 res=any cfd=\\d+ be=.* detail=delete req=md b");
        }
    }

    @Test
    void theWholeBeginsInTheZoneThatIsNamed() throws ConfigException {
        try (RefusingPort east = RefusingPort.reserve();
                MemcachedServer west = MemcachedServer.start();
                ScriptUnderTest proxy = ScriptUnderTest.start("mcp.start_arg = 'west'\n"
                        + program("cache", east.port(), east.port(), west.port(), west.port()))) {
            proxy.expect("set a 0 0 1\r\nx\r\nget a\r\n", "STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
            assertThat(proxy.proxyStats()).contains("STAT user_far_read 0\r\n");
        }
    }
}
