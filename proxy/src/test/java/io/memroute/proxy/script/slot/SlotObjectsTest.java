package io.memroute.proxy.script.slot;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.script.ScriptUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The requests and responses that scripts make for a slot. */
class SlotObjectsTest {

    /** A function that has a request {@code q} and a response {@code s} of its slot's. */
    private static String withObjects(int limit, String made, String body) {
        return ScriptUnderTest.withPools("""
                local f = mcp.funcgen_new()
                local h = f:new_handle(mcp.internal_handler)
                f:ready{ u = %d, f = function(rctx)
                  %s
                  return function(r) %s end
                end }
                mcp.attach(mcp.CMD_ANY_STORAGE, f)""".formatted(limit, made, body));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            q:key();                     request: nothing has been written into it
            q:command();                 request: nothing has been written into it
            q:raw_line();                request: nothing has been written into it
            q:flag_add("v");             request: nothing has been written into it
            rctx:enqueue(q, h);          cannot queue requests without a key
            rctx:enqueue_and_wait(q, h); cannot queue requests without a key
            mcp.internal(q);             cannot queue requests without a key
            rctx:request_new();          rctx request new: object count limit reached
            rctx:response_new();         rctx request new: object count limit reached
            """)
    void refusesWhatABlankRequestCannotDo(String statement, String error) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withObjects(
                2,
                "local q, s = rctx:request_new(), rctx:response_new()",
                "local _, message = pcall(function() return " + statement.replace(";", "")
                        + " end) return 'HD ' .. message .. '\\r\\n'"))) {
            proxy.expect("mg a v\r\n", "HD " + error + "\r\n");
        }
    }

    @Test
    void aBlankResponseIsAHitOfNothing() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withObjects(1, "local s = rctx:response_new()", """
                return "HD " .. tostring(s:ok()) .. tostring(s:hit()) .. s:code() .. s:vlen() .. tostring(s:line())
                  .. s:elapsed() .. tostring(s:raw_string()) .. tostring(s:flag_blank("t")) .. "\\r\\n\""""))) {
            proxy.expect("mg a v\r\n", "HD truetrue00nil0nilfalse\r\n");
        }
    }

    @Test
    void objectsAreBlankAgainForEachRequest() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withObjects(2, """
                local q, s = rctx:request_new(), rctx:response_new()
                local ask = mcp.req_mutator_new({ t = "cmdset", cmd = "mg" }, { t = "keycopy", idx = 1 })
                local say = mcp.res_mutator_new({ t = "rescodeset", val = "HD" }, { t = "flagset", flag = "t", val = \
                5 })
                local before = 0""", """
                before = before + (pcall(q.key, q) and 1 or 0) + (s:raw_string() and 1 or 0)
                ask(q, r)
                say(s)
                assert(q:key() == r:key() and s:raw_string() == "HD t5\\r\\n")
                assert(rctx:enqueue_and_wait(q, h):code() == mcp.MCMC_CODE_END)
                assert(before == 0)
                return s"""))) {
            proxy.expect("mg a v\r\nmg b v\r\n", "HD t5\r\nHD t5\r\n");
        }
    }

    @Test
    void aSlotBelowAnotherHasObjectsOfItsOwn() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                local function saying(word)
                  local say = mcp.res_mutator_new({ t = "rescodeset", val = "HD" }, { t = "flagcopy", flag = "O", idx \
                = 1 })
                  local f = mcp.funcgen_new()
                  f:ready{ u = 1, f = function(rctx)
                    local s = rctx:response_new()
                    return function(r) say(s, word) return s end
                  end }
                  return f
                end
                local f = mcp.funcgen_new()
                local a, b = f:new_handle(saying("a")), f:new_handle(saying("b"))
                f:ready{ f = function(rctx) return function(r)
                  rctx:enqueue(r, {a, b})
                  rctx:wait_cond(2)
                  return "HD " .. rctx:res_good(a):line() .. rctx:res_good(b):line() .. "\\r\\n"
                end end }
                mcp.attach(mcp.CMD_MG, f)"""))) {
            proxy.expect("mg x v\r\nmg y v\r\n", "HD OaOb\r\nHD OaOb\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "256", "-1"})
    void refusesALimitThatIsOutOfRange(int limit) {
        assertThatThrownBy(() -> ScriptUnderTest.start(withObjects(limit, "", "return r")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("user obj ('u') in fgen:ready must be between 1 and 255");
    }

    @Test
    void withoutALimitThereAreNone() {
        assertThatThrownBy(() -> ScriptUnderTest.start(ScriptUnderTest.withPools("""
                mcp.funcgen_new():ready{ f = function(rctx) rctx:request_new() end }""")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("rctx request new: object count limit reached");
    }
}
