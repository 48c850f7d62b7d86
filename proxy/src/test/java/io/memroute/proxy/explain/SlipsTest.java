package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Slips that Lua, or memcached's route library, takes without a word: each with everything that {@code check} says of
 * it, in the order of lines.
 */
class SlipsTest {

    private static final String POOLS =
            "pools{ main = { backends = { '10.0.0.1' } }, users = { backends = { '10.0.0.2' } } }\n";
    private static final String ROUTES =
            "routes{ map = { users = route_direct{ child = 'users' } }, default = route_direct{ child = 'main' } }\n";

    /** @param findings lines as they are printed, without the file's name; notes are left out */
    private static DynamicTest file(String name, String text, String... findings) {
        return DynamicTest.dynamicTest(name, () -> {
            String report = ConfigFile.of(text).checkText();
            assertThat(report.lines()
                            .filter(line -> line.startsWith("routes.lua:")
                                    && !line.matches("routes.lua: (good|\\d+ error).*|.*: note: .*"))
                            .map(line -> line.substring("routes.lua:".length())))
                    .as(text)
                    .containsExactly(findings);
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
                slip(
                        "settings{ pool_options = { dist = mcp.dist_ring_hsah } }",
                        "2:39: mcp.dist_ring_hsah is not defined (did you mean \"dist_ring_hash\"?), so "
                                + "dist gets no value"),
                slip(
                        "settings{ pool_options = { dist = mcp.dist_ring_hash, hash = mcp.dist_ring_hash.hsah } }",
                        "2:81: mcp.dist_ring_hash.hsah is not defined (did you mean \"hash\"?), so hash gets no value"),
                slip(
                        "settings{ pool_options = { seed = SEED } }",
                        "2:35: SEED is not defined, so seed gets no value; if that is meant, write SEED or nil"),
                slip(
                        "settings{ pool_options = { seed = SEED } } SEED = 'x'",
                        "2: SEED is not defined yet where it is used, so seed gets no value; if that is "
                                + "meant, write SEED or nil"),
                slip(
                        "local T = { read = 0.5 } settings{ backend_read_timeout = T.raed }",
                        "2:61: T.raed is not defined (did you mean \"read\"?), so backend_read_timeout gets no value;"
                                + " if that is meant, write T.raed or nil"),
                slip(
                        "T = { read = 0.5 } settings{ backend_read_timeout = T.raed }",
                        "2:55: T.raed is not defined (did you mean \"read\"?), so backend_read_timeout gets no value;"
                                + " if that is meant, write T.raed or nil"),
                slip(
                        "local_zone(ZONE)",
                        "2:12: ZONE is not defined, so local_zone gets no value; if that is meant, write ZONE or nil"),
                slip(
                        "mcp.log(mcp.strat_arg)",
                        "2:13: mcp.strat_arg is not defined (did you mean \"start_arg\"?), so mcp.log gets no value"),
                slip(
                        "local d = mcp.dist_ring_hsah",
                        "2:15: mcp.dist_ring_hsah is not defined (did you mean \"dist_ring_hash\"?)"),
                slip("local r = math.hgue", "2:16: warning: math.hgue is not defined (did you mean \"huge\"?)"),
                slip("local zone = ZONE", "2:14: warning: ZONE is not defined"),
                slip("if ZONE == 'west' then local_zone('west') end", "2:4: warning: ZONE is not defined"),
                slip(
                        "function f() return rotue_direct{} end",
                        "2:21: warning: rotue_direct is not defined (did you mean \"route_direct\"?)"),
                slip(
                        "function f() return mcp.WAIT_GODO end",
                        "2:25: mcp.WAIT_GODO is not defined (did you mean \"WAIT_GOOD\"?)"),
                slip(
                        "local d = mcp settings{ pool_options = { dist = d.dist_ring_hsah } }",
                        "2:51: mcp.dist_ring_hsah is not defined (did you mean \"dist_ring_hash\"?)"),
                slip(
                        "local n = 'dist_ring_' .. 'hsah' settings{ pool_options = { dist = mcp[n] } }",
                        "2: mcp.dist_ring_hsah is not defined (did you mean \"dist_ring_hash\"?)"),
                slip(
                        "local d = mcp.dist_ring_hash settings{ pool_options = { dist = d, hash = d.hsah } }",
                        "2:76: mcp.dist_ring_hash.hsah is not defined (did you mean \"hash\"?)"),
                slip("local n local x = mcp[n]", "2: mcp[nil] is not defined"),
                slip(
                        "for _, n in ipairs{ 'WAIT_GOOD', 'WAIT_GODO' } do local w = mcp[n] end",
                        "2:34: mcp.WAIT_GODO is not defined (did you mean \"WAIT_GOOD\"?)"),
                slip(
                        "local t = { [mcp.CMD_GTE] = 1 }",
                        "2: index is nil",
                        "2:18: mcp.CMD_GTE is not defined (did you mean \"CMD_GET\"?)"),
                slip(
                        "pools{ x = { backends = { HOST } } } routes{ tag = 'x', default = route_direct{ "
                                + "child = 'x' } }",
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
                fine("local m = mcp if m.new_thing then m.new_thing() end"),
                fine("local m = mcp local f = m.new_thing or m.dist_ring_hash"),
                fine("local n = 'new' if mcp[n] ~= nil then mcp[n]() end"),
                fine("local m = mcp m.mine = 1 local x = m.mine, rawget(m, 'other')"),
                fine("for name, value in pairs(mcp) do local same = mcp[name] end"),
                fine("mcp.mine = 1 local x = mcp.mine"));
    }

    @TestFactory
    Stream<DynamicTest> keysThatAreGivenTwice() {
        return Stream.of(
                file(
                        "the same pool",
                        "pools{\n main = { backends = { '10.0.0.1' } },\n main = { backends = { '10.0.0.2' } },\n}\n"
                                + "routes{ default = route_direct{ child = 'main' } }",
                        "3:2: main is given twice in one table, first in line 2; only the last counts"),
                file(
                        "the same prefix",
                        POOLS + "routes{ map = {\n a = route_direct{ child = 'main' },\n"
                                + " ['a'] = route_direct{ child = 'users' } }, default = route_direct{ "
                                + "child = 'main' } }",
                        "4:3: a is given twice in one table, first in line 3; only the last counts"),
                tree(
                        "cmap = { get = route_direct{ child = 'main' },"
                                + " [mcp.CMD_GET] = route_direct{ child = 'users' } }",
                        "2:18: routes: cmap: get is given twice, as get and as mcp.CMD_GET"),
                tree(
                        "map = { a = cmdmap{ [mcp.CMD_MS] = route_direct{ child = 'main' }, ms = route_direct{ child = "
                                + "'users' } } }, default = route_direct{ child = 'main' }",
                        "2:76: cmdmap: ms is given twice, as ms and as mcp.CMD_MS"),
                tree(
                        "cmap = { all = route_direct{ child = 'main' }, [mcp.CMD_ANY_STORAGE] = route_direct{ child = "
                                + "'users' } }",
                        "2:18: routes: cmap: all is given twice, as all and as mcp.CMD_ANY_STORAGE"),
                slip(
                        "settings{ backend_read_timeout = 1, backend_read_timeout = 2 }",
                        "2: backend_read_timeout is given twice in one table; only the last counts"));
    }

    // ---- the language ----

    @TestFactory
    Stream<DynamicTest> missingCommas() {
        return Stream.of(
                file(
                        "after a table",
                        "pools{\n  a = { backends = { '10.0.0.1' } }\n  b = { backends = { '10.0.0.2' } },\n}",
                        "2:36: a comma is missing between } and b in line 3"),
                file(
                        "between texts",
                        "pools{ a = { backends = { '10.0.0.1' '10.0.0.2' } } }",
                        "1:37: a comma is missing between \"10.0.0.1\" and \"10.0.0.2\""),
                file(
                        "after a number",
                        "settings{\n  active_req_limit = 1\n  backend_read_timeout = 2\n}",
                        "2:23: a comma is missing between 1 and backend_read_timeout in line 3"),
                file(
                        "before a key in brackets",
                        POOLS + "routes{ map = {\n  a = route_direct{ child = 'main' }\n"
                                + "  ['b-'] = route_direct{ child = 'main' } } }",
                        "3:37: a comma is missing between } and [ in line 4"),
                file("between arguments", "local_zone('a' 'b')", "1:15: a comma is missing between \"a\" and \"b\""),
                file(
                        "after a route",
                        POOLS
                                + "routes{ default = route_failover{ children = {\n  route_direct{ child "
                                + "= 'main' }\n  'users' } } }",
                        "3:33: attempt to call a route value; is a comma missing between } and \"users\"?"),
                file(
                        "after a constant",
                        "local A = 'a' pools{ a = { backends = {\n  A\n  'b' } } }",
                        "2:4: attempt to call a string value (local 'A'); is a comma missing between A and \"b\"?"),
                file(
                        "a brace, not a comma",
                        "pools{\n  a = { backends = { '10.0.0.1' } }\nroutes{ default = route_null{} }",
                        "3:1: '}' expected (to close '{' at line 1) near 'routes'"));
    }

    // ---- said twice, or not at all ----

    @TestFactory
    Stream<DynamicTest> laterDefinitionsThatReplaceEarlierOnes() {
        return Stream.of(
                file(
                        "a pool",
                        POOLS + "pools{\n main = { backends = { '10.0.0.9' } } }\n" + ROUTES,
                        "3:2: warning: pools: \"main\" replaces the one of routes.lua:1"),
                file(
                        "settings",
                        "settings{ active_req_limit = 1, merge_gets = false }\nsettings{ active_req_limit = 2 }\n"
                                + POOLS + ROUTES,
                        "2:1: warning: settings: replaces the whole settings{} of routes.lua:1; no longer set: "
                                + "merge_gets"),
                file(
                        "settings that say all",
                        "settings{ merge_gets = false }\nsettings{ merge_gets = true, active_req_limit = 2 }\n" + POOLS
                                + ROUTES,
                        "2:1: warning: settings: replaces the whole settings{} of routes.lua:1"),
                file(
                        "routes",
                        POOLS + ROUTES + "routes{ default = route_random{ children = { 'main', 'users' } } }",
                        "3:1: warning: routes: replaces the routes{} of routes.lua:2, which also has no tag"),
                file(
                        "routes with a slip",
                        POOLS + "routes{ default = route_direct{ child = 'mian' } }\n" + ROUTES,
                        "2:33: warning: route_direct: no pool named \"mian\" (did you mean \"main\"?)",
                        "3:1: warning: routes: replaces the routes{} of routes.lua:2, which also has no tag"),
                file(
                        "tagged routes",
                        POOLS + ROUTES
                                + "routes{ tag = 'x', default = route_null{} }\nroutes{ tag = 'x', "
                                + "default = route_null{} }",
                        "4:1: warning: routes: replaces the routes{} of routes.lua:3, which also has the tag \"x\""),
                file("routes with different tags", POOLS + ROUTES + "routes{ tag = 'x', default = route_null{} }"));
    }

    @TestFactory
    Stream<DynamicTest> routesThatNothingReaches() {
        return Stream.of(
                slip("local r = route_direct{ child = 'main' }", "2:11: warning: route_direct: is used by no routes{}"),
                slip(
                        "local r = route_failover{ childern = { 'main', 'users' } }",
                        "2:11: warning: route_failover: is used by no routes{}",
                        "2:11: warning: route_failover: needs children: a list or table of pools and routes, or a set",
                        "2:27: warning: route_failover: unknown argument \"childern\" (did you mean \"children\"?)"),
                slip(
                        "local r = route_failover{ children = { 'main', route_direct{ child = 'usres' } } }",
                        "2:11: warning: route_failover: is used by no routes{}",
                        "2:62: warning: route_direct: no pool named \"usres\" (did you mean \"users\"?)"),
                slip(
                        "local r = route_ttl{ ttl = 60, child_wrap = { 'main', 'usres' } }",
                        "2:11: warning: route_ttl: is used by no routes{}",
                        "2:11: warning: route_ttl: no pool named \"usres\" (did you mean \"users\"?)"),
                file(
                        "a route that is used in two places",
                        POOLS + "local r = route_direct{ child = 'main' }\n"
                                + "routes{ map = { a = r, b = cmdmap{ get = r } }, default = "
                                + "route_direct{ child = 'users' } }"),
                file(
                        "a wrap that is used",
                        POOLS + "routes{ default = route_allsync{ children = route_ttl{ ttl = 60,"
                                + " child_wrap = { 'main', 'users' } } }, cmap = { get = route_direct{ "
                                + "child = 'main' } } }",
                        "2:45: warning: route_ttl: gets commands other than ms, set, add and cas here, "
                                + "and answers them with"
                                + " SERVER_ERROR invalid command for route_ttl; put it under cmap or cmdmap"));
    }

    // ---- values ----

    /** One option of a backend, wherever it may stand. */
    private static Stream<DynamicTest> option(String name, String setting, String value, String message) {
        String option = "settings{ backend_options = { " + name + " = " + value + " } }";
        return Stream.concat(
                Stream.of(slip(option, "2:31: warning: settings: backend_options: " + name + ": " + message)),
                setting.isEmpty()
                        ? Stream.empty()
                        : Stream.of(slip(
                                "settings{ " + setting + " = " + value + " }",
                                "2:11: warning: settings: " + setting + ": " + message)));
    }

    @TestFactory
    Stream<DynamicTest> valuesInAnotherUnit() {
        return Stream.of(
                        option(
                                "connecttimeout",
                                "backend_connect_timeout",
                                "500",
                                "500 means seconds; for milliseconds write 0.5"),
                        option(
                                "readtimeout",
                                "backend_read_timeout",
                                "'250'",
                                "250 means seconds; for milliseconds write 0.25"),
                        option(
                                "retrywaittime",
                                "backend_retry_waittime",
                                "3000",
                                "3000 means seconds; for milliseconds write 3"),
                        option(
                                "retrywaittime",
                                "backend_retry_waittime",
                                "0.2",
                                "0.2 is rounded to 1: whole seconds, at least 1"),
                        option("retrytimeout", "", "1.5", "1.5 is rounded to 2: whole seconds, at least 1"),
                        option(
                                "flaptime",
                                "backend_flap_time",
                                "30000",
                                "30000 means seconds; for milliseconds write 30"),
                        option(
                                "flapbackoffmax",
                                "backend_flap_backoff_max",
                                "3600000",
                                "3600000 means seconds; for milliseconds write 3600"),
                        option(
                                "flapbackofframp",
                                "backend_flap_backoff_ramp",
                                "0.5",
                                "0.5 is raised to 1.1, the least that lets waits grow"),
                        Stream.of(
                                slip(
                                        "settings{ buffer_memory_limit = 268435456 }",
                                        "2:11: warning: settings: buffer_memory_limit:"
                                                + " 268435456 means KiB: 256 GiB; for bytes write 262144"),
                                slip(
                                        "settings{ backend_options = { log = { rate = 0 } } }",
                                        "2:39: warning: settings: backend_options: log: rate:"
                                                + " nothing is logged: expected a rate of 1 or more, "
                                                + "errors = true or a deadline"),
                                slip(
                                        "mcp.backend_read_timeout(500)",
                                        "2:5: warning: mcp: backend_read_timeout: 500 means seconds;"
                                                + " for milliseconds write 0.5"),
                                fine("settings{ backend_connect_timeout = 60, backend_read_timeout = "
                                        + "0.25, backend_retry_waittime = 30 }"),
                                fine("settings{ backend_flap_time = 30, backend_flap_backoff_ramp = "
                                        + "1.2, backend_flap_backoff_max = 3600 }")))
                .flatMap(tests -> tests);
    }

    /** One route for everything, in the second line, where its call begins in column 19. */
    private static DynamicTest route(String route, String... findings) {
        return file(
                route,
                POOLS + "routes{ default = " + route + ",\n map = { users = route_direct{ child = 'users' },"
                        + " main = route_direct{ child = 'main' } } }",
                findings);
    }

    @TestFactory
    Stream<DynamicTest> argumentsThatAreSurelyNotMeant() {
        return Stream.of(
                route(
                        "route_direct{ child = 'main', wait = 250 }",
                        "2:49: warning: route_direct: wait: 250 means seconds; for milliseconds write 0.25"),
                route(
                        "route_allfastest{ children = { 'main', 'users' }, wait = 100 }",
                        "2:69: warning: route_allfastest: wait: 100 means seconds; for milliseconds write 0.1"),
                route(
                        "route_shadow{ child = 'main', shadow = 'users', percent = 0.05 }",
                        "2:67: warning: route_shadow: percent: 0.05 means 0.05 %; for a share of 0.05 write 5"),
                route(
                        "route_ratelim{ child = 'main', limit = 10, fillrate = 100 }",
                        "2:62: warning: route_ratelim: fillrate: 100 is more than the limit, 10, which is "
                                + "all that the bucket holds"),
                route(
                        "route_ratelim{ child = 'main', limit = 10, fillrate = 5, tickrate = 1 }",
                        "2:76: warning: route_ratelim: tickrate: 1 means milliseconds; for seconds write 1000"),
                route(
                        "route_nearcache{ child = 'main', ttl = 60000 }",
                        "2:52: warning: route_nearcache: ttl: 60000 means seconds, and values may be out of date for"
                                + " that long; for milliseconds write 1, the least"),
                route(
                        "route_nearcache{ child = 'main', ttl = 500 }",
                        "2:52: warning: route_nearcache: ttl: 500 means seconds, and values may be out of date for"
                                + " that long; for milliseconds write 1, the least"),
                route(
                        "route_migrate{ from = 'main', to = 'users', start = '2040-01-01T00:00:00Z',"
                                + " window = 86400000 }",
                        "2:95: warning: route_migrate: window: 86400000 means seconds; for milliseconds write 86400"),
                route(
                        "route_migrate{ from = 'main', to = 'users', start = '2040-01-01T00:00:00Z', window = 600000 }",
                        "2:95: warning: route_migrate: window: 600000 means seconds; for milliseconds write 600"),
                route("route_migrate{ from = 'main', to = 'users', start = '2040-01-01T00:00:00Z', window = 864000 }"),
                route("route_nearcache{ child = 'main', ttl = 300 }"),
                tree(
                        "cmap = { set = route_ttl{ ttl = 60000, child = 'main' } }, default = route_direct{ child = "
                                + "'main' }",
                        "2:35: warning: route_ttl: ttl: 60000 means seconds; for milliseconds write 60"),
                tree("cmap = { set = route_ttl{ ttl = 36000, child = 'main' }, add = route_ttl{ ttl = 5000, child = "
                        + "'main' } }, default = route_direct{ child = 'main' }"),
                route(
                        "route_nearcache{ child = 'main', max_bytes = 64 }",
                        "2:52: warning: route_nearcache: max_bytes: 64 means bytes,"
                                + " which is no room for a value of 4096; for MiB write 67108864"),
                route(
                        "route_nearcache{ child = 'main', max_value = 0 }",
                        "2:52: warning: route_nearcache: max_value: 0 lets only empty values be kept"),
                route(
                        "route_prefix{ child = 'main', strip = '' }",
                        "2:49: warning: route_prefix: strip: keys stay as they are: it is empty"),
                route("route_prefix{ child = 'main', strip = 'a/', add = 'a/' }"),
                file(
                        "a time to live of more than 30 days",
                        POOLS + "routes{ cmap = { set = route_ttl{ ttl = 86400000, child = 'main' } },"
                                + " default = route_direct{ child = 'users' } }",
                        "2:35: warning: route_ttl: ttl: 86400000 is more than 30 days,"
                                + " so memcached takes it for a point in time: 1972-09-27"),
                route("route_direct{ child = 'main', wait = 60 }"),
                route("route_shadow{ child = 'main', shadow = 'users', percent = 1 }"));
    }

    @TestFactory
    Stream<DynamicTest> poolOptions() {
        return Stream.of(
                slip(
                        "settings{ pool_options = { dist = mcp.dist_ring_hash, omode = 'ketama' } }",
                        "2:55: warning: settings: pool_options: omode: places servers as other clients do, but"
                                + " hashes keys differently; add hash = mcp.dist_ring_hash.hash to find keys where"
                                + " those clients put them"),
                fine("settings{ pool_options = { dist = mcp.dist_ring_hash, hash = "
                        + "mcp.dist_ring_hash.hash, omode = 'ketama' } }"));
    }

    /** One backend, as the first of a pool. */
    private static DynamicTest backend(String backend, String... problems) {
        return file(
                backend,
                "pools{ main = { backends = { " + backend + " } } } routes{ default = route_direct{ child = 'main' } }",
                Stream.of(problems)
                        .map(problem -> problem.startsWith("1:")
                                ? problem
                                : "1:30: warning: backend 1 of pool \"main\": " + problem)
                        .toArray(String[]::new));
    }

    @TestFactory
    Stream<DynamicTest> hostsAndLabels() {
        return Stream.of(
                backend(
                        "'127.0.0.300'",
                        "the host \"127.0.0.300\" is not an address: expected four numbers from 0 to 255"),
                backend(
                        "'127.0.0.1.1:11211'",
                        "the host \"127.0.0.1.1\" is not an address: expected four numbers from 0 to 255"),
                backend("'10.0.1'", "the host \"10.0.1\" is not an address: expected four numbers from 0 to 255"),
                backend(
                        "'10.0.0.010'",
                        "the host \"10.0.0.010\" has a number with a leading zero, which some resolvers read as octal"),
                backend(
                        "'10.0.0.l'",
                        "the host \"10.0.0.l\" looks like an address, but has a part that is not a number"),
                backend(
                        "'10.0.0.1,11211'",
                        "the host \"10.0.0.1,11211\" has characters that neither host names nor addresses may have"),
                backend(
                        "'a..b'",
                        "the host \"a..b\" is not a host name: expected parts of 1 to 63 bytes that neither begin"
                                + " nor end with a hyphen"),
                backend(
                        "{ host = '127.0.0.300' }",
                        "1:32: warning: backend 1 of pool \"main\": the host \"127.0.0.300\" is not an"
                                + " address: expected four numbers from 0 to 255"),
                backend(
                        "'10.0.0.1 down', '10.0.0.2'",
                        "\"down\" is read as its label; to take a server out of service write _down_"),
                backend(
                        "'10.0.0.1 11212'",
                        "\"11212\" is read as its label, and its port is 11211; a port follows a colon"),
                backend(
                        "'10.0.0.1 10.0.0.2'",
                        "\"10.0.0.2\" is read as its label, not as another server; its address is 10.0.0.1:11211"),
                backend(
                        "'10.0.0.1:11211 10.0.0.2:11211'",
                        "\"10.0.0.2:11211\" is read as its label, not as another server; its address is "
                                + "10.0.0.1:11211"),
                backend(
                        "'10.0.0.1 a', '10.0.0.2 a'",
                        "1:44: warning: backend 2 of pool \"main\": the label \"a\" is also the"
                                + " label of 10.0.0.1:11211 (routes.lua:1); statistics and logs cannot tell them "
                                + "apart"),
                backend("'10.0.0.1 a', '10.0.0.2 b', '10.0.0.3', 'cache_7.example.com. c', '[::1]:11211', "
                        + "'fe80::1', 'k-8s'"),
                file(
                        "one label in two pools",
                        "pools{ a = { backends = { '10.0.0.1 x' } }, b = { backends = { { host = "
                                + "'10.0.0.2', label = 'x' } } } }"
                                + " routes{ map = { a = route_direct{ child = 'a' } }, default = "
                                + "route_direct{ child = 'b' } }",
                        "1:64: warning: backend 1 of pool \"b\": the label \"x\" is also the label of "
                                + "10.0.0.1:11211 (routes.lua:1);"
                                + " statistics and logs cannot tell them apart"));
    }

    /** One prefix in map, with the section conf before it. */
    private static DynamicTest prefix(String conf, String prefix, String... problems) {
        return file(
                conf + prefix,
                POOLS + "routes{ " + conf + "map = {\n ['" + prefix + "'] = route_direct{ child = 'users' } },"
                        + " default = route_direct{ child = 'main' } }",
                Stream.of(problems)
                        .map(problem -> "3:2: warning: routes: map: prefix \"" + prefix + "\" " + problem)
                        .toArray(String[]::new));
    }

    @TestFactory
    Stream<DynamicTest> prefixes() {
        String pattern = "looks like a pattern, but is compared byte by byte";
        String anchor = "conf = { mode = 'anchor', start = '_', stop = ':' }, ";
        return Stream.of(
                prefix("", "user*", pattern),
                prefix("", "^user", pattern),
                prefix("", "user.+", pattern),
                prefix("", "user_%d", pattern),
                prefix("", "(a|b)", pattern),
                prefix(
                        "",
                        "user:",
                        "matches keys that begin with \"user:/\"; if \"user:\" is meant, write \"user\" and"
                                + " conf = { stop = \":\" }"),
                prefix(
                        anchor,
                        "_user",
                        "begins with \"_\", which is put in front of the prefix anyway: keys that begin with "
                                + "\"__user:\" match"),
                prefix("", "user"),
                prefix("", "user-data_1.x"),
                prefix("conf = { stop = ':' }, ", "user"),
                prefix(anchor, "user"),
                file(
                        "conf without map",
                        POOLS
                                + "routes{ conf = { stop = ':' }, default = route_random{ children = { "
                                + "'main', 'users' } } }",
                        "2:9: warning: routes: conf: has no effect without map"));
    }

    // ---- what routes do with commands and keys ----

    /** The argument of routes{}, in the second line, beside other routes that use all pools. */
    private static DynamicTest tree(String tree, String... findings) {
        return file(
                tree,
                POOLS + "routes{ " + tree
                        + " }\nroutes{ tag = 'x', default = route_random{ children = { 'main', 'users' } } }",
                findings);
    }

    @TestFactory
    Stream<DynamicTest> commandsThatMapTakesFromCmap() {
        String message = ": warning: routes: cmap: delete: sends to \"users\" only keys without a prefix of map: "
                + "each prefix there has its own route for delete; put this one into a cmdmap{} of the prefix";
        return Stream.of(
                tree(
                        "map = { u = route_direct{ child = 'users' } }, cmap = { delete = route_allsync{ "
                                + "children = { 'main', 'users' } } },"
                                + " default = route_direct{ child = 'main' }",
                        "2:74" + message),
                tree(
                        "map = { u = cmdmap{ all = route_direct{ child = 'users' } } }, cmap = { delete = "
                                + "route_direct{ child = 'users' } },"
                                + " default = route_direct{ child = 'main' }",
                        "2" + message),
                tree("map = { u = cmdmap{ get = route_direct{ child = 'users' } } }, cmap = { delete = "
                        + "route_direct{ child = 'users' } },"
                        + " default = route_direct{ child = 'main' }"),
                tree("map = { u = route_direct{ child = 'users' } }, cmap = { get = route_direct{ child = 'main' } },"
                        + " default = route_allsync{ children = { 'main', 'internal' } }"));
    }

    @TestFactory
    Stream<DynamicTest> valuesThatComeBackAfterTheyWereDeleted() {
        String message = ": what \"users\" stores while others fail stays there when it is deleted later; give it "
                + "a short life with"
                + " route_ttl, or have deletes go to all children (route_allsync)";
        String both = "route_failover{ children = { 'main', 'users' } }";
        return Stream.of(
                tree("default = " + both, "2:19: warning: route_failover" + message),
                tree(
                        "map = { a = " + both + " }, default = route_direct{ child = 'main' }",
                        "2:21: warning: route_failover" + message),
                tree(
                        "default = route_zfailover{ children = { a = 'main', b = 'users' }, local_zone = 'a' }",
                        "2:19: warning: route_zfailover" + message),
                tree(
                        "default = route_failover{ children = { 'main', route_direct{ child = 'users' } } }",
                        "2:19: warning: route_failover" + message),
                tree("cmap = { delete = route_allsync{ children = { 'main', 'users' } } }, default = " + both),
                tree("cmap = { set = route_failover{ children = { 'main', route_ttl{ ttl = 60, child = "
                        + "'users' } } } }, default = "
                        + both),
                tree("cmap = { get = " + both + " }, default = route_allsync{ children = { 'main', 'users' } }"),
                tree("cmap = { get = route_direct{ child = 'main' } }, default = " + both),
                tree(
                        "default = route_latest{ children = { 'main', 'users' } }",
                        "2:19: warning: route_latest" + message.replace("users", "main")),
                tree("default = route_latest{ children = { 'main', 'users' }, failover_count = 1 }"),
                tree("cmap = { delete = route_allsync{ children = { 'main', 'users' } } }, default = "
                        + "route_latest{ children = { 'main', 'users' } }"),
                tree(
                        "default = route_failover{ children = { 'main', 'users' }, failover_count = 1 }",
                        "2:19: warning: route_failover: failover_count = 1 lets it ask its first child "
                                + "only: it counts the first one too"));
    }

    /** All notes on a tree, and that they are no warnings. */
    private static DynamicTest noted(String tree, String... notes) {
        return DynamicTest.dynamicTest(tree, () -> {
            ConfigFile file = ConfigFile.of(POOLS + "routes{ " + tree + " }");
            assertThat(file.checkText().lines().filter(line -> line.contains(": note: ")))
                    .containsExactly(
                            Stream.of(notes).map(note -> "routes.lua:" + note).toArray(String[]::new));
            assertThat(file.check().strictWarnings()).isZero();
        });
    }

    private static String byDefault(String route, String commands) {
        return "note: route_" + route + ": sends " + commands + " to several servers, each of which counts CAS"
                + " numbers for itself: a number of one does not match at another; where clients use gets and cas,"
                + " send both to one "
                + "child, in cmap{} or cmdmap{}";
    }

    @TestFactory
    Stream<DynamicTest> casOnSeveralServers() {
        String message = ": sends cas to several servers, each of which counts CAS numbers for itself: a number of"
                + " one does not match at another";
        return Stream.of(
                tree(
                        "cmap = { cas = route_allsync{ children = { 'main', 'users' } } }, default = "
                                + "route_direct{ child = 'main' }",
                        "2:24: warning: route_allsync" + message),
                tree(
                        "map = { a = cmdmap{ cas = route_direct{ child = route_random{ children = { "
                                + "'main', 'users' } } } } },"
                                + " default = route_direct{ child = 'main' }",
                        "2:57: warning: route_random" + message),
                tree(
                        "cmap = { cas = route_split{ child_a = 'main', child_b = 'users' } }, default = "
                                + "route_direct{ child = 'main' }",
                        "2:24: warning: route_split" + message),
                noted(
                        "default = route_allsync{ children = { 'main', 'users' } }",
                        "2:19: " + byDefault("allsync", "gets and cas")),
                noted(
                        "cmap = { cas = route_direct{ child = 'main' } }, default = route_allsync{ "
                                + "children = { 'main', 'users' } }",
                        "2:68: " + byDefault("allsync", "gets")),
                noted("cmap = { cas = route_direct{ child = 'main' }, gets = route_direct{ child = 'main' } }, "
                        + "default = route_allsync{ children = { 'main', 'users' } }"),
                noted("default = route_split{ child_a = 'main', child_b = 'users' }"),
                noted("default = route_shadow{ child = 'main', shadow = 'users' }"),
                noted("default = route_allasync{ children = { 'main', 'users' } }"),
                noted("cmap = { get = route_allfastest{ children = { 'main', 'users' } } }, "
                        + "default = route_direct{ child = 'main' }"),
                noted(
                        "map = { a = cmdmap{ all = route_random{ children = { 'main', 'users' } } } }, "
                                + "default = route_direct{ child = 'main' }",
                        "2:35: " + byDefault("random", "gets and cas")),
                noted(
                        "default = route_allfastest{ children = { 'main', route_allsync{ children = { 'users', "
                                + "'internal' } } } }",
                        "2:19: " + byDefault("allfastest", "gets and cas")));
    }

    @TestFactory
    Stream<DynamicTest> prefixesThatAreNeverStripped() {
        return Stream.of(
                tree(
                        "map = { user = route_prefix{ child = 'main', strip = 'old/' } }, default = "
                                + "route_direct{ child = 'main' }",
                        "2:24: warning: route_prefix: strip = \"old/\" removes nothing: keys that get "
                                + "here begin with \"user/\""),
                tree(
                        "map = { user = route_prefix{ strip = 'user/', add = 'u:', child = route_prefix{ "
                                + "strip = 'x', child = 'main' } } },"
                                + " default = route_direct{ child = 'main' }",
                        "2: warning: route_prefix: strip = \"x\" removes nothing: keys that get here "
                                + "begin with \"u:\""),
                tree(
                        "conf = { mode = 'anchor', start = '_', stop = ':' }, map = { user = "
                                + "route_prefix{ child = 'main', strip = 'user:' } },"
                                + " default = route_direct{ child = 'main' }",
                        "2:77: warning: route_prefix: strip = \"user:\" removes nothing: keys that get "
                                + "here begin with \"_user:\""),
                tree("map = { user = route_prefix{ child = 'main', strip = 'user/' } }, default = "
                        + "route_direct{ child = 'main' }"),
                tree("map = { user = route_prefix{ child = 'main', strip = 'user/data/' } }, default = "
                        + "route_direct{ child = 'main' }"),
                tree("default = route_prefix{ child = 'main', strip = 'old/' }"));
    }

    @TestFactory
    Stream<DynamicTest> childrenThatAreOne() {
        return Stream.of(
                tree(
                        "default = route_failover{ children = { 'main', route_ttl{ ttl = 60, child = 'main' } } }",
                        "2:19: warning: route_failover: pool \"main\" is its child twice: if it fails, so "
                                + "does the next",
                        "2:56: warning: route_ttl: gets commands other than ms, set, add and cas here, "
                                + "and answers them with"
                                + " SERVER_ERROR invalid command for route_ttl; put it under cmap or cmdmap"),
                tree(
                        "default = route_allsync{ children = { 'internal', 'internal' } }",
                        "2:19: warning: route_allsync: \"internal\" is its child twice: it is sent every "
                                + "request twice"),
                tree(
                        "default = route_random{ children = { 'main' } }",
                        "2:19: warning: route_random: has one child, so nothing to choose from"),
                tree(
                        "default = route_weighted{ children = { 'main' }, weights = { 1 } }",
                        "2:19: warning: route_weighted: has one child, so nothing to choose from"),
                tree(
                        "default = route_latest{ children = { 'main', 'users' }, weights = { 1, 0 } }",
                        "2:19: warning: route_latest: what \"users\" stores while others fail stays there when it is "
                                + "deleted later; give it a short life with route_ttl, or have deletes go to all "
                                + "children (route_allsync)"),
                tree(
                        "default = route_latest{ children = { 'main', 'users' }, weights = { 1, 0 }, "
                                + "failover_count = 1 }",
                        "2:19: warning: route_latest: child 2 has the weight 0, and failover_count is 1: "
                                + "it is never asked"),
                tree(
                        "default = route_weighted{ children = { 'main', 'users' }, weights = { 1, 0 } }",
                        "2:19: warning: route_weighted: child 2 has the weight 0: it gets no keys"));
    }
}
