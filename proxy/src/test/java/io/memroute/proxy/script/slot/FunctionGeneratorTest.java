package io.memroute.proxy.script.slot;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.script.ScriptUnderTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How function generators are described, and what is wrong with descriptions. */
class FunctionGeneratorTest {

    /**
     * What stands in {@code mcp_config_routes}, where {@code f} is new, {@code done} is ready and {@code router} a
     * router.
     */
    private static String withGenerators(String statement) {
        return ScriptUnderTest.withPools("""
                local function ready()
                  local f = mcp.funcgen_new()
                  f:ready{ f = function() return function(r) return "HD\\r\\n" end end }
                  return f
                end
                local f, done = mcp.funcgen_new(), ready()
                local router = mcp.router_new{ map = { a = done } }
                """ + statement);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            f:new_handle();                                       invalid argument to new_handle
            f:new_handle(5);                                      invalid argument to new_handle
            f:new_handle(print);                                  invalid argument to new_handle
            f:new_handle(router);                                 cannot assign a router to a handle in new_handle
            done:new_handle(done);                                cannot modify function generator after calling ready
            done:ready{ f = print };                              cannot modify function generator after calling ready
            f:ready{};                                            Must specify generator function ('f') to fgen:ready
            f:ready{ f = 5 };                                     Must specify generator function ('f') to fgen:ready
            f:ready();                                            table expected, got no value
            f:ready{ f = function() end };                        function generator didn't return a function
            f:ready{ f = function() return 5 end };               function generator didn't return a function
            f:ready{ f = function() error("mine") end };          mine
            f:ready{ f = function() while true do end end };      time budget of
            f:ready{ f = function(rctx) rctx:sleep(1) end };      cannot wait here
            f:ready{ f = type, u = 0 };                          user obj ('u') in fgen:ready must be between 1 and 255
            f:ready{ f = type, u = 256 };                        user obj ('u') in fgen:ready must be between 1 and 255
            f:new_handle(mcp.funcgen_new()) f:ready{ f = type };  failed to generate request slot during queue_assign()
            """)
    void saysWhatIsWrongWithADescription(String statement, String error) {
        assertThatThrownBy(() -> ScriptUnderTest.start(
                        withGenerators(statement),
                        options -> options.lua(LuaBounds.defaults().withLoadTime(Duration.ofSeconds(1)))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mcp_config_routes: ")
                .hasMessageContaining(error);
    }

    @Test
    void aDescriptionThatFailedCanBeMadeGood() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withGenerators("""
                local below = mcp.funcgen_new()
                local h = f:new_handle(below)
                local function serving(rctx) return function(r) return rctx:enqueue_and_wait(r, h) end end
                assert(not pcall(f.ready, f, { f = serving }))
                below:ready{ f = function() return function(r) return "HD below\\r\\n" end end }
                assert(not pcall(f.ready, f, { f = type }))
                f:ready{ f = serving }
                mcp.attach(mcp.CMD_MG, f)"""))) {
            proxy.expect("mg a v\r\nmg b v\r\n", "HD below\r\nHD below\r\n");
        }
    }

    @Test
    void handlesAreNumberedFromZero() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withGenerators("""
                local numbers = f:new_handle(done) .. f:new_handle(mcp.internal_handler) .. f:new_handle(done)
                f:ready{ f = function() return function(r) return "HD " .. numbers .. "\\r\\n" end end }
                mcp.attach(mcp.CMD_MG, f)"""))) {
            proxy.expect("mg a v\r\n", "HD 012\r\n");
        }
    }

    @Test
    void theArgumentIsPassedUnlessItIsNil() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withGenerators("""
                local function counting(...)
                  local count = select("#", ...)
                  return function(r) return "HD " .. count .. "\\r\\n" end
                end
                f:ready{ f = counting, a = false }
                local g = mcp.funcgen_new()
                g:ready{ f = counting }
                mcp.attach(mcp.CMD_MG, f)
                mcp.attach(mcp.CMD_MD, g)"""))) {
            proxy.expect("mg a v\r\nmd a\r\n", "HD 2\r\nHD 1\r\n");
        }
    }

    @Test
    void oneGeneratorServesManyHandles() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(withGenerators("""
                local handles = { f:new_handle(done), f:new_handle(done), f:new_handle(done) }
                f:ready{ f = function(rctx) return function(r)
                  rctx:enqueue(r, handles)
                  return "HD " .. rctx:wait_cond(3, mcp.WAIT_ANY) .. "\\r\\n"
                end end }
                mcp.attach(mcp.CMD_MG, f)"""))) {
            proxy.expect("mg a v\r\n", "HD 3\r\n");
        }
    }
}
