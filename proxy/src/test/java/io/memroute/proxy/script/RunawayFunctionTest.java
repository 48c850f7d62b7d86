package io.memroute.proxy.script;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions that never end, or use up what there is, cost their own requests and nothing else. */
class RunawayFunctionTest {

    private static final String FAILURE = "SERVER_ERROR lua failure\r\n";

    /** Most of these functions end only with the time they are given. */
    private static final LuaBounds BOUNDS = LuaBounds.defaults().withRequestTime(Duration.ofSeconds(1));

    private static ScriptUnderTest start(String lua) throws ConfigException {
        return ScriptUnderTest.start(lua, options -> options.lua(BOUNDS));
    }

    /** What a function does for the key {@code bad}. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            while true do end
            while true do pcall(function() while true do end end) end
            repeat local ok = pcall(error) until false
            for i = 1, math.huge do end
            local function f() return f() end f()
            local function f() return 1 + f() end f()
            local function f() local ok = pcall(f) return 1 + f() end f()
            local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end local x = t.x
            coroutine.wrap(function() while true do end end)()
            local function c() return coroutine.wrap(c)() end c()
            local t = {} while true do t[#t + 1] = ("x"):rep(10000) end
            local t = {} while true do t[#t + 1] = {} end
            local s = "x" while true do s = s .. s end
            local s = ("x"):rep(1 << 40)
            local s = ("x"):rep(1 << 31 - 1)
            local s = table.concat({("x"):rep(1 << 28), ("x"):rep(1 << 28), ("x"):rep(1 << 28)})
            ("a"):rep(200000):find(".-.-.-.-.-b")
            ("a"):rep(100000):gsub("", function() while true do end end)
            local t = {} for i = 1, 100 do t[i] = i end table.sort(t, function() while true do end end)
            local t <close> = setmetatable({}, { __close = function() while true do end end })
            local x = setmetatable({}, { __tostring = function() while true do end end }) error(x)
            """)
    void costsItsOwnRequestOnly(String statement) throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = start(ScriptUnderTest.withFunction(
                        "if r:key() == 'bad' then " + statement + " end return rctx:enqueue_and_wait(r, 0)", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg good v\r\nmg bad v\r\nmg good v\r\n");
            backend.expect("mg good v\r\nmg good v\r\n");
            backend.send("EN\r\nVA 1\r\nx\r\n");
            client.expect("EN\r\n" + FAILURE + "VA 1\r\nx\r\n");
            // The slot that failed serves again.
            client.send("mg good v\r\n");
            backend.expect("mg good v\r\n");
            backend.send("EN\r\n");
            client.expect("EN\r\n");
        }
    }

    @Test
    void aLoopAfterAWaitIsStoppedToo() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = start(ScriptUnderTest.withFunction("""
                        local res = rctx:enqueue_and_wait(r, 0)
                        while res:hit() do end
                        return res""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg bad v\r\n");
            backend.expect("mg bad v\r\n");
            backend.send("VA 1\r\nx\r\n");
            client.expect(FAILURE);
            client.send("mg good v\r\n");
            backend.expect("mg good v\r\n");
            backend.send("EN\r\n");
            client.expect("EN\r\n");
        }
    }

    @Test
    void aLoopInACallbackLeavesTheReplyAsItIs() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = start(ScriptUnderTest.withPools("""
                        local f = mcp.funcgen_new()
                        local h = f:new_handle(p.p1)
                        f:ready{ f = function(rctx)
                          rctx:handle_set_cb(h, function(res) while res:hit() do end end)
                          return function(r) return rctx:enqueue_and_wait(r, h) end
                        end }
                        mcp.attach(mcp.CMD_MG, f)""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\nmg b v\r\n");
            backend.expect("mg a v\r\nmg b v\r\n");
            backend.send("VA 1\r\nx\r\nEN\r\n");
            client.expect("VA 1\r\nx\r\nEN\r\n");
        }
    }

    @Test
    void aLoopInAGeneratorCostsTheRequestThatNeededTheSlot() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = start(ScriptUnderTest.withPools("""
                        local made = 0
                        local f = mcp.funcgen_new()
                        local h = f:new_handle(p.p1)
                        f:ready{ f = function(rctx)
                          made = made + 1
                          while made == 2 do end
                          return function(r) return rctx:enqueue_and_wait(r, h) end
                        end }
                        mcp.attach(mcp.CMD_MG, f)""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\nmg b v\r\nmg c v\r\n");
            backend.expect("mg a v\r\nmg c v\r\n");
            backend.send("EN\r\nEN\r\n");
            client.expect("EN\r\nSERVER_ERROR lua start failure\r\nEN\r\n");
        }
    }

    @Test
    void aLoopInAFunctionBelowIsAFailureOfItsHandle() throws ConfigException {
        try (ScriptUnderTest proxy = start(ScriptUnderTest.withPools("""
                local below = mcp.funcgen_new()
                below:ready{ f = function() return function(r) while true do end end end }
                local f = mcp.funcgen_new()
                local h = f:new_handle(below)
                f:ready{ f = function(rctx) return function(r)
                  local res = rctx:enqueue_and_wait(r, h)
                  return "HD " .. tostring(res:ok()) .. res:code() .. "\\r\\n"
                end end }
                mcp.attach(mcp.CMD_MG, f)"""))) {
            proxy.expect("mg a v\r\n", "HD false23\r\n");
        }
    }

    @Test
    void aFunctionAttachedAsItIsIsStoppedToo() throws ConfigException {
        try (ScriptUnderTest proxy = start(ScriptUnderTest.withPools("""
                mcp.attach(mcp.CMD_MG, function(r) while r:key() == "bad" do end return "HD\\r\\n" end)"""))) {
            proxy.expect("mg bad v\r\nmg good v\r\n", FAILURE + "HD\r\n");
        }
    }

    @Test
    void otherClientsAreServedAgainWhenALoopWasStopped() throws ConfigException {
        try (ScriptUnderTest proxy =
                        start(ScriptUnderTest.withFunction("while r:key() == 'bad' do end return 'HD\\r\\n'"));
                RawClient bad = proxy.connect();
                RawClient good = proxy.connect()) {
            bad.send("mg bad v\r\n");
            good.send("mg good v\r\n");
            good.expect("HD\r\n");
            bad.expect(FAILURE);
        }
    }
}
