package io.memroute.proxy.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lua programs whose backends are memcached servers that speak TLS. */
class TlsBackendsTest {

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;
    private static MemcachedServer server;

    @BeforeAll
    static void startServer() {
        certificate = TestCertificate.make(directory, "server", "IP:127.0.0.1,DNS:cache.example");
        TestCertificate.make(directory, "another", "IP:127.0.0.1");
        server = MemcachedServer.start(MemcachedServer.options().tls(certificate));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    /**
     * What the configuration says before the backend, what the backend's {@code tls} is, and whether the server is
     * accepted.
     */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mcp.init_tls();                                     { ca = "DIR/server.crt" };                           \
            true
            mcp.init_tls();                                     { ca = "DIR/server.crt", name = "cache.example" };   \
            true
            mcp.init_tls();                                     { ca = "DIR/server.crt", name = "other.example" };   \
            false
            mcp.init_tls();                                     { ca = "DIR/another.crt" };                          \
            false
            mcp.init_tls();                                     { verify = false };                                  \
            true
            mcp.init_tls();                                     true;                                                \
            false
            mcp.init_tls{ ca = "DIR/server.crt" };              true;                                                \
            true
            mcp.init_tls{ verify = false };                     true;                                                \
            true
            mcp.init_tls{ verify = false };                     { ca = "DIR/another.crt" };                          \
            false
            mcp.init_tls{ ca = "DIR/server.crt" } mcp.backend_use_tls(true);  nil;                                   \
            true
            mcp.backend_use_tls(true) mcp.init_tls{ ca = "DIR/server.crt" };  nil;                                   \
            true
            mcp.init_tls{ ca = "DIR/server.crt" };              nil;                                                 \
            false
            """)
    void acceptsServersThatItsOptionsAllow(String before, String tls, boolean accepted) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(program(before, tls))) {
            proxy.expect("set a 0 0 2\r\nhi\r\n", accepted ? "STORED\r\n" : "SERVER_ERROR backend failure\r\n");
        }
    }

    @Test
    void readsTheCertificatesAgainAtAReload() throws Exception {
        Path file = directory.resolve("rotated.crt");
        Files.copy(directory.resolve("another.crt"), file);
        String lua = program("mcp.init_tls()", "{ ca = \"" + file + "\" }");
        try (ScriptUnderTest proxy = ScriptUnderTest.start(lua)) {
            proxy.expect("touch absent 0\r\n", "SERVER_ERROR backend failure\r\n");
            Files.writeString(
                    file, Files.readString(directory.resolve("server.crt")), java.nio.file.StandardOpenOption.APPEND);
            assertThat(proxy.reload(lua).failure()).isEmpty();
            proxy.expect("touch absent 0\r\n", "NOT_FOUND\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mcp.init_tls{ ca = "DIR/none.crt" };          mcp.init_tls: ca: "DIR/none.crt": no such file
            mcp.init_tls{ ca = "DIR/server.key" };        mcp.init_tls: ca: "DIR/server.key": not a file of \
            certificates
            mcp.init_tls{ ca = 5 };                       mcp.init_tls: ca: expected a string, got 5
            mcp.init_tls{ cafile = "x" };                 mcp.init_tls: unknown key "cafile"
            mcp.init_tls{ verify = 0 };                   mcp.init_tls: verify: expected true or false, got 0
            mcp.init_tls{ ca = "x", verify = false };     mcp.init_tls: ca: has no effect with verify = false
            mcp.init_tls("x");                            bad argument #1 to 'init_tls' (table expected, got string)
            mcp.backend{ label = 'x', host = 'h', port = 1, tls = { names = "x" } };  backend tls option: unknown key \
            "names" (did you mean "name"?)
            """)
    void saysWhatIsWrongWithTheOptions(String statement, String error) {
        String lua = ("function mcp_config_pools() " + statement + " end function mcp_config_routes() end")
                .replace("DIR", directory.toString());
        assertThatThrownBy(() -> ScriptUnderTest.start(lua).close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(error.replace("DIR", directory.toString()));
    }

    private static String program(String before, String tls) {
        return """
                function mcp_config_pools()
                  %s
                  return mcp.pool{ mcp.backend{ label = "s", host = "127.0.0.1", port = %d, tls = %s, failurelimit = \
                0 } }
                end
                function mcp_config_routes(pool)
                  local f = mcp.funcgen_new()
                  local h = f:new_handle(pool)
                  f:ready{ f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, h) end end }
                  mcp.attach(mcp.CMD_ANY_STORAGE, f)
                end""".formatted(before, server.port(), tls).replace("DIR", directory.toString());
    }
}
