package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Slips that Lua, or memcached's route library, takes without a word: each with everything that {@code check} says of it, in the order
 * of lines.
 */
class SlipsTest {

    private static final String POOLS = "pools{ main = { backends = { '10.0.0.1' } }, users = { backends = { '10.0.0.2' } } }\n";
    private static final String ROUTES = "routes{ map = { users = route_direct{ child = 'users' } }, default = route_direct{ child = 'main' } }\n";

    /** @param findings lines as they are printed, without the file's name */
    private static DynamicTest file(String name, String text, String... findings) {
        return DynamicTest.dynamicTest(name, () -> {
            String report = ConfigFile.of(text).checkText();
            assertThat(report.lines().filter(line -> line.startsWith("routes.lua:") && !line.matches("routes.lua: (good|\\d+ error).*"))
                    .map(line -> line.substring("routes.lua:".length())))
                    .as(text).containsExactly(findings);
        });
    }

    /** One in the second line, beside good pools and routes. */
    private static DynamicTest slip(String line, String... findings) {
        return file(line, "\n" + line + "\n" + POOLS + ROUTES, findings);
    }

    private static DynamicTest fine(String line) {
        return slip(line);
    }

    // ---- names ----

    @TestFactory
    Stream<DynamicTest> namesThatAreNotDefined() {
        return Stream.of(
                slip("settings{ pool_options = { dist = mcp.dist_ring_hsah } }",
                        "2:39: mcp.dist_ring_hsah is not defined (did you mean \"dist_ring_hash\"?), so dist gets no value"),
                slip("settings{ pool_options = { dist = mcp.dist_ring_hash, hash = mcp.dist_ring_hash.hsah } }",
                        "2:81: mcp.dist_ring_hash.hsah is not defined (did you mean \"hash\"?), so hash gets no value"),
                slip("settings{ pool_options = { seed = SEED } }",
                        "2:35: SEED is not defined, so seed gets no value; if that is meant, write SEED or nil"),
                slip("settings{ pool_options = { seed = SEED } } SEED = 'x'",
                        "2: SEED is not defined yet where it is used, so seed gets no value; if that is meant, write SEED or nil"),
                slip("local T = { read = 0.5 } settings{ backend_read_timeout = T.raed }",
                        "2:61: T.raed is not defined (did you mean \"read\"?), so backend_read_timeout gets no value;"
                                + " if that is meant, write T.raed or nil"),
                slip("T = { read = 0.5 } settings{ backend_read_timeout = T.raed }",
                        "2:55: T.raed is not defined (did you mean \"read\"?), so backend_read_timeout gets no value;"
                                + " if that is meant, write T.raed or nil"),
                slip("local_zone(ZONE)", "2:12: ZONE is not defined, so local_zone gets no value; if that is meant, write ZONE or nil"),
                slip("mcp.log(mcp.strat_arg)", "2:13: mcp.strat_arg is not defined (did you mean \"start_arg\"?), so mcp.log gets no value"),
                slip("local d = mcp.dist_ring_hsah", "2:15: mcp.dist_ring_hsah is not defined (did you mean \"dist_ring_hash\"?)"),
                slip("local r = math.hgue", "2:16: warning: math.hgue is not defined (did you mean \"huge\"?)"),
                slip("local zone = ZONE", "2:14: warning: ZONE is not defined"),
                slip("if ZONE == 'west' then local_zone('west') end", "2:4: warning: ZONE is not defined"),
                slip("function f() return rotue_direct{} end",
                        "2:21: warning: rotue_direct is not defined (did you mean \"route_direct\"?)"),
                slip("function f() return mcp.WAIT_GODO end", "2:25: mcp.WAIT_GODO is not defined (did you mean \"WAIT_GOOD\"?)"),
                slip("local t = { [mcp.CMD_GTE] = 1 }",
                        "2: index is nil", "2:18: mcp.CMD_GTE is not defined (did you mean \"CMD_GET\"?)"),
                slip("pools{ x = { backends = { HOST } } } routes{ tag = 'x', default = route_direct{ child = 'x' } }",
                        "2:14: pool \"x\": backends: is empty; a pool needs at least one backend",
                        "2:27: HOST is not defined, so this entry gets no value; if that is meant, write HOST or nil"));
    }

