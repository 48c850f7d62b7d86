package io.memroute.proxy.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What memcached's proxy crashes at, loses or mistakes, and no other test here is about.
 *
 * @see "docs/reference/proxy-api.md section 9.2"
 */
class AccidentsTest {

    @Test
    void aKeyNamedNoreplyIsAKey() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(
                        ScriptUnderTest.withFunction("return rctx:enqueue_and_wait(r, 0)", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("delete noreply\r\n");
            backend.expect("delete noreply 0\r\n");
            backend.send("DELETED\r\n");
            client.expect("DELETED\r\n");
        }
    }

    /**
     * A tag in {@code log}, and backends of one label with different options, do not make new connections at each
     * reload.
     */
    @Test
    void aReloadKeepsTheConnectionsOfEveryBackendThatIsTheSame() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start()) {
            String lua = """
                    function mcp_config_pools()
                      local function pool(timeout)
                        return mcp.pool{ mcp.backend{ label = "b", host = "127.0.0.1", port = %d, readtimeout = \
                    timeout, log = { errors = true, tag = "t" } } }
                      end
                      return { pool(20), pool(30) }
                    end
                    function mcp_config_routes(p)
                      local f = mcp.funcgen_new()
                      f:new_handle(p[1]) f:new_handle(p[2])
                      f:ready{ f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, r:token_int(3)) \
                    end end }
                      mcp.attach(mcp.CMD_TOUCH, f)
                    end""".formatted(server.port());
            try (ScriptUnderTest proxy = ScriptUnderTest.start(lua);
                    ScriptedBackend.Connection one = server.accept();
                    ScriptedBackend.Connection other = server.accept();
                    RawClient client = proxy.connect()) {
                for (int i = 0; i < 3; i++) {
                    client.send("touch a 0\r\ntouch b 1\r\n");
                    boolean inOrder = one.readLine().equals("touch a 0");
                    assertThat(other.readLine()).isEqualTo(inOrder ? "touch b 1" : "touch a 0");
                    one.send("TOUCHED\r\n");
                    other.send("TOUCHED\r\n");
                    client.expect("TOUCHED\r\nTOUCHED\r\n");
                    assertThat(proxy.reload(lua).failure()).isEmpty();
                }
            }
        }
    }

    @Test
    void aFunctionMayBeAttachedAgainWhereItIsAttached() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                local f = mcp.funcgen_new()
                f:ready{ f = function() return function() return "HD\\r\\n" end end }
                mcp.attach(mcp.CMD_MG, f)
                mcp.attach(mcp.CMD_MG, f)"""))) {
            proxy.expect("mg a v\r\n", "HD\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mcp.attach(35, function() end);                                                mcp.attach:
            mcp.attach(-1, function() end);                                                mcp.attach:
            mcp.attach(1 << 40, function() end);                                           mcp.attach:
            mcp.request("ms a 1\\r\\n", p);                                                value passed to \
            mcp.request must be a string, a request or a response
            mcp.request("ms a 1\\r\\n", mcp.internal_handler);                             value passed to \
            mcp.request must be a string, a request or a response
            """)
    void whatCrashesIsAnError(String statement, String error) {
        String lua =
                "function mcp_config_pools() return mcp.pool{} end function mcp_config_routes(p) " + statement + " end";
        assertThatThrownBy(() -> ScriptUnderTest.start(lua).close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(error);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            replace a 0 0 1|x|;     STORED
            replace b 0 0 1|x|;     NOT_STORED
            me a;                   *
            """)
    void theEmbeddedStoreAnswersEveryStorageCommand(String request, String reply) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction("return mcp.internal(r)"))) {
            proxy.expect("set a 0 0 1\r\ny\r\n", "STORED\r\n");
            try (RawClient client = proxy.connect()) {
                client.send((request + "|").replace("||", "|").replace("|", "\r\n"));
                String answer = client.readLine();
                assertThat(answer).matches(reply.equals("*") ? "ME a .*" : reply);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mn;             cannot queue requests without a key
            version;        cannot queue requests without a key
            ms a 5;         cannot queue requests without their value
            """)
    void theEmbeddedStoreIsNotAskedWhatItCannotAnswer(String line, String error) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction(
                "return 'HD ' .. select(2, pcall(mcp.internal, mcp.request('" + line + "\\r\\n'))) .. '\\r\\n'"))) {
            proxy.expect("mg a v\r\n", "HD " + error + "\r\n");
        }
    }

    @Test
    void aLineThatEndsWithABareNewlineIsWhole() throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withFunction(
                        "assert(r:raw_line() == 'mg k v') assert(r:flag_add('t')) return rctx:enqueue_and_wait(r, 0)",
                        server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send("mg k v\n");
            backend.expect("mg k v t\r\n");
            backend.send("EN\r\n");
            client.expect("EN\r\n");
        }
    }

    @Test
    void readyReturnsNothingAndTrimsReturnWhatTheyTookAway() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                local f = mcp.funcgen_new()
                local returned = select("#", f:ready{ n = "a", f = function() return function(r)
                  return "HD " .. r:ltrimkey(1) .. r:rtrimkey(2) .. " " .. r:key() .. "\\r\\n"
                end end })
                assert(returned == 0, returned)
                mcp.attach(mcp.CMD_MG, f)"""))) {
            proxy.expect("mg abcd v\r\n", "HD 12 b\r\n");
        }
    }
}
