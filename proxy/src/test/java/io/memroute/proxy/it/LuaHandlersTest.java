package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.proxy.config.ConfigException;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Route handlers that a configuration's own files define, over real backends. */
class LuaHandlersTest {

    /** Asks the children one after the other until one has the key. */
    private static final String FIRST = """
            register_route_handlers{ "first" }
            function route_first_conf(t, ctx)
              if t.stats then t.id = ctx:get_stats_id(ctx:label() .. "_asked") end
              return t
            end
            function route_first_start(a, ctx, fgen)
              local handles = {}
              for i, child in ipairs(a.children) do handles[i] = fgen:new_handle(child) end
              fgen:ready{ n = ctx:label(), a = { handles = handles, id = a.id }, f = function(rctx, arg)
                return function(r)
                  if arg.id then mcp.stat(arg.id, 1) end
                  local res
                  for _, handle in ipairs(arg.handles) do
                    res = rctx:enqueue_and_wait(r, handle)
                    if res:hit() then return res end
                  end
                  return res
                end
              end }
            end
            """;

    private static MemcachedServer one;
    private static MemcachedServer two;

    @BeforeAll
    static void startServers() {
        one = MemcachedServer.start();
        two = MemcachedServer.start();
    }

    @AfterAll
    static void stopServers() {
        one.close();
        two.close();
    }

    private static String pools() {
        return "pools{ one = { backends = { \"127.0.0.1:" + one.port() + "\" } },\n"
                + "  two = { backends = { \"127.0.0.1:" + two.port() + "\" } },\n"
                + "  set_both = { { backends = { \"127.0.0.1:" + one.port() + "\" } },"
                + " { backends = { \"127.0.0.1:" + two.port() + "\" } } } }\n";
    }

    private static String routes(String route) {
        return pools() + "routes{ map = { all = route_allsync{ children = { \"one\", \"two\" } },\n"
                + " one = route_direct{ child = \"one\" }, two = route_direct{ child = \"two\" } },\n"
                + " default = " + route + " }\n";
    }

    private static void store(int port, String key, String value) {
        try (RawClient client = RawClient.connect(port)) {
            client.send("set " + key + " 0 0 " + value.length() + "\r\n" + value + "\r\n");
            client.expect("STORED\r\n");
        }
    }

    private static String value(String key, String value) {
        return "VALUE " + key + " 0 " + value.length() + "\r\n" + value + "\r\nEND\r\n";
    }

    @Test
    void servesRequestsWithTheFunctionOfAListedFile() throws ConfigException {
        store(two.port(), "only-two", "2");
        try (ProxyUnderTest proxy =
                ProxyUnderTest.startText(FIRST, routes("route_first{ children = { 'one', 'two' } }"))) {
            proxy.expect("get only-two\r\n", value("only-two", "2"));
            proxy.expect("get nowhere\r\n", "END\r\n");
        }
    }

    @Test
    void servesRequestsWithAFunctionOfTheUsersFileItself() throws ConfigException {
        store(two.port(), "only-two", "2");
        try (ProxyUnderTest proxy =
                ProxyUnderTest.startText(null, FIRST + routes("route_first{ children = { 'one', 'two' } }"))) {
            proxy.expect("get only-two\r\n", value("only-two", "2"));
        }
    }

