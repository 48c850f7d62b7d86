package io.memroute.proxy.script.object;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What scripts see of requests, and what servers get of edited ones. */
class RequestObjectTest {

    /** An expression over the request, what the client sends, and the expression's value. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            r:command() == mcp.CMD_MG;            mg k v;                  true
            r:key();                              mg abc v;                abc
            r:key();                              gat 5 abc;               abc
            r:ntokens();                          mg abc v t;              4
            r:token(1);                           mg abc v t;              mg
            r:token(3);                           mg abc v t;              v
            r:token(9);                           mg abc v t;              nil
            r:token(0);                           mg abc v t;              nil
            r:token();                            mg abc v t;              nil
            r:token(2);                           incr abc 5;              abc
            r:token_int(4);                       mg k v 77x;              nil
            r:token_int(3);                       touch k 77;              77
            r:token_int(3);                       touch k -1;              -1
            r:token_int(1);                       touch k 7;               nil
            r:raw_line();                         mg abc v  t;             mg abc v  t
            r:raw_value();                        mg abc v;                nil
            tostring(r);                          mg abc v;                mcp.request: mg abc v
            """)
    void looksAtARequest(String expression, String request, String value) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(
                ScriptUnderTest.withFunction("return 'HD [' .. tostring((" + expression + ")) .. ']\\r\\n'"))) {
            proxy.expect(request + "\r\n", "HD [" + value + "]\r\n");
        }
    }

    /** A statement over the request, what the client sends, and what the server gets. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            r:token(2, "other");                     mg abc v;               mg other v
            r:token(2, "other");                     get abc;                get other
            r:token(2, 15);                          get abc;                get 15
            r:token(3, "");                          mg abc v t;             mg abc t
            r:token(4, nil);                         mg abc v t;             mg abc v
            r:token(9, "x");                         mg abc v;               mg abc v
            r:token(2, "a v");                       mg abc t;               mg a v t
            r:token(1, "md") r:token(3, "");         mg abc v;               md abc
            r:token(3, -5);                          touch abc 1;            touch abc -5
            r:rtrimkey(2);                           mg abcd v;              mg ab v
            r:ltrimkey(2);                           mg abcd v;              mg cd v
            """)
    void editsARequest(String statement, String request, String sent) throws ConfigException {
        ScriptUnderTest.expectSent(statement, request, sent);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            r:token(2, ("x"):rep(251));     mg abc v; token(): request malformed after edit
            r:token(3, ("x"):rep(2048));    mg abc v; token(): request malformed after edit
            r:token(2, "a b");              get abc;  token(): request malformed after edit
            r:token(2, "");                 get abc;  token(): request malformed after edit
            r:token(1, "");                 get abc;  token(): request malformed after edit
            r:token(1, "nonsense");         get abc;  token(): request malformed after edit
            r:token(1, "ms");               mg abc v; token(): request malformed after edit
            r:token(3, "x");                touch abc 5; token(): request malformed after edit
            r:token(2, "a\\r\\nget b");     get abc;  token(): request malformed after edit
            r:token(2, "a\\nget b");        get abc;  token(): request malformed after edit
            r:token(2, "a\\rb");            get abc;  token(): request malformed after edit
            r:token(2, "a\\0b");            get abc;  token(): request malformed after edit
            r:ltrimkey(-1);                 mg abc v; ltrimkey cannot zero out key
            r:ltrimkey(3);                  mg abc v; ltrimkey cannot zero out key
            r:rtrimkey(3);                  mg abc v; rtrimkey cannot zero out key
            rctx:enqueue(r, 7);             mg abc v; attempted to enqueue an invalid handle
            rctx:enqueue(r, {7});           mg abc v; attempted to enqueue an invalid handle
            rctx:enqueue(r, {"x"});         mg abc v; invalid handle passed to queue via array table
            rctx:enqueue(r, "x");           mg abc v; must pass a handle or a table to queue
            rctx:enqueue_and_wait(r, "x");  mg abc v; invalid handle passed to enqueue_and_wait
            rctx:wait_handle(7);            mg abc v; invalid handle passed to wait_handle
            rctx:wait_cond();               mg abc v; must pass at least count to wait_cond
            rctx:wait_cond(-1);             mg abc v; wait count for wait_cond must be a positive integer
            rctx:wait_cond(1, 9);           mg abc v; invalid mode sent to wait_cond
            rctx:wait_cond(1, 1, nil);      mg abc v; timeout argument to wait or sleep must be a number
            rctx:sleep("x");                mg abc v; timeout argument to wait or sleep must be a number
            rctx:res_good(5);               mg abc v; invalid queue handle passed to :good/:ok:/:any
            rctx:best_result(5);            mg abc v; must pass a table to :best_result
            rctx:worst_result({5});         mg abc v; invalid queue handle passed to worst_result
            rctx:handle_set_cb(5, print);   mg abc v; invalid handle passed to queue_set_cb
            mcp.request("mg a v");          mg abc v; request must end with \\r\\n
            mcp.request("zz\\r\\n");        mg abc v; failed to parse request
            mcp.stat(1, 1);                 mg abc v; no stats counters initialized
            """)
    void saysWhatIsWrongWithACall(String statement, String request, String error) throws ConfigException {
        String body = "local ok, message = pcall(function() " + statement + " end) return 'HD ' .. tostring(message)"
                + ":gsub('\\r', '\\\\r'):gsub('\\n', '\\\\n') .. '\\r\\n'";
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction(body))) {
            proxy.expect(request + "\r\n", "HD " + error + "\r\n");
        }
    }

    @Test
    void editsTheLineOfAStoreAndKeepsItsValue() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("""
                        assert(r:raw_value() == "hello\\r\\n")
                        r:token(2, "longer-key")
                        assert(not pcall(r.token, r, 5, "3"))
                        return rctx:enqueue_and_wait(r, 0)""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("set k 0 0 5\r\nhello\r\n");
            backend.expect("set longer-key 0 0 5\r\nhello\r\n");
            backend.send("STORED\r\n");
            client.expect("STORED\r\n");
        }
    }

    @Test
    void anEditChangesNothingThatWasSentBefore() throws ConfigException {
        try (ScriptedBackend first = ScriptedBackend.start();
                ScriptedBackend second = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("""
                        rctx:enqueue(r, 0)
                        rctx:wait_cond(0)
                        r:token(2, "b")
                        rctx:enqueue(r, 1)
                        rctx:wait_cond(2)
                        return rctx:best_result({0, 1})""", first, second));
                ScriptedBackend.Connection b1 = first.accept();
                ScriptedBackend.Connection b2 = second.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\n");
            b1.expect("mg a v\r\n");
            b2.expect("mg b v\r\n");
            b1.send("EN\r\n");
            b2.send("VA 1\r\nx\r\n");
            client.expect("VA 1\r\nx\r\n");
        }
    }

    @Test
    void sendsRequestsOfTheScriptsOwn() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                        local f = mcp.funcgen_new()
                        local a, b = f:new_handle(p.p1), f:new_handle(p.p1)
                        f:ready{ f = function(rctx) return function(r)
                          local res = rctx:enqueue_and_wait(mcp.request("mg " .. r:key() .. " v t\\r\\n"), a)
                          rctx:enqueue_and_wait(mcp.request("ms copy " .. res:vlen() .. "\\r\\n", res), b)
                          return res
                        end end }
                        mcp.attach(mcp.CMD_MG, f)""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg k v\r\n");
            backend.expect("mg k v t\r\n");
            backend.send("VA 3 t-1\r\nabc\r\n");
            backend.expect("ms copy 3\r\nabc\r\n");
            backend.send("HD\r\n");
            client.expect("VA 3 t-1\r\nabc\r\n");
        }
    }

    @Test
    void refusesToSendAStoreWithoutItsValue() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                local f = mcp.funcgen_new()
                local h = f:new_handle(mcp.internal_handler)
                f:ready{ f = function(rctx) return function(r)
                  local ok, message = pcall(rctx.enqueue, rctx, mcp.request("ms a 5\\r\\n"), h)
                  return "HD " .. message .. "\\r\\n"
                end end }
                mcp.attach(mcp.CMD_MG, f)"""))) {
            proxy.expect("mg k v\r\n", "HD cannot queue requests without their value\r\n");
        }
    }

    @Test
    void aRequestThatWasKeptCannotBeLookedAtLater() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                local kept
                mcp.attach(mcp.CMD_MG, function(r) kept = r return "HD\\r\\n" end)
                mcp.attach(mcp.CMD_MD, function(r)
                  local _, message = pcall(kept.key, kept)
                  return "HD " .. message .. "\\r\\n"
                end)"""))) {
            proxy.expect("mg a v\r\nmd a\r\n", "HD\r\nHD request: used after it was answered\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mg key k v O12; mg key k v O12; VA 1 kkey O12; true nil
            mg key k v O12; mg kex k v O12; VA 1 kkex O12; false key in response does not match request key
            mg key k v O12; mg key k v O13; VA 1 kkey O13; false request opaque does not match response opaque
            mg key k v O12; mg key k v;     VA 1 kkey;     false opaque in request but not in response
            mg key v;       mg key v;       VA 1;          false nil
            mg key O;       mg key O v;     VA 1 O;        false nil
            mg key v;       mg kex k v;     VA 1 kkex;     false key in response does not match request key
            mg key v O1;    mg key O v;     VA 1 O;        false request opaque does not match response opaque
            """)
    void comparesAReplyWithTheRequest(String request, String asked, String reply, String said) throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy =
                        ScriptUnderTest.start(ScriptUnderTest.withFunction("""
                        local same, why = r:match_res(rctx:enqueue_and_wait(mcp.request("ASKED\\r\\n"), 0))
                        return "HD " .. tostring(same) .. " " .. tostring(why) .. \
                        "\\r\\n\"""".replace("ASKED", asked), server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send(request + "\r\n");
            backend.expect(asked + "\r\n");
            backend.send(reply + "\r\nx\r\n");
            client.expect("HD " + said + "\r\n");
        }
    }
}
