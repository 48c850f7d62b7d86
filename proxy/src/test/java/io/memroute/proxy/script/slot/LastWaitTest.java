package io.memroute.proxy.script.slot;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Functions that end with a wait for the reply that they return, and functions that end with other calls. */
class LastWaitTest {

    private final ScriptedBackend one = ScriptedBackend.start();
    private final ScriptedBackend two = ScriptedBackend.start();

    @AfterEach
    void stopBackends() {
        one.close();
        two.close();
    }

    /** A request that reaches the first server as it is, whose reply reaches the client as it is. */
    private void expectPassedOn(String program) throws ConfigException {
        expect(program, "get a\r\n", "get a\r\n");
    }

    private void expect(String program, String request, String sent) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(program);
                ScriptedBackend.Connection server = one.accept();
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send(request);
                server.expect(sent);
                server.send("VALUE a 0 2\r\nhi\r\nEND\r\n");
                client.expect("VALUE a 0 2\r\nhi\r\nEND\r\n");
            }
        }
    }

    @Test
    void passesTheReplyOnWhenTheWaitIsAllTheFunctionDoes() throws ConfigException {
        expectPassedOn(ScriptUnderTest.withFunction("return rctx:enqueue_and_wait(r, 0)", one));
    }

    @Test
    void passesTheReplyOnAfterOtherCalls() throws ConfigException {
        expectPassedOn(
                ScriptUnderTest.withFunction("if r:key() == 'a' then return rctx:enqueue_and_wait(r, 0) end", one));
    }

    @Test
    void passesTheReplyOnThroughFunctionsThatEndWithEachOther() throws ConfigException {
        expectPassedOn("local function last(rctx, r) return rctx:enqueue_and_wait(r, 0) end\n"
                + ScriptUnderTest.withFunction("return last(rctx, r)", one));
    }

    @Test
    void waitsInsideOfFunctionsThatAreCalledLast() throws ConfigException {
        expectPassedOn("local function inner(rctx, r) local res = rctx:enqueue_and_wait(r, 0) return res end\n"
                + ScriptUnderTest.withFunction("return inner(rctx, r)", one));
    }

    @Test
    void waitsInsideOfJavaFunctionsThatAreCalledLast() throws ConfigException {
        expectPassedOn("local function outcome(ok, res) return res end\n"
                + "local function inner(rctx, r) return outcome(pcall(rctx.enqueue_and_wait, rctx, r, 0)) end\n"
                + ScriptUnderTest.withFunction("return inner(rctx, r)", one));
    }

    @Test
    void sendsTheRequestAsItWasEdited() throws ConfigException {
        expect(
                ScriptUnderTest.withFunction("r:token(2, 'a') return rctx:enqueue_and_wait(r, 0)", one),
                "get b\r\n",
                "get a\r\n");
    }

    @Test
    void sendsWhatWasQueuedBefore() throws ConfigException {
        String program =
                ScriptUnderTest.withFunction("rctx:enqueue(r, 1) return rctx:enqueue_and_wait(r, 0)", one, two);
        try (ScriptUnderTest proxy = ScriptUnderTest.start(program);
                ScriptedBackend.Connection first = one.accept();
                ScriptedBackend.Connection second = two.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a\r\n");
            first.expect("mg a\r\n");
            second.expect("mg a\r\n");
            first.send("HD\r\n");
            client.expect("HD\r\n");
            second.send("EN\r\n");
        }
    }

    @Test
    void givesUpAfterTheTimeout() throws ConfigException {
        String program = ScriptUnderTest.withFunction("return rctx:enqueue_and_wait(r, 0, 0.01)", one);
        try (ScriptUnderTest proxy = ScriptUnderTest.start(program);
                ScriptedBackend.Connection server = one.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a\r\n");
            server.expect("mg a\r\n");
            client.expect("SERVER_ERROR bad response\r\n");
            server.send("HD\r\n");
            client.send("mg b\r\n");
            server.expect("mg b\r\n");
            server.send("EN\r\n");
            client.expect("EN\r\n");
        }
    }

    @Test
    void callsTheCallbackOfItsHandle() throws ConfigException {
        String program = ScriptUnderTest.withPools("""
                local f = mcp.funcgen_new()
                f:new_handle(p.p1)
                mcp.attach(mcp.CMD_MG, f)
                local seen = 0
                f:ready{ f = function(rctx)
                  rctx:handle_set_cb(0, function(res) seen = seen + 1 end)
                  return function(r)
                    return rctx:enqueue_and_wait(r, 0)
                  end
                end }
                mcp.attach(mcp.CMD_ME, function(r) return 'ME ' .. seen .. '\\r\\n' end)
                """, one);
        try (ScriptUnderTest proxy = ScriptUnderTest.start(program);
                ScriptedBackend.Connection server = one.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a\r\n");
            server.expect("mg a\r\n");
            server.send("HD\r\n");
            client.expect("HD\r\n");
            client.send("me a\r\n");
            client.expect("ME 1\r\n");
        }
    }

    @Test
    void givesTheReplyToTheFunctionAbove() throws ConfigException {
        String program = ScriptUnderTest.withPools("""
                local below = mcp.funcgen_new()
                below:new_handle(p.p1)
                below:ready{ f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, 0) end end }
                local above = mcp.funcgen_new()
                above:new_handle(below)
                above:ready{ f = function(rctx) return function(r)
                  local res = rctx:enqueue_and_wait(r, 0)
                  return 'HD f' .. res:vlen() .. '\\r\\n'
                end end }
                mcp.attach(mcp.CMD_MG, above)
                """, one);
        try (ScriptUnderTest proxy = ScriptUnderTest.start(program);
                ScriptedBackend.Connection server = one.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\n");
            server.expect("mg a v\r\n");
            server.send("VA 5\r\nhello\r\n");
            client.expect("HD f5\r\n");
        }
    }

    @Test
    void anErrorInTheLastCallCostsItsRequestOnly() throws ConfigException {
        String program = ScriptUnderTest.withFunction(
                "if r:key() == 'bad' then return rctx:enqueue_and_wait(r, 7) end return rctx:enqueue_and_wait(r, 0)",
                one);
        try (ScriptUnderTest proxy = ScriptUnderTest.start(program);
                ScriptedBackend.Connection server = one.accept();
                RawClient client = proxy.connect()) {
            client.send("mg bad\r\nmg good\r\n");
            client.expect("SERVER_ERROR lua failure\r\n");
            server.expect("mg good\r\n");
            server.send("EN\r\n");
            client.expect("EN\r\n");
        }
    }
}
