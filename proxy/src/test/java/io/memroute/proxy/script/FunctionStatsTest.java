package io.memroute.proxy.script;

import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code stats proxyfuncs}: the functions that there are, and their slots. */
class FunctionStatsTest {

    private static final String NAMED = """
            local f = mcp.funcgen_new()
            f:new_handle(p.p1)
            f:ready{ n = "%s", f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, 0) end end }
            mcp.attach(mcp.CMD_ANY_STORAGE, f)
            """;

    private final ScriptedBackend backend = ScriptedBackend.start();

    @AfterEach
    void stopBackend() {
        backend.close();
    }

    private String named(String name) {
        return ScriptUnderTest.withPools(NAMED.formatted(name), backend);
    }

    @Test
    void countsFunctionsByNameOverAllWorkers() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(named("direct"), options -> options.workers(3))) {
            proxy.expect("stats proxyfuncs\r\n", "STAT funcs_direct 3\r\nSTAT slots_direct 3\r\nEND\r\n");
        }
    }

    @Test
    void countsFunctionsBelowOthersPlainOnesAndRouters() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(ScriptUnderTest.withPools("""
                local function generator() return function(r) return "HD\\r\\n" end end
                local below = mcp.funcgen_new()
                below:ready{ n = "below", f = generator }
                local above = mcp.funcgen_new()
                above:new_handle(below)
                above:new_handle(below)
                above:ready{ f = generator }
                mcp.attach(mcp.CMD_MG, mcp.router_new{ map = { a = above } })
                mcp.attach(mcp.CMD_MD, function() return "HD\\r\\n" end)
                """))) {
            // The slot that the generator below made first is that of the first handle above.
            proxy.expect("stats proxyfuncs\r\n", """
                    STAT funcs_anonymous 2\r
                    STAT slots_anonymous 2\r
                    STAT funcs_below 1\r
                    STAT slots_below 2\r
                    STAT funcs_mcp_router 1\r
                    STAT slots_mcp_router 0\r
                    END\r
                    """);
        }
    }

    @Test
    void countsASlotForEachRequestThatIsOnItsWayAtTheSameTime() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(named("direct"));
                ScriptedBackend.Connection connection = backend.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a\r\nmg b\r\nmg c\r\n");
            connection.expect("mg a\r\nmg b\r\nmg c\r\n");
            proxy.expect("stats proxyfuncs\r\n", "STAT funcs_direct 1\r\nSTAT slots_direct 3\r\nEND\r\n");
            connection.send("HD\r\nHD\r\nHD\r\n");
            client.expect("HD\r\nHD\r\nHD\r\n");
            proxy.expect("stats proxyfuncs\r\n", "STAT funcs_direct 1\r\nSTAT slots_direct 3\r\nEND\r\n");
        }
    }

    @Test
    void forgetsWhatAReloadReplacedWhenItsLastRequestHasEnded() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(named("old"));
                ScriptedBackend.Connection connection = backend.accept();
                RawClient client = proxy.connect()) {
            client.send("mg a\r\n");
            connection.expect("mg a\r\n");
            proxy.reload(named("new"));
            proxy.expect(
                    "stats proxyfuncs\r\n",
                    "STAT funcs_new 1\r\nSTAT slots_new 1\r\nSTAT funcs_old 1\r\nSTAT slots_old 1\r\nEND\r\n");
            connection.send("HD\r\n");
            client.expect("HD\r\n");
            proxy.expect("stats proxyfuncs\r\n", "STAT funcs_new 1\r\nSTAT slots_new 1\r\nEND\r\n");
        }
    }

    @Test
    void forgetsWhatAFailedLoadMade() throws ConfigException {
        try (ScriptUnderTest proxy = ScriptUnderTest.start(named("good"))) {
            proxy.reload(ScriptUnderTest.withPools(NAMED.formatted("bad") + "error('no')", backend));
            proxy.expect("stats proxyfuncs\r\n", "STAT funcs_good 1\r\nSTAT slots_good 1\r\nEND\r\n");
        }
    }
}
