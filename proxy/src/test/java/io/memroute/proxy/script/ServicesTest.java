package io.memroute.proxy.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.wire.MemoryLimit;
import io.memroute.testkit.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counters, rate limiters, the embedded store and the budget: what scripts have besides requests. */
class ServicesTest {

    @Test
    void countsAndKeepsTheCountOfANameOverAReload() throws ConfigException {
        String lua = """
                function mcp_config_pools() mcp.add_stat(1, "seen") mcp.add_stat(3, "%s") end
                function mcp_config_routes()
                  mcp.attach(mcp.CMD_MG, function(r) mcp.stat(1, 2) mcp.stat(3, 1) return "HD\\r\\n" end)
                end""";
        try (ScriptUnderTest proxy = ScriptUnderTest.start(lua.formatted("one"))) {
            proxy.expect("mg a v\r\nmg a v\r\n", "HD\r\nHD\r\n");
            assertThat(proxy.reload(lua.formatted("other")).failure()).isEmpty();
            proxy.expect("mg a v\r\n", "HD\r\n");
            try (RawClient client = proxy.connect()) {
                client.send("stats proxy\r\n");
                String stats = client.readUntil("END\r\n");
                assertThat(stats)
                        .contains("STAT user_seen 6\r\n")
                        .contains("STAT user_other 1\r\n")
                        .doesNotContain("user_one");
            }
        }
    }

    @Test
    void showsCountersFirstByTheirIndexAndWithoutSign() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start("""
                        function mcp_config_pools() mcp.add_stat(3, "zeta") mcp.add_stat(4, "alpha") end
                        function mcp_config_routes()
                          mcp.attach(mcp.CMD_MG, function(r) mcp.stat(3, -1) mcp.stat(4, 1) return "HD\\r\\n" end)
                        end""", options -> options.workers(2));
                RawClient client = proxy.connect()) {
            client.send("mg a v\r\n");
            client.expect("HD\r\n");
            client.send("stats proxy\r\n");
            client.expect("STAT user_zeta 18446744073709551615\r\nSTAT user_alpha 1\r\nSTAT active_req_limit 0\r\n"
                    + "STAT buffer_memory_limit " + MemoryLimit.defaultBytes()
                    + "\r\nSTAT buffer_memory_used 0\r\nSTAT vm_gc_runs ");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mcp.add_stat(0, 'x');                      stat index must be 1 or higher
            mcp.add_stat(1025, 'x');                   stat index must be 1024 or less
            mcp.add_stat(1, ('x'):rep(123));           stat name too long: xxx
            mcp.add_stat(1, 'a b');                    stat cannot contain spaces or newlines
            mcp.backend{ label = 'x' };                backend must have a host argument
            mcp.backend{ label = 'x', host = 'h' };    backend must have a port argument
            mcp.backend('x', 'h', 123456);             backend port too long
            mcp.backend('x', 'h', 'abc');              port must be a number from 1 to 65535, not "abc"
            mcp.backend{ label = 'x', host = 'h', port = 1, connections = 0 };  backend connections argument must be \
            >= 0
            mcp.backend{ label = 'x', host = 'h', port = 1, connections = 9 };  backend connections argument must be \
            <= 8
            mcp.backend{ label = 'x', host = 'h', port = 1, failurelimit = -1 }; failurelimit must be >= 0
            mcp.backend{ label = 'x', host = 'h', port = 1, log = 5 };          backend log option must be a table
            mcp.pool({ 5 });                           mcp.backend expected, got number
            mcp.pool({}, { filter = 'none' });         unknown hash filter specified: none
            mcp.pool({}, { filter = 'stop' });         hash filter requires 'filter_conf' string
            mcp.pool({}, { filter = 'stop', filter_conf = 'x' }); hash filter conf must be between 2 and 5 characters
            mcp.pool({}, { dist = {} });               key distribution object missing 'new' function
            mcp.pool({ mcp.backend{ label = 'x', host = 'h', port = 1, tls = true } }); TLS requested but not \
            initialized: call mcp.init_tls()
            mcp.backend_failure_limit(-1);             backend_failure_limit must be >= 0
            mcp.backend_depth_limit(-1);               backend_depth_limit must be >= 0
            mcp.ratelim_global_tbf{ limit = -1 };      mcp.ratelim_tbf: arguments must be unsigned 32 bit integer
            """)
    void saysWhatIsWrongWithADescription(String statement, String error) {
        assertThatThrownBy(() -> ScriptUnderTest.start(
                        "function mcp_config_pools() " + statement + " end function mcp_config_routes() end"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mcp_config_pools: ")
                .hasMessageContaining(error);
    }

    /** A bucket gives while it holds more than is asked for. */
    @ParameterizedTest
    @CsvSource({"ratelim_tbf", "ratelim_global_tbf"})
    void limitsARate(String kind) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start("""
                local arguments = { limit = 3, fillrate = 1, tickrate = 100000000 }
                function mcp_config_pools()
                  return { bucket = mcp.ratelim_global_tbf and mcp.ratelim_global_tbf(arguments) }
                end
                function mcp_config_routes(c)
                  local bucket = "%s" == "ratelim_tbf" and mcp.ratelim_tbf(arguments) or c.bucket
                  mcp.attach(mcp.CMD_MG, function(r) return "HD " .. tostring(bucket(1)) .. "\\r\\n" end)
                end""".formatted(kind))) {
            proxy.expect("mg a v\r\nmg a v\r\nmg a v\r\nmg a v\r\n", "HD true\r\nHD true\r\nHD false\r\nHD false\r\n");
        }
    }

    @Test
    void asksTheEmbeddedStore() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                mcp.attach(mcp.CMD_MG, function(r)
                  assert(mcp.internal(mcp.request("ms copy 2\\r\\n", "hi\\r\\n")):ok())
                  assert(not mcp.internal(mcp.request("mg none v\\r\\n")):hit())
                  return mcp.internal(mcp.request("mg copy v\\r\\n"))
                end)"""))) {
            proxy.expect("mg a v\r\n", "VA 2\r\nhi\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            while true do end
            while true do pcall(function() while true do end end) end
            local function f() return f() end f()
            """)
    void aFunctionThatNeverEndsCostsItsOwnRequestOnly(String loop) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(
                ScriptUnderTest.withFunction("if r:key() == 'bad' then " + loop + " end return 'HD\\r\\n'"))) {
            proxy.expect("mg a v\r\nmg bad v\r\nmg a v\r\n", "HD\r\nSERVER_ERROR lua failure\r\nHD\r\n");
        }
    }
}
