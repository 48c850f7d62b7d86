package io.memroute.proxy.script.object;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What scripts see of replies. */
class ReplyObjectTest {

    private static final String SHOW = """
            local res = rctx:enqueue_and_wait(r, 0)
            assert(res:elapsed() >= 0)
            local function text(v) return tostring(v):gsub("\\r\\n", "~") end
            return "HD " .. text(res:ok()) .. "|" .. text(res:hit()) .. "|" .. text(res:code()) .. "|" .. \
            text(res:vlen())
              .. "|" .. text(res:line()) .. "|" .. text(res:raw_string()) .. "\\r\\n\"""";

    /** Ok, hit, code, length of the value, text behind the code, and all of it with {@code ~} for line ends. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mg k v;  VA 2 t5 f0~hi~;       true|true|15|2|t5 f0|VA 2 t5 f0~hi~
            mg k v;  HD;                   true|true|15|0|nil|HD~
            mg k v;  EN;                   true|false|17|0|nil|EN~
            md k Oab; NF Oab;              true|true|13|0|Oab|NF Oab~
            get k;   VALUE k 0 2~hi~END;   true|true|15|2|nil|VALUE k 0 2~hi~END~
            get k;   END;                  true|false|17|0|nil|END~
            delete k; DELETED;             true|true|10|0|nil|DELETED~
            incr k 1; 15;                  true|true|15|0|nil|15~
            mg k v;  SERVER_ERROR broken;  false|false|23|0|nil|SERVER_ERROR broken~
            """)
    void looksAtAReply(String request, String reply, String shown) throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction(SHOW, server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send(request + "\r\n");
            backend.expect(request + "\r\n");
            String bytes = reply.replace("~", "\r\n");
            backend.send(bytes.endsWith("\r\n") ? bytes : bytes + "\r\n");
            client.expect("HD " + shown + "\r\n");
        }
    }

    @Test
    void blanksAFlagOfAReply() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("""
                        local res = rctx:enqueue_and_wait(r, 0)
                        assert(res:flag_blank("O"))
                        assert(not res:flag_blank("O"))
                        assert(not res:flag_blank("x"))
                        return res""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            String value = "v".repeat(20_000);
            client.send("mg k v O123 t\r\n");
            backend.expect("mg k v O123 t\r\n");
            backend.send("VA 20000 O123 t-1\r\n" + value + "\r\n");
            client.expect("VA 20000      t-1\r\n" + value + "\r\n");
        }
    }

    @Test
    void aReplyThatWasClosedIsNoAnswer() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("""
                        local res <close> = rctx:enqueue_and_wait(r, 0)
                        return res""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg k v\r\n");
            backend.expect("mg k v\r\n");
            backend.send("EN\r\n");
            client.expect("SERVER_ERROR bad response\r\n");
        }
    }

    @Test
    void aReplyThatWasClosedStillKnowsWhatItWas() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("""
                        local res = rctx:enqueue_and_wait(r, 0)
                        res:close()
                        res:close()
                        return "HD " .. tostring(res:ok()) .. tostring(res:hit()) .. res:code() .. res:vlen()
                          .. tostring(res:line()) .. tostring(res:raw_string()) .. tostring(res:flag_blank("t")) .. \
                        "\\r\\n\"""", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg k v\r\n");
            backend.expect("mg k v\r\n");
            backend.send("EN t5\r\n");
            client.expect("HD truefalse170nilnilfalse\r\n");
            // The slot's next reply is another one.
            client.send("mg k v\r\n");
            backend.expect("mg k v\r\n");
            backend.send("VA 1\r\nx\r\n");
            client.expect("HD truetrue150nilnilfalse\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            res:flag_blank("ab");  request: meta flag must be a single character
            res:flag_blank("");    request: meta flag must be a single character
            res:flag_blank("1");   request: invalid flag, must be A-Z,a-z
            """)
    void saysWhatIsWrongWithAFlag(String statement, String error) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("""
                local res = mcp.internal(r)
                local _, message = pcall(function() %s end)
                return "HD " .. message .. "\\r\\n\"""".formatted(statement)))) {
            proxy.expect("mg k v\r\n", "HD " + error + "\r\n");
        }
    }
}
