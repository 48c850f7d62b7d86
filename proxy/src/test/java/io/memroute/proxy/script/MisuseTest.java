package io.memroute.proxy.script;

import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What programs do that they should not costs their own requests: waits in the wrong place, objects kept, errors
 * everywhere.
 */
class MisuseTest {

    private static final String FAILURE = "SERVER_ERROR lua failure\r\n";

    /** Passes {@code ms} on: when it is answered, all that the server has sent before has been dealt with. */
    private static final String PASS_ON = """
            local pass = mcp.funcgen_new()
            local to = pass:new_handle(p.p1)
            pass:ready{ f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, to) end end }
            mcp.attach(mcp.CMD_MS, pass)
            """;

    private final ScriptedBackend server = ScriptedBackend.start();

    @AfterEach
    void stopServer() {
        server.close();
    }

    /** What a function does for the key {@code bad}; the next request runs on the same slot. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            error("no")
            error(nil)
            error({})
            error(setmetatable({}, { __tostring = function() error("again") end }))
            local x = nil + 1
            coroutine.yield()
            coroutine.yield(1, 2, 3)
            coroutine.wrap(function() return rctx:enqueue_and_wait(r, 0) end)()
            coroutine.wrap(function() rctx:enqueue_and_wait(r, 0) return 1 end)()
            coroutine.wrap(function() rctx:sleep(0) end)()
            coroutine.close(coroutine.running())
            rctx:wait_handle(0)
            rctx:wait_cond(1, 7)
            rctx.enqueue_and_wait(r, rctx, 0)
            rctx.wait_cond(5, 1)
            local t <close> = setmetatable({}, { __close = function() error("closing") end }) error("first")
            local t <close> = setmetatable({}, { __close = function() coroutine.yield() end })
            os.exit(1)
            """)
    void costsOneRequest(String statement) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction(
                        "if r:key() == 'bad' then " + statement + " end return rctx:enqueue_and_wait(r, 0)", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg bad v\r\nmg good v\r\nmg bad v\r\n");
            backend.expect("mg good v\r\n");
            backend.send("VA 1\r\nx\r\n");
            client.expect(FAILURE + "VA 1\r\nx\r\n" + FAILURE);
        }
    }

    @Test
    void aWaitInACallbackIsAnErrorOfTheCallback() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                        local f = mcp.funcgen_new()
                        local a, b = f:new_handle(p.p1), f:new_handle(p.p1)
                        f:ready{ f = function(rctx)
                          local said = "nothing"
                          rctx:handle_set_cb(a, function(res, r)
                            local ways = {
                              function() rctx:enqueue(r, b) end,
                              function() rctx:enqueue_and_wait(r, b) end,
                              function() rctx:wait_handle(a) end,
                              function() rctx:wait_cond(1) end,
                              function() rctx:sleep(1) end,
                            }
                            said = ""
                            for _, way in ipairs(ways) do said = said .. select(2, pcall(way)) .. "|" end
                          end)
                          return function(r)
                            rctx:enqueue_and_wait(r, a)
                            return "HD " .. said .. "\\r\\n"
                          end
                        end }
                        mcp.attach(mcp.CMD_MG, f)""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\n");
            backend.expect("mg a v\r\n");
            backend.send("EN\r\n");
            client.expect("HD enqueue: cannot enqueue new requests while in a wait"
                    + "|wait_cond: cannot call while already in wait mode|wait: cannot call while "
                    + "already in wait mode"
                    + "|wait_cond: cannot call while already in wait mode|sleep: cannot call "
                    + "while already in wait mode|\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            error("no")
            coroutine.yield()
            rctx:sleep(1)
            return {}, true
            return 99
            return "text", true
            res:close()
            """)
    void aCallbackThatFailsLeavesTheClassOfItsReply(String statement) throws ConfigException {
        try (ScriptUnderTest proxy =
                        ScriptUnderTest.start(ScriptUnderTest.withPools("""
                        local f = mcp.funcgen_new()
                        local h = f:new_handle(p.p1)
                        f:ready{ f = function(rctx)
                          rctx:handle_set_cb(h, function(res, r) %s end)
                          return function(r)
                            rctx:enqueue(r, h)
                            local good = rctx:wait_cond(1, mcp.WAIT_GOOD)
                            return "HD " .. good .. "\\r\\n"
                          end
                        end }
                        mcp.attach(mcp.CMD_MG, f)""".formatted(statement), server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\nmg b v\r\n");
            backend.expect("mg a v\r\nmg b v\r\n");
            backend.send("VA 1\r\nx\r\nEN\r\n");
            client.expect("HD 1\r\nHD 0\r\n");
        }
    }

    /** The request that was kept is answered while what another slot has sent of it is on its way. */
    @Test
    void aKeptRequestIsSentWholeThoughItsOwnerIsAnswered() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                        local kept
                        local f = mcp.funcgen_new()
                        local own, others = f:new_handle(p.p1), f:new_handle(p.p1)
                        f:ready{ f = function(rctx) return function(r)
                          if r:key() == "first" then
                            kept = r
                            return rctx:enqueue_and_wait(r, own)
                          end
                          local res = rctx:enqueue_and_wait(kept, others)
                          local ok, message = pcall(kept.key, kept)
                          return ok and "HD\\r\\n" or "HD " .. message .. "\\r\\n"
                        end end }
                        mcp.attach(mcp.CMD_ANY_STORAGE, f)""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient first = proxy.connect();
                RawClient second = proxy.connect()) {
            String set = "set first 0 0 5\r\nhello\r\n";
            first.send(set);
            backend.expect(set);
            second.send("mg second v\r\n");
            backend.expect(set);
            backend.send("STORED\r\n");
            first.expect("STORED\r\n");
            backend.send("STORED\r\n");
            second.expect("HD request: used after it was answered\r\n");
        }
    }

    @Test
    void aKeptResponseIsBlankOnceItsSlotIsDone() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                        local kept
                        local f = mcp.funcgen_new()
                        local h = f:new_handle(p.p1)
                        f:ready{ f = function(rctx) return function(r)
                          kept = rctx:enqueue_and_wait(r, h)
                          return kept
                        end end }
                        mcp.attach(mcp.CMD_MG, f)
                        mcp.attach(mcp.CMD_MD, function(r) return kept end)
                        mcp.attach(mcp.CMD_MA, function(r)
                          return "HD " .. tostring(kept:raw_string()) .. kept:vlen() .. "\\r\\n"
                        end)""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\n");
            backend.expect("mg a v\r\n");
            backend.send("VA 1\r\nx\r\n");
            client.expect("VA 1\r\nx\r\n");
            client.send("ma a\r\nmd a\r\n");
            client.expect("HD nil0\r\nSERVER_ERROR bad response\r\n");
        }
    }

    @Test
    void repliesThatNobodyWaitsForKeepTheSlotUntilTheyCome() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                        local made = 0
                        local f = mcp.funcgen_new()
                        local h = f:new_handle(p.p1)
                        f:ready{ f = function(rctx)
                          made = made + 1
                          local mine = made
                          return function(r)
                            rctx:enqueue(r, h)
                            rctx:wait_cond(0)
                            return "HD " .. mine .. "\\r\\n"
                          end
                        end }
                        mcp.attach(mcp.CMD_MG, f)
                        """ + PASS_ON, server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\n");
            client.expect("HD 1\r\n");
            client.send("mg b v\r\n");
            client.expect("HD 2\r\n");
            client.send("ms c 0\r\n\r\n");
            backend.expect("mg a v\r\nmg b v\r\nms c 0\r\n\r\n");
            backend.send("EN\r\nEN\r\nHD\r\n");
            client.expect("HD\r\n");
            client.send("mg d v\r\n");
            client.expect("HD 2\r\n");
        }
    }

    /** The descriptor of the client that asked, also when a callback runs after the client was answered. */
    @Test
    void aLateCallbackStillKnowsTheClientsDescriptor() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                        local early, late = -1, -1
                        local f = mcp.funcgen_new()
                        local h = f:new_handle(p.p1)
                        f:ready{ f = function(rctx)
                          rctx:handle_set_cb(h, function() late = rctx:cfd() end)
                          return function(r)
                            rctx:enqueue(r, h)
                            rctx:wait_cond(0)
                            early = rctx:cfd()
                            return "HD\\r\\n"
                          end
                        end }
                        mcp.attach(mcp.CMD_MG, f)
                        mcp.attach(mcp.CMD_MD, function() return "HD " .. tostring(early == late) .. "\\r\\n" end)
                        """ + PASS_ON, server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\n");
            client.expect("HD\r\n");
            client.send("ms b 0\r\n\r\n");
            backend.expect("mg a v\r\nms b 0\r\n\r\n");
            backend.send("EN\r\nHD\r\n");
            client.expect("HD\r\n");
            client.send("md x\r\n");
            client.expect("HD true\r\n");
        }
    }
}
