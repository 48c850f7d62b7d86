package io.memroute.proxy.script.object;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.LogWatcher;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mcp.log_req} and {@code mcp.log_reqsample}: every field, and which requests are told of. */
class RequestLoggingTest {

    private final ScriptedBackend backend = ScriptedBackend.start();

    @AfterEach
    void stopBackend() {
        backend.close();
    }

    private String asking(String log) {
        return ScriptUnderTest.withFunction("local res = rctx:enqueue_and_wait(r, 0) " + log + " return res", backend);
    }

    private String server() {
        return "127.0.0.1:" + backend.port();
    }

    /** Sends a request, has the backend answer, and returns when the client has the reply. */
    private static void ask(RawClient client, ScriptedBackend.Connection connection, String request, String reply) {
        client.send(request);
        connection.expect(request);
        connection.send(reply);
        client.expect(reply);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            get k;         END;                      type=105 code=17 status=0 res=ok
            get k;         VALUE k 0 1\\r\\nx\\r\\nEND; type=100 code=15 status=0 res=good
            mg k v;        VA 1\\r\\nx;               type=101 code=15 status=0 res=good
            mg k v;        EN;                       type=101 code=17 status=0 res=ok
            md k;          NF;                       type=101 code=13 status=0 res=good
            incr k 1;      42;                       type=107 code=15 status=0 res=good
            delete k;      DELETED;                  type=104 code=10 status=0 res=good
            mg k v;        SERVER_ERROR out;         type=108 code=23 status=-1 res=any
            mg k v;        ERROR;                    type=108 code=21 status=-1 res=any
            """)
    void tellsOfARequestAndItsReply(String request, String reply, String told) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(asking("mcp.log_req(r, res)"));
                ScriptedBackend.Connection connection = backend.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            ask(client, connection, request + "\r\n", reply.replace("\\r\\n", "\r\n") + "\r\n");
            watcher.expectMatching(
                    "type=proxy_req elapsed=[1-9]\\d* " + told + " cfd=0 be=" + server() + " detail= req=" + request);
        }
    }

    @Test
    void tellsTheDetailAndTheClientsDescriptor() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(asking("mcp.log_req(r, res, 'a tag', 77)"));
                ScriptedBackend.Connection connection = backend.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            ask(client, connection, "mg k v\r\n", "EN\r\n");
            watcher.expectMatching("type=proxy_req elapsed=\\d+ type=101 code=17 status=0 res=ok cfd=77 be=" + server()
                    + " detail=a tag req=mg k v");
        }
    }

    @Test
    void knowsTheClientOfARequestThatIsAnsweredLate() throws ConfigException {
        try (ScriptedBackend other = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                        local f = mcp.funcgen_new()
                        local soon = f:new_handle(p.p1)
                        local late = f:new_handle(p.p2)
                        f:ready{ f = function(rctx)
                          rctx:handle_set_cb(late, function(res, r) mcp.log_req(r, res, "late", rctx:cfd()) end)
                          return function(r)
                            rctx:enqueue(r, {soon, late})
                            return rctx:wait_handle(soon)
                          end
                        end }
                        mcp.attach(mcp.CMD_MD, f)""", backend, other));
                ScriptedBackend.Connection soon = backend.accept();
                ScriptedBackend.Connection late = other.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            ask(client, soon, "md k\r\n", "HD\r\n");
            late.expect("md k\r\n");
            late.send("NF\r\n");
            watcher.expectMatching(
                    "type=proxy_req .* cfd=[1-9]\\d* be=127.0.0.1:" + other.port() + " detail=late req=md k");
        }
    }

    @Test
    void cutsDetailAndRequestWhereMemcachedDoes() throws ConfigException {
        String opaques = " O123 N60 T30 k t s f h l";
        String request = "mg " + "k".repeat(250) + opaques + " v z" + "9".repeat(100);
        try (ScriptUnderTest proxy = ScriptUnderTest.start(asking("mcp.log_req(r, res, ('d'):rep(500))"));
                ScriptedBackend.Connection connection = backend.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            ask(client, connection, request + "\r\n", "EN\r\n");
            watcher.expectMatching("type=proxy_req elapsed=\\d+ type=101 code=17 status=0 res=ok cfd=0 be=" + server()
                    + " detail=d{150} req=" + request.substring(0, 300));
        }
    }

    @Test
    void tellsOfEachKeyOfAMultigetAndOfEdits() throws ConfigException {
        try (ScriptUnderTest proxy =
                        ScriptUnderTest.start(asking("mcp.log_req(r, res) r:ltrimkey(1) mcp.log_req(r, res)"));
                ScriptedBackend.Connection connection = backend.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            client.send("get one two\r\n");
            connection.expect("get one two\r\n");
            connection.send("END\r\n");
            client.expect("END\r\n");
            for (String line : new String[] {"get one", "get  ne", "get two", "get  wo"}) {
                watcher.expectMatching("type=proxy_req .* be=" + server() + " detail= req=" + line.replace("  ", " +"));
            }
        }
    }

    @Test
    void tellsOfARequestWithoutReply() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction(
                        "mcp.log_req(r, nil, 'none', rctx:cfd() * 0 + 5) mcp.log_req(r, 'text') return 'HD\\r\\n'"));
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs")) {
            proxy.expect("mg k v\r\n", "HD\r\n");
            watcher.expect(
                    "type=proxy_req elapsed=0 type=0 code=0 status=0 res=good cfd=5 be=: detail=none req=mg k v");
            watcher.expect("type=proxy_req elapsed=0 type=0 code=0 status=0 res=good cfd=0 be=: detail= req=mg k v");
        }
    }

    @Test
    void tellsOfTheEmbeddedStore() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                        mcp.attach(mcp.CMD_MG, function(r)
                          local res = mcp.internal(r)
                          mcp.log_req(r, res, "store")
                          return res
                        end)"""));
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs")) {
            proxy.expect("mg k v\r\n", "EN\r\n");
            watcher.expect("type=proxy_req elapsed=0 type=101 code=17 status=0 res=ok cfd=0 be=internal:0 "
                    + "detail=store req=mg k v");
        }
    }

    @Test
    void tellsOfAServerThatDoesNotAnswer() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(asking("mcp.log_req(r, res)"));
                ScriptedBackend.Connection connection = backend.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            client.send("mg k v\r\n");
            connection.expect("mg k v\r\n");
            connection.close();
            client.expect("SERVER_ERROR backend failure\r\n");
            watcher.expectMatching("type=proxy_req elapsed=\\d+ type=0 code=23 status=-1 res=any cfd=0 be=" + server()
                    + " detail= req=mg k v");
        }
    }

    /** Which of a good and a failed request are told of. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            0, 0, false;        false; false
            0, 1, false;        true;  true
            0, 0, true;         false; true
            60000, 0, false;    false; false
            60000, 0, true;     false; true
            60000, 1, false;    true;  true
            -5, -5, nil;        false; false
            0, 2147483647, nil; false; false
            """)
    void samplesByItsFirstRuleThatApplies(String rules, boolean good, boolean failed) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(
                        asking("mcp.log_reqsample(" + rules + ", r, res, 'sample', 3) mcp.log_req(r, nil, 'end')"));
                ScriptedBackend.Connection connection = backend.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            ask(client, connection, "mg good v\r\n", "HD\r\n");
            if (good) {
                watcher.expectMatching(
                        "type=proxy_req .* res=good cfd=3 be=" + server() + " detail=sample req=mg good v");
            }
            watcher.expectMatching("type=proxy_req .* detail=end req=mg good v");
            ask(client, connection, "mg bad v\r\n", "SERVER_ERROR out\r\n");
            if (failed) {
                watcher.expectMatching(
                        "type=proxy_req .* res=any cfd=3 be=" + server() + " detail=sample req=mg bad v");
            }
            watcher.expectMatching("type=proxy_req .* detail=end req=mg bad v");
        }
    }

    @Test
    void samplesWhatTakesLongerThanTheDeadline() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(asking("mcp.log_reqsample(2, 0, false, r, res, 'slow')"));
                ScriptedBackend.Connection connection = backend.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            client.send("mg k v\r\n");
            connection.expect("mg k v\r\n");
            long arrived = System.nanoTime();
            Deadline.await("the deadline to pass", () -> System.nanoTime() - arrived > 2_000_000);
            connection.send("HD\r\n");
            client.expect("HD\r\n");
            watcher.expectMatching("type=proxy_req elapsed=[2-9]\\d{3,} .* res=good .* detail=slow req=mg k v"
                    + "|type=proxy_req elapsed=\\d{5,} .* res=good .* detail=slow req=mg k v");
        }
    }

    @Test
    void theExampleInTheDocumentationTellsOfErrors() throws ConfigException, IOException {
        String document = Files.readString(Path.of("..", "docs", "lua-api.md"));
        String example = Pattern.compile("```lua\\n([^`]*log_reqsample[^`]*)```")
                .matcher(document)
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
        String pools = "function mcp_config_pools() return { main = mcp.pool{ mcp.backend('b', '127.0.0.1', "
                + backend.port() + ") } } end\n";
        try (ScriptUnderTest proxy = ScriptUnderTest.start(pools + example);
                ScriptedBackend.Connection connection = backend.accept();
                LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs");
                RawClient client = proxy.connect()) {
            ask(client, connection, "mg k v\r\n", "SERVER_ERROR out\r\n");
            watcher.expectMatching(
                    "type=proxy_req .* res=any cfd=[1-9]\\d* be=" + server() + " detail=main req=mg k v");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mcp.log_req('x');                     bad argument #1 to 'log_req' (mcp.request expected, got string)
            mcp.log_req(r, r);                    bad argument #2 to 'log_req' (mcp.response expected, got mcp.request)
            mcp.log_req(r, nil, {});              bad argument #3 to 'log_req' (string expected, got table)
            mcp.log_req(r, nil, 'x', 'y');        bad argument #4 to 'log_req' (number expected, got string)
            mcp.log_reqsample('x', 1, true, r);   bad argument #1 to 'log_reqsample' (number expected, got string)
            mcp.log_reqsample(1, {}, true, r);    bad argument #2 to 'log_reqsample' (number expected, got table)
            mcp.log_reqsample(1, 1, true, 5);     bad argument #4 to 'log_reqsample' (mcp.request expected, got number)
            """)
    void checksItsArgumentsOnlyWhileSomebodyWatches(String call, String error) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction(call + " return 'HD\\r\\n'"))) {
            proxy.expect("mg k v\r\n", "HD\r\n");
            try (LogWatcher watcher = LogWatcher.on(proxy.port(), "proxyreqs proxyevents")) {
                proxy.expect("mg k v\r\n", "SERVER_ERROR lua failure\r\n");
                watcher.expectMatching("type=proxy_error msg=.*" + Pattern.quote(error));
            }
        }
    }
}