    @Test
    void takesASetAsChildren() throws ConfigException {
        store(two.port(), "only-two", "2");
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(FIRST, routes("route_first{ children = 'set_both' }"))) {
            proxy.expect("get only-two\r\n", value("only-two", "2"));
        }
    }

    @Test
    void takesTheEmbeddedStoreAsAChild() throws ConfigException {
        store(two.port(), "only-two", "2");
        try (ProxyUnderTest proxy =
                ProxyUnderTest.startText(FIRST, routes("route_first{ children = { 'internal', 'two' } }"))) {
            proxy.expect("get only-two\r\n", value("only-two", "2"));
            proxy.expect("set inside 0 0 1\r\n1\r\n", "STORED\r\n");
            proxy.expect("get inside\r\n", value("inside", "1"));
        }
    }

    @Test
    void hasHandlersOfTheLibraryAsChildrenAndIsAChildOfThem() throws ConfigException {
        store(two.port(), "only-two", "2");
        String route = "route_failover{ miss = true, children = { 'one', route_first{ children = {"
                + " route_null{}, route_failover{ children = { 'one', 'two' }, miss = true } } } } }";
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(FIRST, routes(route))) {
            proxy.expect("get only-two\r\n", value("only-two", "2"));
        }
    }

    @Test
    void hasHandlersInLuaAsChildren() throws ConfigException {
        store(two.port(), "only-two", "2");
        String route = "route_first{ children = { 'one', route_first{ children = { 'one', route_first{ children "
                + "= {'two'} } } } } }";
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(FIRST, routes(route))) {
            proxy.expect("get only-two\r\n", value("only-two", "2"));
        }
    }

    @Test
    void standsForOneRouteAChildWithChildWrap() throws ConfigException {
        String wrapped = """
                register_route_handlers{ "tag" }
                function route_tag_conf(t, ctx) return t end
                function route_tag_start(a, ctx, fgen)
                  local h = fgen:new_handle(a.child)
                  fgen:ready{ f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, h) end end }
                end
                """;
        store(two.port(), "only-two", "2");
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(
                FIRST + wrapped, routes("route_first{ children = route_tag{ child_wrap = 'set_both' } }"))) {
            proxy.expect("get only-two\r\n", value("only-two", "2"));
        }
    }

    @Test
    void countsUnderTheNameThatTheContextGaveAnIdFor() throws ConfigException {
        try (ProxyUnderTest proxy =
                ProxyUnderTest.startText(FIRST, routes("route_first{ stats = true, children = { 'one' } }"))) {
            proxy.expect("get a\r\n", "END\r\n");
            proxy.expect("get b\r\n", "END\r\n");
            assertThat(stats(proxy)).contains("STAT user_default_asked 2\r\n");
        }
    }

    private static String stats(ProxyUnderTest proxy) {
        try (RawClient client = proxy.connect()) {
            client.send("stats proxy\r\n");
            return client.readUntil("END\r\n");
        }
    }

    @Test
    void countsUnderItsNameAsEveryRouteDoes() throws ConfigException {
        try (ProxyUnderTest proxy =
                ProxyUnderTest.startText(FIRST, routes("route_first{ name = 'mine', children = { 'one' } }"))) {
            proxy.expect("get a\r\n", "END\r\n");
            assertThat(stats(proxy)).contains("STAT user_mine_requests 1\r\n", "STAT user_mine_misses 1\r\n");
        }
    }

    @Test
    void givesEachPlaceInTheTreeArgumentsAndAContextOfItsOwn() throws ConfigException {
        String handlers = """
                register_route_handlers{ "where" }
                function route_where_conf(t, ctx) t.text = t.text .. ctx:label() .. ":" .. ctx:cmd() return t end
                function route_where_start(a, ctx, fgen)
                  fgen:ready{ f = function(rctx) return function(r)
                    return "SERVER_ERROR " .. a.text .. " " .. ctx:label() .. ":" .. ctx:cmd() .. "\\r\\n"
                  end end }
                end
                """;
        String lua = """
                local here = route_where{ text = "at " }
                routes{ map = { p = here }, cmap = { set = here }, default = here }
                """;
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(handlers, lua)) {
            proxy.expect("get p/a\r\n", "SERVER_ERROR at p:37 p:37\r\n");
            proxy.expect("set a 0 0 1\r\n1\r\n", "SERVER_ERROR at cmdmap:9 cmdmap:9\r\n");
            proxy.expect("get a\r\n", "SERVER_ERROR at default:37 default:37\r\n");
        }
    }

    @Test
    void replacesAHandlerOfTheLibraryWhoseFunctionsAFileDefines() throws ConfigException {
        String handlers = """
                function route_direct_conf(t, ctx) return t end
                function route_direct_start(a, ctx, fgen)
                  fgen:ready{ f = function(rctx) return function(r) return "SERVER_ERROR mine\\r\\n" end end }
                end
                """;
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(handlers, routes("route_null{}"))) {
            proxy.expect("get one/a\r\n", "SERVER_ERROR mine\r\n");
        }
    }

    @Test
    void findsPoolsByNameInTheStartFunction() throws ConfigException {
        String handlers = """
                register_route_handlers{ "named" }
                function route_named_conf(t, ctx) return t end
                function route_named_start(a, ctx, fgen)
                  local h = fgen:new_handle(ctx:get_child(a.pool))
                  fgen:ready{ f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, h) end end }
                end
                """;
        store(two.port(), "only-two", "2");
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(handlers, routes("route_named{ pool = 'two' }"))) {
            proxy.expect("get only-two\r\n", value("only-two", "2"));
        }
    }

    @Test
    void sharesALimiterThatTheConfigurationMade() throws ConfigException {
        String handlers = """
                register_route_handlers{ "limited" }
                function route_limited_conf(t, ctx)
                  t.limiter = mcp.ratelim_global_tbf{ limit = 3, fillrate = 1, tickrate = 3600000 }
                  return t
                end
                function route_limited_start(a, ctx, fgen)
                  fgen:ready{ f = function(rctx) return function(r)
                    return a.limiter(1) and "SERVER_ERROR yes\\r\\n" or "SERVER_ERROR no\\r\\n"
                  end end }
                end
                """;
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(handlers, "routes{ default = route_limited{} }")) {
            proxy.expect("get a\r\nget b\r\nget c\r\n", "SERVER_ERROR yes\r\nSERVER_ERROR yes\r\nSERVER_ERROR no\r\n");
        }
    }

    @Test
    void usesTheFunctionOfTheNextLoadAfterAReload() throws ConfigException {
        String answers = """
                register_route_handlers{ "say" }
                function route_say_conf(t, ctx) return t end
                function route_say_start(a, ctx, fgen)
                  fgen:ready{ f = function(rctx) return function(r) return "SERVER_ERROR WORD\\r\\n" end end }
                end
                """;
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(answers.replace("WORD", "old"), routes("route_say{}"))) {
            proxy.expect("get a\r\n", "SERVER_ERROR old\r\n");
            assertThat(proxy.reloadHandlers(answers.replace("WORD", "new")).succeeded())
                    .isTrue();
            proxy.expect("get a\r\n", "SERVER_ERROR new\r\n");
        }
    }

    @Test
    void keepsTheFunctionInForceWhenTheNextOneFailsOnAWorker() throws ConfigException {
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(FIRST, routes("route_first{ children = { 'one' } }"))) {
            store(one.port(), "kept", "1");
            assertThat(proxy.reloadHandlers(FIRST.replace("fgen:ready", "fgen:steady"))
                            .succeeded())
                    .isFalse();
            proxy.expect("get kept\r\n", value("kept", "1"));
        }
    }

    @Test
    void answersWithAnErrorWhenTheFunctionFailsAndServesTheNext() throws ConfigException {
        String handlers = FIRST.replace("local res\n", "if r:key() == 'bad' then error('no') end local res\n");
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(handlers, routes("route_first{ children = { 'one' } }"))) {
            proxy.expect("get bad\r\nget good\r\n", "SERVER_ERROR lua failure\r\nEND\r\n");
        }
    }

    @Test
    void refusesAStartFunctionThatNeverCallsReady() {
        String handlers = """
                register_route_handlers{ "idle" }
                function route_idle_conf(t, ctx) return t end
                function route_idle_start(a, ctx, fgen) end
                """;
        assertThatThrownBy(() -> ProxyUnderTest.startText(handlers, "routes{ default = route_idle{} }")
                        .close())
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("/tmp/\\S+\\.lua:1: route_idle: route_idle_start did not call fgen:ready");
    }

    @Test
    void tellsWhereAStartFunctionFailed() {
        assertThatThrownBy(() -> ProxyUnderTest.startText(
                                FIRST.replace("fgen:ready", "fgen:steady"),
                                "routes{ default = route_first{ children = { 'internal' } } }")
                        .close())
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching(
                        "(?s).*/memroute-test-\\d+\\.handlers\\.lua:9: route_first_start \\(for route_first at"
                                + " .*/memroute-test-\\d+\\.lua:1\\): .*steady.*");
    }
}
