package io.memroute.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.explain.render.Dot;
import io.memroute.proxy.explain.render.OutlineText;
import org.junit.jupiter.api.Test;

/** Checking, explaining, testing and showing routes whose handler is a function in Lua. */
class LuaHandlerExplanationTest {

    private static final String CONFIG = """
            pools{ a = { backends = { "10.0.0.1:11211" } }, b = { backends = { "10.0.0.2:11211" } } }
            register_route_handlers{ "last" }
            function route_last_conf(t, ctx) t.limits = { soft = 1 } return t end
            function route_last_start(a, ctx, fgen)
              local h
              for _, child in ipairs(a.children) do h = fgen:new_handle(child) end
              fgen:ready{ f = function(rctx) return function(r) return rctx:enqueue_and_wait(r, h) end end }
            end
            routes{ default = route_last{ note = "hi", children = { "a", route_direct{ child = "b" } } } }
            """;

    @Test
    void whySaysThatAFunctionDecidesListsItsChildrenAndRunsIt() {
        assertThat(ConfigFile.of(CONFIG).whyText("get k").replaceAll(" {2,}", "  "))
                .isEqualTo("""
                get k

                listener  untagged  routes.lua:9
                default  everything else  routes.lua:9

                last  routes.lua:9  a function in Lua decides from here on: which
                │  children it asks, what it answers
                ├─ 1: pool a  10.0.0.1:11211  backend 1 of 1, hash a921e3704fda881d of "k"
                └─ 2: direct  routes.lua:9  passes it on
                  └─ child: pool b  10.0.0.2:11211  backend 1 of 1, hash a921e3704fda881d of "k"

                all up, key in all  10.0.0.2:11211 hit  -> hit from 10.0.0.2:11211
                all up, key in none  10.0.0.2:11211 miss  -> miss
                10.0.0.2:11211 down  10.0.0.2:11211 down  -> SERVER_ERROR backend failure
                all of these down  10.0.0.2:11211 down  -> SERVER_ERROR backend failure
                10.0.0.2:11211 hangs  10.0.0.2:11211 no answer  -> SERVER_ERROR backend failure, after 3 s
                """);
    }

    @Test
    void testsRunTheFunction() {
        RouteTests.Report report = ConfigFile.of(CONFIG + """
                test{ when = "get k", expect_backend = "10.0.0.2:11211" }
                test{ when = "get k", expect_backend = "10.0.0.1:11211" }
                """).tests();
        assertThat(report.results()).extracting(RouteTests.Result::passed).containsExactly(true, false);
    }

    @Test
    void checkFindsWhatOnlyTheStartFunctionFindsOut() {
        assertThat(ConfigFile.of(CONFIG).check().errors()).isEmpty();
        assertThat(ConfigFile.of(CONFIG.replace("new_handle(child)", "new_handel(child)"))
                        .check()
                        .errors())
                .hasSize(1)
                .first()
                .satisfies(error -> assertThat(ConfigFile.withoutDirectory(error.quoted()))
                        .startsWith("routes.lua:6:50: ")
                        .contains(": attempt to call a nil value (method 'new_handel')\n")
                        .endsWith("""

                                 6 |   for _, child in ipairs(a.children) do h = fgen:new_handel(child) end
                                   |                                                  ^\
                                """));
    }

    @Test
    void showListsPlainArgumentsAndChildren() {
        Outline outline = Outline.of(ConfigFile.of(CONFIG).load().config());
        assertThat(ConfigFile.withoutDirectory(OutlineText.of("routes.lua", outline)))
                .endsWith("""
                └─ routes                routes.lua:9
                   └─ default: last      routes.lua:9  limits = { soft = 1 }, note = "hi"
                      ├─ 1: pool a
                      └─ 2: direct       routes.lua:9
                         └─ child: pool b
                """);
        assertThat(Dot.of(Drawing.of(outline))).contains("last\\nlimits { soft = 1 }, note hi");
    }

    @Test
    void planTellsThatTheCodeHasChanged() {
        String after = CONFIG.replace("local h\n", "local h = nil\n");
        Plan.Report same = Plan.compare(
                ConfigFile.of(CONFIG).load().config(),
                ConfigFile.of(CONFIG).load().config(),
                KeySample.generated(10));
        Plan.Report changed = Plan.compare(
                ConfigFile.of(CONFIG).load().config(),
                ConfigFile.of(after).load().config(),
                KeySample.generated(10));
        assertThat(same.settings()).isEmpty();
        assertThat(changed.settings()).hasSize(1).first().asString().contains("handlers in Lua", "CRC-32 ");
    }
}