    @TestFactory
    Stream<DynamicTest> namesThatMayBeMissing() {
        return Stream.of(
                fine("if ZONE then local_zone(ZONE) end"),
                fine("local_zone(ZONE or 'west')"),
                fine("settings{ pool_options = { seed = SEED or nil } }"),
                fine("local zone = _G.ZONE or os.getenv('ZONE')"),
                fine("if mcp.new_thing then mcp.new_thing() end"),
                fine("local W = mcp.WAIT_GOOD, mcp.RES_OK, mcp.MCMC_CODE_OK, mcp.internal_handler, mcp.CMD_GET"),
                fine("CONFIG = CONFIG or {} settings{ backend_read_timeout = CONFIG.read }"),
                fine("local function with(o) return { seed = o.seed } end settings{ pool_options = with{} }"),
                fine("setmetatable(_G, nil) local x = rawget(_G, 'FOO')"),
                fine("for name, value in pairs{} do print(name) end"),
                fine("mcp.mine = 1 local x = mcp.mine"));
    }

    @TestFactory
    Stream<DynamicTest> keysThatAreGivenTwice() {
        return Stream.of(
                file("the same pool", "pools{\n main = { backends = { '10.0.0.1' } },\n main = { backends = { '10.0.0.2' } },\n}\n"
                                + "routes{ default = route_direct{ child = 'main' } }",
                        "3:2: main is given twice in one table, before in line 2; only the last would count"),
                file("the same prefix", POOLS + "routes{ map = {\n a = route_direct{ child = 'main' },\n"
                                + " ['a'] = route_direct{ child = 'users' } }, default = route_direct{ child = 'main' } }",
                        "4:3: a is given twice in one table, before in line 3; only the last would count"),
                slip("settings{ backend_read_timeout = 1, backend_read_timeout = 2 }",
                        "2: backend_read_timeout is given twice in one table; only the last would count"));
    }

    // ---- the language ----

    @TestFactory
    Stream<DynamicTest> missingCommas() {
        return Stream.of(
                file("after a table", "pools{\n  a = { backends = { '10.0.0.1' } }\n  b = { backends = { '10.0.0.2' } },\n}",
                        "2:36: a comma is missing between } and b in line 3"),
                file("between texts", "pools{ a = { backends = { '10.0.0.1' '10.0.0.2' } } }",
                        "1:37: a comma is missing between \"10.0.0.1\" and \"10.0.0.2\""),
                file("after a number", "settings{\n  active_req_limit = 1\n  backend_read_timeout = 2\n}",
                        "2:23: a comma is missing between 1 and backend_read_timeout in line 3"),
                file("before a key in brackets", POOLS + "routes{ map = {\n  a = route_direct{ child = 'main' }\n"
                                + "  ['b-'] = route_direct{ child = 'main' } } }",
                        "3:37: a comma is missing between } and [ in line 4"),
                file("between arguments", "local_zone('a' 'b')", "1:15: a comma is missing between \"a\" and \"b\""),
                file("after a route", POOLS + "routes{ default = route_failover{ children = {\n  route_direct{ child = 'main' }\n  'users' } } }",
                        "3:33: attempt to call a route value; is a comma missing between } and \"users\"?"),
                file("after a constant", "local A = 'a' pools{ a = { backends = {\n  A\n  'b' } } }",
                        "2:4: attempt to call a string value (local 'A'); is a comma missing between A and \"b\"?"),
                file("a brace, not a comma", "pools{\n  a = { backends = { '10.0.0.1' } }\nroutes{ default = route_null{} }",
                        "3:1: '}' expected (to close '{' at line 1) near 'routes'"));
    }
}
