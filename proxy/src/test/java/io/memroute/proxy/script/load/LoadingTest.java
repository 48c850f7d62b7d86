package io.memroute.proxy.script.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How programs are loaded and reloaded, and what their errors leave behind. */
class LoadingTest {

    private static final String SAYS_OLD = says("OLD");

    private static String says(String word) {
        return """
                function mcp_config_pools() end
                function mcp_config_routes()
                  mcp.attach(mcp.CMD_MG, function(r) return "HD t%s\\r\\n" end)
                end""".formatted(word);
    }

    @Test
    void aReloadExchangesTheFunctions() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(SAYS_OLD)) {
            proxy.expect("mg a v\r\n", "HD tOLD\r\n");
            assertThat(proxy.reload(says("NEW")).failure()).isEmpty();
            proxy.expect("mg a v\r\n", "HD tNEW\r\n");
        }
    }

    @Test
    void aReloadDetachesWhatIsAttachedNoMore() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(SAYS_OLD)) {
            assertThat(proxy.reload("function mcp_config_pools() end function mcp_config_routes() end")
                            .failure())
                    .isEmpty();
            proxy.expect("mg a v\r\n", "EN\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "this is no Lua",
                "error('main chunk')",
                "function mcp_config_routes() end",
                "function mcp_config_pools() end",
                "function mcp_config_pools() error('pools') end function mcp_config_routes() end",
                "function mcp_config_pools() return print end function mcp_config_routes() end",
                "function mcp_config_pools() local t = {} t.t = t return t end function mcp_config_routes() end",
                "function mcp_config_pools() end function mcp_config_routes() error('routes') end",
                "function mcp_config_pools() end function mcp_config_routes() mcp.attach(mcp.CMD_MG, 5) end",
                "if mcp.attach then error('only in workers') end function mcp_config_pools() end function "
                        + "mcp_config_routes() end",
                "while true do end",
                "function mcp_config_pools() while true do end end function mcp_config_routes() end",
                "function mcp_config_pools() end function mcp_config_routes() while true do end end",
                "function mcp_config_pools() local function f() return 1 + f() end f() end function "
                        + "mcp_config_routes() end",
                "function mcp_config_pools() end function mcp_config_routes() local function f() return 1 "
                        + "+ f() end f() end",
                "function mcp_config_pools() coroutine.yield() end function mcp_config_routes() end",
                "function mcp_config_pools() error({}) end function mcp_config_routes() end",
                "function mcp_config_pools() mcp.add_stat(0, 'x') end function mcp_config_routes() end",
                "function mcp_config_pools() mcp.register_cron('x', {}) end function mcp_config_routes() end",
                "function mcp_config_pools() return mcp.backend('x', 'h', 1) end function mcp_config_routes() end",
                "function mcp_config_pools() return mcp.pool({ mcp.backend{ label = 'x', host = 'h', port "
                        + "= 1, tls = true } }) end"
                        + " function mcp_config_routes() end",
                "function mcp_config_pools() end function mcp_config_routes()"
                        + " mcp.attach(mcp.CMD_MG, function() return 'HD tNEW\\r\\n' end) "
                        + "mcp.funcgen_new():ready{ f = function() end } end",
                "function mcp_config_pools() end function mcp_config_routes()"
                        + " mcp.attach(mcp.CMD_MG, function() return 'HD tNEW\\r\\n' end) mcp.router_new{} end"
            })
    void aReloadThatFailsAnywhereLeavesEveryWorkerAsItWas(String lua) throws ConfigException {
        // Some of these end only with the time they are given.
        LuaBounds bounds = LuaBounds.defaults().withLoadTime(Duration.ofSeconds(1));
        try (ScriptUnderTest proxy =
                ScriptUnderTest.start(SAYS_OLD, options -> options.workers(3).lua(bounds))) {
            assertThat(proxy.reload(lua).failure()).isPresent();
            // Connections go to the workers in turn.
            for (int i = 0; i < 6; i++) {
                proxy.expect("mg a v\r\n", "HD tOLD\r\n");
            }
            assertThat(proxy.reload(says("NEW")).failure()).isEmpty();
            proxy.expect("mg a v\r\n", "HD tNEW\r\n");
        }
    }

    /** A function of mcp says what is wrong, as memcached's does, but not where. */
    @ParameterizedTest
    @ValueSource(strings = {"mcp.add_stat(0, 'x')", "mcp.register_cron('x', {})", "mcp.pool({ 1 })"})
    void anErrorOfAFunctionOfMcpNamesTheLineThatCallsIt(String call) throws ConfigException {
        String lua = """
                function mcp_config_pools()
                  local nothing = nil
                  %s
                end
                function mcp_config_routes() end
                """.formatted(call);
        try (ScriptUnderTest proxy = ScriptUnderTest.start(SAYS_OLD, options -> options.workers(1))) {
            assertThat(proxy.reload(lua).failure().orElseThrow().getMessage()).contains(".lua:3: ");
        }
    }

    @Test
    void aReloadThatFailsOnOneWorkerOnlyLeavesEveryWorkerAsItWas(@TempDir Path directory) throws ConfigException {
        String third = """
                function mcp_config_pools() end
                function mcp_config_routes()
                  mcp.attach(mcp.CMD_MG, function(r) return "HD tNEW\\r\\n" end)
                  if os.remove("%s/fail") then error("one of the workers") end
                end""".formatted(directory);
        try (ScriptUnderTest proxy = ScriptUnderTest.start(SAYS_OLD, options -> options.workers(3))) {
            Files.createFile(directory.resolve("fail"));
            ConfigException failure = proxy.reload(third).failure().orElseThrow();
            assertThat(failure.getMessage()).contains("one of the workers").contains(":4: ");
            for (int i = 0; i < 6; i++) {
                proxy.expect("mg a v\r\n", "HD tOLD\r\n");
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aReloadWhoseMainChunkFailsOnOneWorkerOnlyLeavesEveryWorkerAsItWas(@TempDir Path directory) throws Exception {
        String third = """
                if mcp.attach and os.remove("%s/fail") then error("one of the workers") end
                function mcp_config_pools() end
                function mcp_config_routes()
                  mcp.attach(mcp.CMD_MG, function(r) return "HD tNEW\\r\\n" end)
                end""".formatted(directory);
        try (ScriptUnderTest proxy = ScriptUnderTest.start(SAYS_OLD, options -> options.workers(3))) {
            Files.createFile(directory.resolve("fail"));
            assertThat(proxy.reload(third).failure()).get().asString().contains("in a worker: one of the workers");
            for (int i = 0; i < 6; i++) {
                proxy.expect("mg a v\r\n", "HD tOLD\r\n");
            }
            assertThat(proxy.reload(third).failure()).isEmpty();
            proxy.expect("mg a v\r\n", "HD tNEW\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            print;                                          unhandled data type in configuration table
            { a = { function() end } };                     unhandled data type in configuration table
            coroutine.create(print);                        unhandled data type in configuration table
            { mcp.backend('x', 'h', 1) };                   unhandled userdata type in configuration table
            { mcp.internal_handler };                       unhandled userdata type in configuration table
            { [true] = 1 };                                 configuration table keys must be strings or numbers
            { [{}] = 1 };                                   configuration table keys must be strings or numbers
            (function() local t = {} t[1] = t return t end)();                             table recursion too deep
            (function() local t = {} for i = 1, 250 do t = { t } end return t end)();      table recursion too deep
            (function() local t = {} for i = 1, 40 do t = { t, t } end return t end)();    more than 1000000 values
            """)
    void whatCannotBeCopiedFailsTheLoad(String value, String error) {
        assertThatThrownBy(() -> ScriptUnderTest.start(
                        "function mcp_config_pools() return " + value + " end function mcp_config_routes() end"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mcp_config_pools: ")
                .hasMessageContaining(error);
    }

    @Test
    void errorsNameFileLineAndWhatWasWrong() {
        assertThatThrownBy(() -> ScriptUnderTest.start("function mcp_config_pools()\n  mcp.backend{}\nend"))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("(?s).*\\.lua:2: mcp_config_pools: backend must have a label argument.*");
        assertThatThrownBy(() -> ScriptUnderTest.start("local x = 1\nx()"))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("(?s).*\\.lua:2: attempt to call a number value \\(local 'x'\\).*");
    }

    @Test
    void severalFilesAreOneProgram(@TempDir Path directory) throws Exception {
        Path pools = Files.writeString(
                directory.resolve("pools.lua"), "function mcp_config_pools() return { word = 'both' } end");
        Path routes = Files.writeString(directory.resolve("routes.lua"), """
                function mcp_config_routes(c)
                  mcp.attach(mcp.CMD_MG, function(r) return "HD t" .. c.word .. "\\r\\n" end)
                end""");
        try (ScriptUnderTest proxy = ScriptUnderTest.start(
                "",
                options -> options.configuration(
                        new ConfigSource(List.of(pools.toString(), routes.toString()), Optional.empty())))) {
            proxy.expect("mg a v\r\n", "HD tboth\r\n");
        }
    }

    @Test
    void programsMayBeRunInTheConfigurationStateOnly() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start("""
                function mcp_config_pools()
                  local p = io.popen("echo from the program")
                  return p:read("l")
                end
                function mcp_config_routes(text)
                  local refused = os.execute() and "not" or pcall(io.popen, "echo") and "not" or "refused"
                  mcp.attach(mcp.CMD_MG, function(r) return "HD t" .. text .. ", " .. refused .. "\\r\\n" end)
                end""")) {
            proxy.expect("mg a v\r\n", "HD tfrom the program, refused\r\n");
        }
    }

    @Test
    void aHookSeesTheLinesOfAWorker() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start("""
                function mcp_config_pools() end
                local lines = 0
                function mcp_config_routes()
                  debug.sethook(function() lines = lines + 1 end, "l")
                  local x = 1
                  local y = 2
                  debug.sethook()
                  mcp.attach(mcp.CMD_MG, function(r) return "HD t" .. lines .. "\\r\\n" end)
                end""")) {
            proxy.expect("mg a v\r\n", "HD t3\r\n");
        }
    }

    @Test
    void eachWorkerHasACopyOfWhatThePoolsFunctionReturned() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start("""
                function mcp_config_pools() return { n = 5, f = 1.5, s = "x", b = false, t = { 1, 2, 3 } } end
                function mcp_config_routes(c)
                  c.n = c.n + 1
                  mcp.attach(mcp.CMD_MG, function(r)
                    return table.concat({ "HD", c.n, c.f, c.s, tostring(c.b), #c.t, math.type(c.n) }, " ") .. "\\r\\n"
                  end)
                end""", options -> options.workers(2))) {
            proxy.expect("mg a v\r\n", "HD 6 1.5 x false 3 integer\r\n");
            proxy.expect("mg a v\r\n", "HD 6 1.5 x false 3 integer\r\n");
        }
    }

    @Test
    void theStartArgumentIsATextOrATable() throws ConfigException {
        String lua = """
                function mcp_config_pools() end
                function mcp_config_routes()
                  local a = mcp.start_arg
                  if type(a) == "table" then a = a.a .. tostring(a.b) .. a.c .. tostring(a.z) .. tostring(a.d) end
                  mcp.attach(mcp.CMD_MG, function(r) return "HD t" .. tostring(a) .. "\\r\\n" end)
                end""";
        for (String[] expected :
                new String[][] {{null, "false"}, {"text", "text"}, {"a_1:b:c_x_y:_z::d_", "1truextruetrue"}}) {
            try (ScriptUnderTest proxy = ScriptUnderTest.start(lua, options -> {
                ConfigSource given = options.build().configuration().orElseThrow();
                return options.configuration(new ConfigSource(given.files(), Optional.ofNullable(expected[0])));
            })) {
                proxy.expect("mg a v\r\n", "HD t" + expected[1] + "\r\n");
            }
        }
    }

    @Test
    void listenersWithATagUseTheFunctionsOfThatTag() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(
                """
                function mcp_config_pools() end
                function mcp_config_routes()
                  mcp.attach(mcp.CMD_MG, function(r) return "HD tplain\\r\\n" end)
                  mcp.attach(mcp.CMD_MD, function(r) return "HD tplain\\r\\n" end)
                  mcp.attach(mcp.CMD_MG, function(r) return "HD ttagged\\r\\n" end, "x")
                end""",
                options -> options.listener(ListenerSpec.tcp("127.0.0.1", 0).tagged("x"))
                        .listener(ListenerSpec.tcp("127.0.0.1", 0).tagged("y")))) {
            String[] expected = {
                "HD tplain\r\nHD tplain\r\n", "HD ttagged\r\nHD tplain\r\n", "HD tplain\r\nHD tplain\r\n"
            };
            for (int i = 0; i < expected.length; i++) {
                int port = ((InetSocketAddress) proxy.server().addresses().get(i)).getPort();
                try (RawClient client = RawClient.connect(port)) {
                    client.send("mg a v\r\nmd a\r\n");
                    client.expect(expected[i]);
                }
            }
        }
    }
}
