package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.lua.LuaString;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.HandlerValue;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.handler.LuaHandlerSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the configuration stage makes of handlers that a file defines, and which mistakes it finds. */
class LuaHandlersReadingTest {

    private static final String POOLS = """
            pools{ a = { backends = { "10.0.0.1:1" } }, b = { backends = { "10.0.0.2:1" } },
              set_zones = { east = { backends = { "10.0.0.3:1" } }, west = { backends = { "10.0.0.4:1" } } } }
            register_route_handlers{ "mine" }
            function route_mine_start(a, ctx, fgen) end
            """;

    /**
     * The configuration stage of the handler, and its route as {@code default}; {@code conf} is line 5, the route line
     * 6.
     */
    private static ConfigText config(String conf, String arguments) {
        return ConfigText.of(POOLS + "function route_mine_conf(t, ctx) " + conf + " end\n"
                + "routes{ default = route_mine{ " + arguments + " } }");
    }

    private static LuaHandlerSpec read(String conf, String arguments) {
        return (LuaHandlerSpec) config(conf, arguments).defaultRoute();
    }

    private static HandlerValue argument(LuaHandlerSpec spec, String name) {
        return spec.arguments().entries().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private static HandlerValue text(String text) {
        return new HandlerValue.Text(LuaString.of(text));
    }

    private static List<String> children(LuaHandlerSpec spec) {
        return spec.children().stream()
                .map(child -> child.zone() + "=" + name(child))
                .toList();
    }

    private static String name(ZonedChild child) {
        return switch (child.child()) {
            case ChildSpec.PoolChild pool -> pool.pool().name();
            case ChildSpec.InternalChild internal -> "internal";
            case ChildSpec.RouteChild route -> "route_" + route.route().handler();
        };
    }

    @Test
    void takesWhatTheFunctionReturns() {
        LuaHandlerSpec spec = read("return { n = t.n + 1, label = ctx:label(), cmd = ctx:cmd() }", "n = 1");
        assertThat(argument(spec, "n")).isEqualTo(new HandlerValue.Whole(2L));
        assertThat(argument(spec, "label")).isEqualTo(text("default"));
        assertThat(argument(spec, "cmd")).isEqualTo(new HandlerValue.Whole(37L));
    }

    @Test
    void resolvesEveryArgumentWhoseNameBeginsWithChild() {
        LuaHandlerSpec spec = read(
                "return t",
                "child = 'a', child_far = route_direct{ child = 'b' }, children = { x = 'internal', y = "
                        + "'set_zones_east' }, children_more = 'set_zones'");
        assertThat(children(spec))
                .containsExactly(
                        "child=a",
                        "child_far=route_direct",
                        "x=internal",
                        "y=set_zones_east",
                        "children_more.east=set_zones_east",
                        "children_more.west=set_zones_west");
    }

    @Test
    void resolvesChildrenThatTheFunctionExpandedOrChose() {
        LuaHandlerSpec spec = read(
                "t.children = ctx:expand_children(t.children) t.children.west = 'a' return t",
                "children = 'set_zones'");
        assertThat(children(spec)).containsExactly("east=set_zones_east", "west=a");
    }

    @Test
    void expandsAWrapBeforeTheFunctionSeesIt() {
        LuaHandlerSpec spec =
                read("t.east = t.children.east ~= nil return t", "children = route_direct{ child_wrap = 'set_zones' }");
        assertThat(argument(spec, "east")).isEqualTo(new HandlerValue.Flag(true));
        assertThat(children(spec)).containsExactly("east=route_direct", "west=route_direct");
    }

    @Test
    void allowsAListOfNoChildren() {
        assertThat(read("return t", "children = {}").children()).isEmpty();
    }

    @Test
    void givesOneIdForOneNameAndNamesForWorkers() {
        ProxyConfig config = config(
                        "mcp.add_stat(1, 'taken') t.id = ctx:get_stats_id('x') t.same = "
                                + "ctx:stats_get_id('x') t.other = ctx:get_stats_id('y') return t",
                        "")
                .load();
        LuaHandlerSpec spec =
                (LuaHandlerSpec) config.trees().getFirst().defaultRoute().orElseThrow();
        assertThat(argument(spec, "id")).isEqualTo(new HandlerValue.Whole(2L));
        assertThat(argument(spec, "same")).isEqualTo(new HandlerValue.Whole(2L));
        assertThat(argument(spec, "other")).isEqualTo(new HandlerValue.Whole(3L));
        assertThat(config.handlers().orElseThrow().counters()).containsExactly(null, "taken", "x", "y");
    }

    @Test
    void knowsTheLocalZone() {
        ConfigText text = ConfigText.of("local_zone('west')\n" + POOLS
                + "function route_mine_conf(t, ctx) t.zone = ctx:local_zone() return t end "
                + "routes{ default = route_mine{} }");
        assertThat(argument((LuaHandlerSpec) text.defaultRoute(), "zone")).isEqualTo(text("west"));
    }

    @Test
    void needsNoLuaOnWorkersWithoutARouteOfSuchAHandler() {
        assertThat(ConfigText.of(POOLS + "routes{ default = route_direct{ child = 'a' } }")
                        .load()
                        .handlers())
                .isEmpty();
    }

    @Test
    void namesAnUnknownChildWithItsPlace() {
        assertThat(config("return t", "\n children = {\n 'a', 'bb' }").errors())
                .containsExactly("routes.lua:8: route_mine: no pool named \"bb\" (did you mean \"b\"?)");
    }

    @Test
    void tellsWhereTheFunctionFailedAndForWhichRoute() {
        assertThat(config("\n\n error('expected n') ", "").errors())
                .containsExactly("routes.lua:7: route_mine_conf: expected n (route_mine at routes.lua:8)");
    }

    @Test
    void refusesAFunctionThatReturnsNothing() {
        assertThat(config("", "").errors())
                .containsExactly(
                        "routes.lua:6: route_mine_conf: expected it to return the table of arguments, got nil");
    }

    @Test
    void refusesWhatWorkersCannotHave() {
        assertThat(config("return t", "\n f = { deep = print }, b = { [true] = 1 },\n u = route_null{}")
                        .errors())
                .containsExactly(
                        "routes.lua:7: route_mine: f: f.deep is a function, which cannot be passed to workers;"
                                + " expected strings, numbers, booleans and tables of these",
                        "routes.lua:7: route_mine: b: has a key that is neither a string nor a number: true",
                        "routes.lua:8: route_mine: u: is a route; routes and pools can only be given in arguments"
                                + " whose names begin with child");
    }

    @Test
    void refusesATableThatContainsItself() {
        assertThat(config("t.own = t t.twice = t return t", "").errors())
                .containsExactly(
                        "routes.lua:6: route_mine: own: is nested more than 100 tables deep; does it contain itself?",
                        "routes.lua:6: route_mine: twice: is nested more than 100 tables deep; does it "
                                + "contain itself?");
    }

    @Test
    void saysWhichFunctionIsMissing() {
        String route = "register_route_handlers{ 'half', 'none' }\nfunction route_half_conf(t) return t end\n";
        assertThat(ConfigText.of(route + "routes{ default = route_half{} }").errors())
                .containsExactly(
                        "routes.lua:3: route_half: no function route_half_start(arguments, ctx, fgen) is defined");
        assertThat(ConfigText.of(route + "routes{ default = route_none{} }").errors())
                .containsExactly("routes.lua:3: route_none: no function route_none_conf(arguments, ctx) is defined");
    }

    @Test
    void refusesNamesThatNoFunctionCanHave() {
        assertThat(ConfigText.withRoutes(
                                "register_route_handlers{ 'good', 'not good', 3 }\nregister_route_handlers('x')")
                        .errors())
                .containsExactly(
                        "routes.lua:1: register_route_handlers: expected names that can follow route_, "
                                + "got \"not good\"",
                        "routes.lua:1: register_route_handlers: expected names that can follow route_, got 3",
                        "routes.lua:2: register_route_handlers: expected a list of names, as in "
                                + "register_route_handlers{ \"mine\" }, got \"x\"");
    }

    @Test
    void checksAChildForTheFunction() {
        assertThat(config("ctx:check_child('aa') return t", "").errors())
                .containsExactly("routes.lua:5: route_mine_conf: no pool named \"aa\" (did you mean \"a\"?) "
                        + "(route_mine at routes.lua:6)");
    }
}
