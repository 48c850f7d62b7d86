package io.memroute.proxy.script.slot;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions that wait for one or several replies, for a time, or for both. */
class WaitingTest {

    private static final String HIT = "HD t1\r\n";
    private static final String MISS = "EN\r\n";
    private static final String ERROR = "SERVER_ERROR no\r\n";

    private final ScriptedBackend one = ScriptedBackend.start();
    private final ScriptedBackend two = ScriptedBackend.start();
    private final ScriptedBackend three = ScriptedBackend.start();

    @AfterEach
    void stopBackends() {
        one.close();
        two.close();
        three.close();
    }

    private static String reply(String name) {
        return switch (name.strip()) {
            case "hit" -> HIT;
            case "miss" -> MISS;
            default -> ERROR;
        };
    }

    /** A wait with a mode: the two replies, the number counted, and after which of them the function goes on. */
    @ParameterizedTest
    @CsvSource({
        "1, WAIT_ANY, error, hit, 1, first",
        "2, WAIT_ANY, error, hit, 2, both",
        "1, WAIT_OK, error, miss, 1, both",
        "1, WAIT_OK, miss, hit, 1, first",
        "1, WAIT_GOOD, miss, hit, 1, both",
        "1, WAIT_GOOD, miss, error, 0, both",
        "2, WAIT_FASTGOOD, hit, miss, 1, first",
        "2, WAIT_FASTGOOD, miss, miss, 2, both",
        "5, WAIT_ANY, miss, hit, 2, both"
    })
    void countsTheRepliesThatTheModeAsksFor(
            int count, String mode, String first, String second, int counted, String after) throws ConfigException {
        String body =
                "rctx:enqueue(r, {0, 1}) return 'HD c' .. rctx:wait_cond(" + count + ", mcp." + mode + ") .. '\\r\\n'";
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction(body, one, two));
                ScriptedBackend.Connection b1 = one.accept();
                ScriptedBackend.Connection b2 = two.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a t\r\n");
            b1.expect("mg a t\r\n");
            b2.expect("mg a t\r\n");
            b1.send(reply(first));
            if (after.equals("both")) {
                b2.send(reply(second));
                client.expect("HD c" + counted + "\r\n");
            } else {
                client.expect("HD c" + counted + "\r\n");
                b2.send(reply(second));
            }
            client.send("mg b t\r\n");
            b1.expect("mg b t\r\n");
            b2.expect("mg b t\r\n");
        }
    }

    @Test
    void waitingForNoneSendsAndGoesOn() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction(
                        "rctx:enqueue(r, 0) return 'HD c' .. rctx:wait_cond(0) .. '\\r\\n'", one));
                ScriptedBackend.Connection backend = one.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a t\r\n");
            client.expect("HD c0\r\n");
            backend.expect("mg a t\r\n");
        }
    }

    @Test
    void aTimeoutReturnsNothingAndTheReplyCanBeWaitedForAgain() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("""
                        local res, late = rctx:enqueue_and_wait(r, 0, 0.01)
                        assert(res == nil and late == true)
                        local n, stillLate = rctx:wait_cond(1, mcp.WAIT_ANY, 0.01)
                        assert(n == 0 and stillLate == true)
                        rctx:enqueue(r, 1)
                        rctx:wait_handle(1)
                        return rctx:wait_handle(0)""", one, two));
                ScriptedBackend.Connection b1 = one.accept();
                ScriptedBackend.Connection b2 = two.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a t\r\n");
            b1.expect("mg a t\r\n");
            b2.expect("mg a t\r\n");
            b2.send(MISS);
            b1.send(HIT);
            client.expect(HIT);
        }
    }

    @Test
    void sleepsAndGoesOn() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction(
                "assert(rctx:sleep(0.001) == true) assert(rctx:sleep(0)) return 'HD\\r\\n'"))) {
            proxy.expect("mg a t\r\n", "HD\r\n");
        }
    }

    @Test
    void waitingWhenNothingIsOutstandingEndsAtOnce() throws ConfigException {
        try (ScriptUnderTest proxy =
                ScriptUnderTest.start(ScriptUnderTest.withFunction("return 'HD c' .. rctx:wait_cond(1) .. '\\r\\n'"))) {
            proxy.expect("mg a t\r\n", "HD c0\r\n");
        }
    }

    @Test
    void triesTheNextHandleWhenTheFirstFails() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("""
                        local res = rctx:enqueue_and_wait(r, 0)
                        if res:ok() then return res end
                        return rctx:enqueue_and_wait(r, 1)""", one, two));
                ScriptedBackend.Connection b1 = one.accept();
                ScriptedBackend.Connection b2 = two.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a t\r\n");
            b1.expect("mg a t\r\n");
            b1.send(ERROR);
            b2.expect("mg a t\r\n");
            b2.send(HIT);
            client.expect(HIT);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "best, error, miss, hit, HD t1",
        "best, error, miss, error, EN",
        "best, error, error, error, SERVER_ERROR no",
        "worst, hit, miss, error, SERVER_ERROR no",
        "worst, hit, miss, hit, EN",
        "worst, hit, hit, hit, HD t1"
    })
    void picksTheBestOrTheWorstResult(String which, String first, String second, String third, String answer)
            throws ConfigException {
        String body = "rctx:enqueue(r, {0, 1, 2}) rctx:wait_cond(3) return rctx:" + which + "_result({0, 1, 2})";
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction(body, one, two, three));
                ScriptedBackend.Connection b1 = one.accept();
                ScriptedBackend.Connection b2 = two.accept();
                ScriptedBackend.Connection b3 = three.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a t\r\n");
            b1.expect("mg a t\r\n");
            b2.expect("mg a t\r\n");
            b3.expect("mg a t\r\n");
            b1.send(reply(first));
            b2.send(reply(second));
            b3.send(reply(third));
            client.expect(answer + "\r\n");
        }
    }

    @Test
    void aCallbackJudgesAResultAndResumesTheWait() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                        local f = mcp.funcgen_new()
                        local a, b = f:new_handle(p.p1), f:new_handle(p.p2)
                        f:ready{ f = function(rctx)
                          rctx:handle_set_cb(a, function(res, req)
                            assert(req:key() == "k" and not res:hit())
                            return mcp.WAIT_GOOD, mcp.WAIT_RESUME
                          end)
                          return function(r)
                            rctx:enqueue(r, {a, b})
                            local n = rctx:wait_cond(2, mcp.WAIT_ANY)
                            local _, class = rctx:result(a)
                            return "HD n" .. n .. " good" .. tostring(class == mcp.RES_GOOD) ..
                              " b" .. tostring(rctx:res_any(b)) .. "\\r\\n"
                          end
                        end }
                        mcp.attach(mcp.CMD_MG, f)""", one, two));
                ScriptedBackend.Connection b1 = one.accept();
                ScriptedBackend.Connection b2 = two.accept();
                RawClient client = proxy.connect()) {
            client.send("mg k t\r\n");
            b1.expect("mg k t\r\n");
            b1.send(MISS);
            client.expect("HD n1 goodtrue bnil\r\n");
            b2.expect("mg k t\r\n");
            b2.send(MISS);
        }
    }

    @Test
    void functionsNestAndTheirRepliesAreTheParentsResults() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                        local function direct(pool)
                          local f = mcp.funcgen_new()
                          local h = f:new_handle(pool)
                          f:ready{ f = function(rctx) return function(r)
                            if r:key() == "bad" then error("no") end
                            if r:key() == "text" then return "HD text\\r\\n" end
                            return rctx:enqueue_and_wait(r, h)
                          end end }
                          return f
                        end
                        local f = mcp.funcgen_new()
                        local a, b = f:new_handle(direct(p.p1)), f:new_handle(direct(p.p2))
                        f:ready{ f = function(rctx) return function(r)
                          rctx:enqueue(r, {a, b})
                          rctx:wait_cond(2)
                          return rctx:best_result({a, b})
                        end end }
                        mcp.attach(mcp.CMD_MG, f)""", one, two));
                ScriptedBackend.Connection b1 = one.accept();
                ScriptedBackend.Connection b2 = two.accept();
                RawClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("mg k t\r\n");
                b1.expect("mg k t\r\n");
                b2.expect("mg k t\r\n");
                b1.send(MISS);
                b2.send(HIT);
                client.expect(HIT);
                client.send("mg bad t\r\nmg text t\r\n");
                client.expect("SERVER_ERROR backend failure\r\nHD text\r\n");
            }
        }
    }
}
