package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.explain.render.CheckText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} of a Lua program that uses {@code mcp} itself: run as a start runs it, within bounds. */
class ProgramCheckTest {

    private static final String POOLS = """
            function mcp_config_pools()
              local one = mcp.backend("one", "10.0.0.1", 11211)
              return { a = mcp.pool{ one, mcp.backend("two", "10.0.0.2", 11211) }, b = mcp.pool{ one } }
            end
            """;

    private static final String ROUTES = """
            function mcp_config_routes(pools)
              local f = mcp.funcgen_new()
              local a = f:new_handle(pools.a)
              f:ready{ f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, a) end end }
              mcp.attach(mcp.CMD_ANY_STORAGE, f)
              mcp.attach(mcp.CMD_MG, f, "fast")
            end
            """;

    @TempDir
    private Path directory;

    private String check(String program) throws Exception {
        Path file = Files.writeString(directory.resolve("program.lua"), program);
        ConfigSource source = new ConfigSource(List.of(file.toString()), Optional.empty());
        ConfigHost host = new ConfigHost(
                LuaBounds.defaults().withLoadTime(Duration.ofMillis(500)), ConfigHost.Trust.BESIDE, List.of(source));
        return CheckText.of(source.name(), Check.run(source, host)).replace(directory + "/", "");
    }

    @Test
    void saysWhatAGoodProgramHas() throws Exception {
        assertThat(check(POOLS + ROUTES)).isEqualTo("program.lua: good: 2 pools, 2 backends, 2 route trees\n");
    }

    @Test
    void reportsWhatFailsWherePoolsAreMade() throws Exception {
        assertThat(check("function mcp_config_pools() return mcp.pool{ 1 } end " + ROUTES))
                .startsWith("program.lua:1: mcp_config_pools: ")
                .endsWith("program.lua: 1 error\n");
        assertThat(check(ROUTES))
                .isEqualTo("program.lua: no function mcp_config_pools is defined\nprogram.lua: 1 error\n");
    }

    @Test
    void reportsWhatFailsOnWorkersOnly() throws Exception {
        assertThat(check(POOLS + "function mcp_config_routes(pools)\n  f:new_handle(pools.a)\nend"))
                .isEqualTo("""
                        program.lua:6:3: mcp_config_routes: attempt to index a nil value (global 'f')
                         6 |   f:new_handle(pools.a)
                           |   ^
                        program.lua: 1 error
                        """);
        assertThat(check(POOLS + "if mcp.funcgen_new then\n  error('only here')\nend\n" + ROUTES))
                .isEqualTo("""
                        program.lua:6: in a worker: only here
                         6 |   error('only here')
                        program.lua: 1 error
                        """);
    }

    @Test
    void endsWhatNeverEnds() throws Exception {
        assertThat(check(POOLS + "function mcp_config_routes()\n  while true do end\nend"))
                .startsWith("program.lua:6: mcp_config_routes: time budget of 500 ms exceeded; ");
        assertThat(check("while true do end")).startsWith("program.lua:1: time budget of 500 ms exceeded; ");
    }

    @Test
    void letsItChangeNothing() throws Exception {
        String written = "io.open('" + directory.resolve("written") + "', 'w')";
        assertThat(check(POOLS + written)).contains("program.lua:5: ").contains(" is not written: ");
        assertThat(check(POOLS + "function mcp_config_routes() " + written + " end"))
                .contains("program.lua:5: ")
                .contains(" is not written: ");
        assertThat(check(POOLS + "os.execute('touch " + directory.resolve("written") + "')"))
                .contains("program.lua:5: ");
        assertThat(directory.resolve("written")).doesNotExist();
    }

    @Test
    void warnsOfNamesThatNothingDefines() throws Exception {
        assertThat(check(POOLS + ROUTES + "function never() return rotues() end"))
                .contains("program.lua:12:25: warning: rotues is not defined")
                .endsWith("program.lua: good: 2 pools, 2 backends, 2 route trees; 1 warning\n");
    }
}
