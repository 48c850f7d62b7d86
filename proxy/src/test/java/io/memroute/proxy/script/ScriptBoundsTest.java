package io.memroute.proxy.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.ReloadOutcome;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.testkit.TemporaryFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A script that never ends costs what it serves, and nothing else. */
@Timeout(120)
class ScriptBoundsTest {

    private static ServerOptions.Builder quick(ServerOptions.Builder options) {
        return options.lua(LuaBounds.ofHeap(1 << 30)
                .withLoadTime(Duration.ofMillis(500))
                .withRequestTime(Duration.ofMillis(300))
                .withRequestBytes(8 << 20));
    }

    /** One function serves {@code get}, another {@code mg}. */
    private static String serving(String body) {
        return """
                function mcp_config_pools() return {} end
                function mcp_config_routes()
                  local kept = {}
                  local f = mcp.funcgen_new()
                  local h = f:new_handle(mcp.internal_handler)
                  f:ready{ n = "never", f = function(rctx) return function(r)
                    %s
                    return "END\\r\\n"
                  end end }
                  mcp.attach(mcp.CMD_GET, f)
                  mcp.attach(mcp.CMD_MG, function() return "HD\\r\\n" end)
                end
                """.formatted(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while true do end",
                "string.gsub(string.rep('a', 1e5), '.-.-.-.-.-b', '')",
                "local function f() pcall(f) pcall(f) end f()",
                "for i = 1, 1e9 do kept[i] = string.rep('x', 1000) end",
                // answered at once, each time
                "while true do rctx:enqueue(r, h) rctx:wait_handle(h) end",
                "while true do rctx:enqueue_and_wait(mcp.request('get x\\r\\n'), h) end",
                // waits where it may not, and has something to close
                "local x <close> = setmetatable({}, { __close = function() while true do end end }) coroutine.yield()",
            })
    void aRequestThatNeverEndsCostsItself(String body) throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(serving(body), ScriptBoundsTest::quick)) {
            proxy.expect("get a\r\nmg a\r\n", "SERVER_ERROR lua failure\r\nHD\r\n");
            proxy.expect("mg a\r\n", "HD\r\n");
        }
    }

    @Test
    void filesAreOpenedDuringALoadOnly() throws Exception {
        try (TemporaryFile file = TemporaryFile.of(".txt", "text")) {
            String lua = serving("if r:key() == 'open' then io.open('FILE') end if r:key() == 'require' then "
                            + "require 'nothing' end "
                            + "do return 'SERVER_ERROR ' .. kept:read('a') .. '\\r\\n' end")
                    .replace("kept = {}", "kept = io.open('FILE')")
                    .replace("FILE", file.toString());
            try (ScriptUnderTest proxy = ScriptUnderTest.start(lua)) {
                proxy.expect(
                        "get a\r\nget open\r\nget require\r\n",
                        "SERVER_ERROR text\r\nSERVER_ERROR lua failure\r\nSERVER_ERROR lua failure\r\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while true do end function mcp_config_pools() end function mcp_config_routes() end",
                "function mcp_config_pools() while true do end end function mcp_config_routes() end",
                "function mcp_config_pools() end function mcp_config_routes() while true do end end",
                "function mcp_config_pools() os.execute('sleep 60') end function mcp_config_routes() end",
                "function mcp_config_pools() local p = io.popen('sleep 60') p:read('a') while true do end "
                        + "end function mcp_config_routes() end",
                "function mcp_config_pools() end function mcp_config_routes() for i = 1, 1e6 do local f = "
                        + "mcp.funcgen_new()"
                        + " f:ready{ f = function() for i = 1, 1e5 do end return print end } end end",
            })
    void aLoadThatNeverEndsIsRefused(String lua) {
        assertThatThrownBy(() -> ScriptUnderTest.start(lua, ScriptBoundsTest::quick))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(".lua:1: ")
                .hasMessageContaining(
                        "time budget of 500 ms exceeded; a proxy started with -o lua_load_time=SECONDS allows more");
    }

    @Test
    void allReloadsAskedForDuringOneComeToOneMore() throws Exception {
        Path marker = Files.createTempFile("memroute-test-", ".loads");
        String lua = "local f = io.open('" + marker + "', 'a') f:write('x') f:close()\n"
                + "function mcp_config_pools() for i = 1, 2e7 do end end function mcp_config_routes() end";
        try (ScriptUnderTest proxy = ScriptUnderTest.start(lua)) {
            long before = Files.size(marker);
            List<CompletableFuture<ReloadOutcome>> asked = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                asked.add(proxy.server().reload());
            }
            asked.forEach(CompletableFuture::join);
            long loads = (Files.size(marker) - before) / before;
            assertThat(loads).isBetween(1L, 5L);
            proxy.server().reload().join();
            assertThat((Files.size(marker) - before) / before).isEqualTo(loads + 1);
        } finally {
            Files.delete(marker);
        }
    }
}
