package io.memroute.proxy.script;

import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients get for what route functions do and return. */
class RouteFunctionTest {

    private final ScriptedBackend one = ScriptedBackend.start();
    private final ScriptedBackend two = ScriptedBackend.start();

    @AfterEach
    void stopBackends() {
        one.close();
        two.close();
    }

    @Test
    void passesARequestAndItsReplyOn() throws ConfigException {
        try (ScriptUnderTest proxy =
                        ScriptUnderTest.start(ScriptUnderTest.withFunction("return rctx:enqueue_and_wait(r, 0)", one));
                ScriptedBackend.Connection backend = one.accept();
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("get a\r\n");
                backend.expect("get a\r\n");
                backend.send("VALUE a 0 3\r\nxyz\r\nEND\r\n");
                client.expect("VALUE a 0 3\r\nxyz\r\nEND\r\n");
                client.send("set b 0 0 2\r\nhi\r\n");
                backend.expect("set b 0 0 2\r\nhi\r\n");
                backend.send("STORED\r\n");
                client.expect("STORED\r\n");
            }
        }
    }

    @Test
    void passesALargeValueOn() throws ConfigException {
        String value = "v".repeat(300_000);
        try (ScriptUnderTest proxy =
                        ScriptUnderTest.start(ScriptUnderTest.withFunction("return rctx:enqueue_and_wait(r, 0)", one));
                ScriptedBackend.Connection backend = one.accept();
                RawClient client = proxy.connect()) {
            client.send("set a 0 0 300000\r\n" + value + "\r\n");
            backend.expect("set a 0 0 300000\r\n" + value + "\r\n");
            backend.send("STORED\r\n");
            client.expect("STORED\r\n");
            client.send("mg a v\r\n");
            backend.expect("mg a v\r\n");
            backend.send("VA 300000\r\n" + value + "\r\n");
            client.expect("VA 300000\r\n" + value + "\r\n");
        }
    }

    @Test
    void servesEachKeyOfAMultigetByItself() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(
                ScriptUnderTest.withFunction("return 'VALUE ' .. r:key() .. ' 0 1\\r\\nx\\r\\nEND\\r\\n'"))) {
            proxy.expect("get a b\r\n", "VALUE a 0 1\r\nx\r\nVALUE b 0 1\r\nx\r\nEND\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            return 'HD t5\\r\\n'; HD t5
            return nil;           SERVER_ERROR bad response
            return;               SERVER_ERROR bad response
            return 5;             SERVER_ERROR bad response
            return {};            SERVER_ERROR bad response
            return r;             SERVER_ERROR bad response
            error('no');          SERVER_ERROR lua failure
            coroutine.yield(1);   SERVER_ERROR lua failure
            rctx:wait_handle(0);  SERVER_ERROR lua failure
            """, delimiter = ';')
    void answersByWhatTheFunctionReturns(String body, String reply) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction(body))) {
            // The second request runs on the same slot.
            proxy.expect("mg a t\r\nmg a t\r\n", reply + "\r\n" + reply + "\r\n");
        }
    }

    @Test
    void passesTextThatIsNoReplyAsItIs() throws ConfigException {
        try (ScriptUnderTest proxy =
                ScriptUnderTest.start(ScriptUnderTest.withFunction("return 'what\\r\\never\\r\\n'"))) {
            proxy.expect("mg a v\r\n", "what\r\never\r\n");
        }
    }

    @Test
    void keepsQuietForATextThatTheClientDidNotWantToHear() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("return 'HD\\r\\n'"))) {
            proxy.expect("ms a 1 q\r\nx\r\nmn\r\n", "MN\r\n");
        }
    }

    @Test
    void saysBackendFailureWhenTheBackendIsDown() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start("""
                function mcp_config_pools()
                  return mcp.pool{ mcp.backend{ label = "x", host = "127.0.0.1", port = 1, down = true } }
                end
                function mcp_config_routes(pool)
                  local f = mcp.funcgen_new()
                  local h = f:new_handle(pool)
                  f:ready{ f = function(rctx) return function(r)
                    local res = rctx:enqueue_and_wait(r, h)
                    if r:key() == "code" then
                      return "HD " .. tostring(res:ok()) .. " " .. tostring(res:code() == mcp.MCMC_CODE_SERVER_ERROR) \
                .. "\\r\\n"
                    end
                    return res
                  end end }
                  mcp.attach(mcp.CMD_ANY_STORAGE, f)
                end"""); ) {
            proxy.expect("mg a v\r\nmg code v\r\n", "SERVER_ERROR backend failure\r\nHD false true\r\n");
        }
    }

    @Test
    void servesAnEmptyPoolWithFailures() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start("""
                function mcp_config_pools() return mcp.pool({}) end
                function mcp_config_routes(pool)
                  local f = mcp.funcgen_new()
                  local h = f:new_handle(pool)
                  f:ready{ f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, h) end end }
                  mcp.attach(mcp.CMD_ANY_STORAGE, f)
                end""")) {
            proxy.expect("get a\r\n", "SERVER_ERROR backend failure\r\n");
        }
    }

    @Test
    void answersFromTheEmbeddedStoreThroughTheInternalHandler() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                local f = mcp.funcgen_new()
                local h = f:new_handle(mcp.internal_handler)
                f:ready{ f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, h) end end }
                mcp.attach(mcp.CMD_ANY_STORAGE, f)"""))) {
            proxy.expect(
                    "set a 7 0 2\r\nhi\r\nget a\r\nmg none v\r\nms a 1 q\r\nx\r\nmg a v\r\n",
                    "STORED\r\nVALUE a 7 2\r\nhi\r\nEND\r\nEN\r\nVA 1\r\nx\r\n");
        }
    }

    @Test
    void servesManyPipelinedRequestsEachOnASlotOfItsOwn() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(
                        ScriptUnderTest.withFunction("local res = rctx:enqueue_and_wait(r, 0) return res", one));
                ScriptedBackend.Connection backend = one.accept();
                RawClient client = proxy.connect()) {
            StringBuilder asked = new StringBuilder();
            StringBuilder answers = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                asked.append("mg key").append(i).append(" v\r\n");
                answers.append("VA 3 \r\n").append(100 + i).append("\r\n");
            }
            client.send(asked.toString());
            backend.expect(asked.toString());
            backend.send(answers.toString());
            client.expect(answers.toString());
        }
    }

    @Test
    void callsAFunctionThatIsAttachedAsItIs() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                mcp.attach(mcp.CMD_MG, function(r) return "HD k" .. r:key() .. "\\r\\n" end)
                mcp.attach(mcp.CMD_VERSION, function(r) return "VERSION mine\\r\\n" end)"""))) {
            proxy.expect(
                    "mg abc v\r\nversion\r\nset s 0 0 1\r\nx\r\nget s\r\n",
                    "HD kabc\r\nVERSION mine\r\nSTORED\r\nVALUE s 0 1\r\nx\r\nEND\r\n");
        }
    }
}
