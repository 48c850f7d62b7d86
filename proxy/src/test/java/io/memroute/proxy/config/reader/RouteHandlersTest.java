package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.handler.CommonArguments;
import io.memroute.proxy.handler.LuaHandlerSpec;
import io.memroute.proxy.handler.builtin.AllAsyncHandler;
import io.memroute.proxy.handler.builtin.AllFastestHandler;
import io.memroute.proxy.handler.builtin.AllSyncHandler;
import io.memroute.proxy.handler.builtin.DirectHandler;
import io.memroute.proxy.handler.builtin.FailoverHandler;
import io.memroute.proxy.handler.builtin.LatestHandler;
import io.memroute.proxy.handler.builtin.MajorityHandler;
import io.memroute.proxy.handler.builtin.NearCacheHandler;
import io.memroute.proxy.handler.builtin.NullHandler;
import io.memroute.proxy.handler.builtin.PrefixHandler;
import io.memroute.proxy.handler.builtin.PrefixesHandler;
import io.memroute.proxy.handler.builtin.RandomHandler;
import io.memroute.proxy.handler.builtin.RateLimitHandler;
import io.memroute.proxy.handler.builtin.ReshardHandler;
import io.memroute.proxy.handler.builtin.ShadowHandler;
import io.memroute.proxy.handler.builtin.SplitHandler;
import io.memroute.proxy.handler.builtin.TtlHandler;
import io.memroute.proxy.handler.builtin.WarmHandler;
import io.memroute.proxy.handler.builtin.WeightedHandler;
import io.memroute.proxy.handler.builtin.ZoneFailoverHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments and children of every route handler (route library reference, sections 2 and 3). */
class RouteHandlersTest {

    /** Line 1: pools a, b, c, a keyed set, an array set, and sets whose names nest. */
    private static final String POOLS =
            "pools{ a = { backends = { 'a' } }, b = { backends = { 'b' } }, c = { backends = { 'c' } },"
                    + " set_geo = { west = { backends = { 'w' } }, east = { backends = { 'e' } } },"
                    + " set_list = { { backends = { '1' } }, { backends = { '2' } } },"
                    + " set_one_two = { z1 = { backends = { 'z' } } } }\n";

    private static RouteSpec route(String route) {
        return ConfigText.of(POOLS + "routes{ default = " + route + " }").defaultRoute();
    }

    private static List<String> errors(String route) {
        return ConfigText.of(POOLS + "routes{ default =\n" + route + " }").errors();
    }

    /** A route as text, without places: {@code failover(a, b)}. */
    private static String show(RouteSpec route) {
        return route.handler()
                + switch (route) {
                    case DirectHandler.Spec direct -> "(" + show(direct.child()) + ")";
                    case AllSyncHandler.Spec all -> show(all.children());
                    case AllAsyncHandler.Spec all -> show(all.children());
                    case AllFastestHandler.Spec all -> show(all.children());
                    case FailoverHandler.Spec failover -> show(failover.children());
                    case RandomHandler.Spec random -> show(random.children());
                    case ZoneFailoverHandler.Spec zones ->
                        "(" + zones.near().zone() + "=" + show(zones.near().child()) + " | " + show(zones.far()) + ")";
                    case SplitHandler.Spec split -> "(" + show(split.a()) + ", " + show(split.b()) + ")";
                    case TtlHandler.Spec ttl -> "(" + ttl.ttlSeconds() + ", " + show(ttl.child()) + ")";
                    case RateLimitHandler.Spec limit -> "(" + show(limit.child()) + ")";
                    case NullHandler.Spec nothing -> "()";
                    case ShadowHandler.Spec shadow ->
                        "(" + show(shadow.child()) + ", " + show(shadow.shadow()) + ", " + shadow.percent() + " % of "
                                + (shadow.byKey() ? "keys" : "requests")
                                + shadow.counter().map(name -> ", " + name).orElse("") + ")";
                    case WarmHandler.Spec warm -> "(" + show(warm.cold()) + ", " + show(warm.warm()) + ")";
                    case ReshardHandler.Spec reshard ->
                        "(" + show(reshard.from()) + ", " + show(reshard.to()) + ", " + reshard.quiet()
                                + reshard.counter().map(name -> ", " + name).orElse("") + ")";
                    case LatestHandler.Spec latest ->
                        show(latest.children()) + latest.weights() + "x" + latest.attempts() + latest.salt();
                    case MajorityHandler.Spec majority -> show(majority.children());
                    case WeightedHandler.Spec weighted -> show(weighted.children()) + weighted.weights();
                    case NearCacheHandler.Spec near ->
                        "(" + show(near.child()) + ", " + near.ttl() + ", " + near.maxBytes() + ", "
                                + near.maxValueBytes() + ")";
                    case PrefixHandler.Spec prefix ->
                        "(" + show(prefix.child()) + ", " + prefix.change().strip() + " > "
                                + prefix.change().add() + (prefix.change().ensure() ? " unless there" : "")
                                + (prefix.change().suffix().isEmpty()
                                        ? ""
                                        : ", " + prefix.change().suffix())
                                + ")";
                    case PrefixesHandler.Spec prefixes -> show(prefixes.children());
                    case LuaHandlerSpec handler -> show(handler.children());
                    case CommonArguments common -> show(common);
                    default -> throw new AssertionError("an unknown handler: " + route);
                };
    }

    private static String show(CommonArguments common) {
        String route = show(common.route());
        String within =
                common.maxWait().map(wait -> " within " + wait + ": " + route).orElse("")
                        + (common.missOnError() ? " or missing: " + route : "");
        return common.name()
                .map(name -> " as " + name + ": " + (within.isEmpty() ? route : common.handler() + within))
                .orElse(within);
    }

    private static String show(List<ZonedChild> children) {
        return children.stream()
                .map(child -> child.zone() + "=" + show(child.child()))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String show(ChildSpec child) {
        return switch (child) {
            case ChildSpec.PoolChild pool -> pool.pool().name();
            case ChildSpec.InternalChild internal -> "internal";
            case ChildSpec.RouteChild route -> show(route.route());
        };
    }

    // ---- children ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "route_direct{ child = 'a' } ~ direct(a)",
                "route_direct{ child = 'internal' } ~ direct(internal)",
                "route_direct{ child = 'set_geo_west' } ~ direct(set_geo_west)",
                "route_direct{ child = 'set_list_2' } ~ direct(set_list_2)",
                "route_direct{ child = 'set_one_two_z1' } ~ direct(set_one_two_z1)",
                "route_direct{ child = route_direct{ child = 'a' } } ~ direct(direct(a))",
                "route_allsync{ children = { 'a', 'b', 'a' } } ~ allsync(1=a, 2=b, 3=a)",
                "route_allsync{ children = { z = 'a', y = 'b', 'c' } } ~ allsync(1=c, y=b, z=a)",
                "route_allsync{ children = 'set_geo' } ~ allsync(east=set_geo_east, west=set_geo_west)",
                "route_allsync{ children = 'set_list' } ~ allsync(1=set_list_1, 2=set_list_2)",
                "route_allsync{ children = 'set_one_two' } ~ allsync(z1=set_one_two_z1)",
                "route_allsync{ children = { 'set_geo_east', route_null{}, 'internal' } } ~ "
                        + "allsync(1=set_geo_east, 2=null(), 3=internal)",
                "route_allsync{ children = { 'a', route_failover{ children = { 'b', 'c' } } } } ~ "
                        + "allsync(1=a, 2=failover(1=b, 2=c))",
                "route_allasync{ children = { 'a', 'b' } } ~ allasync(1=a, 2=b)",
                "route_random{ children = 'set_list' } ~ random(1=set_list_1, 2=set_list_2)",
                "route_allsync{ children = route_ttl{ ttl = 60, child_wrap = 'set_geo' } }"
                        + " ~ allsync(east=ttl(60, set_geo_east), west=ttl(60, set_geo_west))",
                "route_allsync{ children = route_ttl{ ttl = 60, child_wrap = 'set_list' } }"
                        + " ~ allsync(1=ttl(60, set_list_1), 2=ttl(60, set_list_2))",
                "route_allsync{ children = route_ttl{ ttl = 60, child_wrap = { x = 'a', y = route_null{} } } }"
                        + " ~ allsync(x=ttl(60, a), y=ttl(60, null()))",
                "route_allsync{ children = route_direct{ child_wrap = route_ttl{ ttl = 5, child_wrap = 'set_geo' } } }"
                        + " ~ allsync(east=direct(ttl(5, set_geo_east)), west=direct(ttl(5, set_geo_west)))",
            })
    void followsChildren(String row) {
        String[] parts = row.split(" ~ ");
        assertThat(show(route(parts[0]))).isEqualTo(parts[1]);
    }

    @Test
    void namesTheUnknownPoolAndTheLineItIsNamedOn() {
        assertThat(ConfigText.of("""
                pools{ main = { backends = { "a" } } }

                routes{
                  map = {
                    x = route_direct{
                      child = "mian",
                    },
                    y = route_direct{ child = "other" },
                  },
                }
                """).errors())
                .containsExactly(
                        "routes.lua:6: route_direct: no pool named \"mian\" (did you mean \"main\"?)",
                        "routes.lua:8: route_direct: no pool named \"other\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "route_direct{} ~ 3 ~ needs child: a pool, a route or \"internal\"",
                "route_direct{ children = { 'a' } } ~ 3 ~ unknown argument \"children\" (did you mean \"child\"?)",
                "route_direct{ childe = 'a', child = 'a' } ~ 3 ~ unknown argument \"childe\" (did you mean \"child\"?)",
                "route_direct{\nchild = 'aa' } ~ 4 ~ no pool named \"aa\" (did you mean \"a\"?)",
                "route_direct{\nchild = 'set_geo' } ~ 4 ~ child: \"set_geo\" is a set of pools, not a "
                        + "pool; one of its members is"
                        + " \"set_geo_east\"",
                "route_direct{\nchild = 'set_geo_wets' } ~ 4 ~ no pool named \"set_geo_wets\" (did you "
                        + "mean \"set_geo_west\"?)",
                "route_direct{\nchild = { 'a' } } ~ 4 ~ child: expected a pool, a route or \"internal\", got a table",
                "route_direct{\nchild = print } ~ 4 ~ child: expected a pool, a route or \"internal\", got a function",
                "route_direct{ child = 'a', 'b' } ~ 3 ~ expected named arguments, found \"b\" without a name",
                "route_allsync{} ~ 3 ~ needs children: a list or table of pools and routes, or a set",
                "route_allsync{\nchildren = {} } ~ 4 ~ children: is empty; expected at least one child",
                "route_allsync{\nchildren = 'a' } ~ 4 ~ children: \"a\" is one pool; expected a set or a "
                        + "list, as in { \"a\" }",
                "route_allsync{\nchildren = 'internal' } ~ 4 ~ children: expected a set or a list, as in "
                        + "{ \"internal\" }",
                "route_allsync{\nchildren = 'set_goe' } ~ 4 ~ no set named \"set_goe\" (did you mean \"set_geo\"?)",
                "route_allsync{\nchildren = {\n'a',\n'set_geo' } } ~ 6 ~ children: \"set_geo\" is a set "
                        + "of pools, not a pool; one of its"
                        + " members is \"set_geo_east\"",
                "route_allsync{\nchildren = { 'a', undefined, 'b' } } ~ 4 ~ children: entry 2 of the list is nil",
                "route_allsync{\nchildren = {\n'a',\n5 } } ~ 6 ~ children: expected a pool, a route or "
                        + "\"internal\", got 5",
                "route_allsync{\nchildren = route_direct{ child = 'a' } } ~ 4 ~ children: expected a list "
                        + "or table of pools and routes,"
                        + " or a set, got route_direct{...}",
                "route_allsync{ children = { 'a' }, stats = true } ~ 3 ~ unknown argument \"stats\"",
            })
    void saysWhatIsWrongWithChildren(String row) {
        String[] parts = row.split(" ~ ");
        String handler = parts[0].substring(0, parts[0].indexOf('{'));
        assertThat(errors(parts[0])).contains("routes.lua:" + parts[1] + ": " + handler + ": " + parts[2]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "route_ttl{ ttl = 5, child_wrap = 'set_geo' } ~ 3 ~ child_wrap: makes"
                        + " several routes, so it can only be the whole value of children",
                "route_allsync{ children = { route_ttl{ ttl = 5, child_wrap = 'set_geo' } } } ~ 3 ~ "
                        + "child_wrap: makes several routes, so it can only be the whole value of children",
                "route_allsync{ children = route_ttl{ ttl = 5, child_wrap = 'a' } } ~ 3 ~ child_wrap: "
                        + "expected a set, a list of pools and"
                        + " routes, or a route with child_wrap, got \"a\"",
                "route_allsync{ children = route_ttl{ ttl = 5, child_wrap = {} } } ~ 3 ~ child_wrap: is empty",
                "route_allsync{ children = route_ttl{ ttl = 5, child_wrap = route_null{} } } ~ 3 ~ "
                        + "child_wrap: expected a set, a list of"
                        + " pools and routes, or a route with child_wrap, got route_null{...}",
                "route_allsync{ children = route_ttl{ ttl = 5, child = 'a', child_wrap = 'set_geo' } } ~ "
                        + "3 ~ child_wrap: already gives the children; leave out child",
            })
    void saysWhatIsWrongWithAChildWrap(String row) {
        String[] parts = row.split(" ~ ");
        assertThat(errors(parts[0])).containsExactly("routes.lua:" + parts[1] + ": route_ttl: " + parts[2]);
    }

    @Test
    void refusesAChildWrapOnAHandlerWithoutAChild() {
        assertThat(errors("route_allsync{ children = route_random{ child_wrap = 'set_geo' } }"))
                .contains("routes.lua:3: route_random: unknown argument \"child\" (did you mean \"children\"?)");
    }

    @Test
    void refusesANameThatIsASetAndAMember() {
        assertThat(ConfigText.of("""
                pools{ set_one = { two = { backends = { "a" } } }, set_one_two = { { backends = { "b" } } } }
                routes{ default = route_allsync{ children = "set_one_two" }, cmap = { get = route_direct{ child = \
                "set_one_two" } } }
                """).errors())
                .containsExactly(
                        "routes.lua:2: route_allsync: children: \"set_one_two\" is both a set and a "
                                + "member of the set \"set_one\";"
                                + " rename one of them",
                        "routes.lua:2: route_direct: child: \"set_one_two\" is both a set and a member of "
                                + "the set \"set_one\"; rename one"
                                + " of them");
    }

    @Test
    void oneRouteMayStandAtSeveralPositions() {
        ProxyConfig config = ConfigText.of(POOLS + """
                local nested = route_failover{ children = { route_direct{ child = "a" }, "b" }, stats = true }
                routes{ map = { x = nested, y = cmdmap{ get = nested } }, cmap = { set = nested }, default = \
                route_allsync{
                  children = { nested, nested } } }
                """).load();
        RouteSpec x = config.trees().getFirst().map().get("x").all().orElseThrow();
        assertThat(show(x)).isEqualTo("failover(1=direct(a), 2=b)");
        assertThat(((FailoverHandler.Spec) x).counter()).contains("x_retries");
        assertThat(show(config.trees().getFirst().defaultRoute().orElseThrow()))
                .isEqualTo("allsync(1=failover(1=direct(a), 2=b), 2=failover(1=direct(a), 2=b))");
    }

    @Test
    void refusesARouteThatIsItsOwnChild() {
        assertThat(ConfigText.of("""
                local arguments = {}
                local route = route_direct(arguments)
                arguments.child = route
                routes{ default = route }
                """).errors())
                .containsExactly(
                        "routes.lua:2: route_direct: is nested more than 64 routes deep; is it its own child?");
    }

    @Test
    @Timeout(60)
    void refusesATreeThatDoublesAtEveryLevel() {
        assertThat(ConfigText.of("""
                local route = route_direct{ child = "internal" }
                for level = 1, 50 do
                  route = route_allsync{ children = { route, route } }
                end
                routes{ default = route }
                """).errors())
                .singleElement()
                .asString()
                .endsWith("is route number 100001; a configuration may have 100000 at most");
    }

    @Test
    void refusesAWrapThatWrapsItself() {
        assertThat(ConfigText.of("""
                local arguments = { ttl = 5 }
                local route = route_ttl(arguments)
                arguments.child_wrap = route
                routes{ default = route_allsync{ children = route } }
                """).errors())
                .containsExactly(
                        "routes.lua:2: route_ttl: child_wrap: is nested more than 16 deep; does it wrap itself?");
    }

    // ---- arguments ----

    @Test
    void readsFailover() {
        FailoverHandler.Spec all = (FailoverHandler.Spec) route("""
                route_failover{ children = { "a", "b", "c" }, miss = true, failover_count = 2, shuffle = true, wait = \
                0.5,
                  stats = true, stats_name = "gutter" }""");
        assertThat(all.rules().onMiss()).isTrue();
        assertThat(all.rules().attempts()).isEqualTo(2);
        assertThat(all.shuffle()).isTrue();
        assertThat(all.maxWait()).contains(Duration.ofMillis(500));
        assertThat(all.counter()).contains("gutter_retries");
        assertThat(all.localFirst()).isEmpty();
        assertThat(all.where().line()).isEqualTo(2);
    }

    @Test
    void failoverTriesAllChildrenOnErrorsOnlyUnlessConfigured() {
        FailoverHandler.Spec plain = (FailoverHandler.Spec) route("route_failover{ children = { 'a', 'b', 'c' } }");
        assertThat(plain.rules().onMiss()).isFalse();
        assertThat(plain.rules().attempts()).isEqualTo(3);
        assertThat(plain.shuffle()).isFalse();
        assertThat(plain.localFirst()).isEmpty();
        assertThat(plain.maxWait()).isEmpty();
        assertThat(plain.counter()).isEmpty();
        assertThat(((FailoverHandler.Spec) route("route_failover{ children = { 'a', 'b' }, failover_count = 9 }"))
                        .rules()
                        .attempts())
                .isEqualTo(2);
    }

    @Test
    void failoverPutsTheLocalZoneFirst() {
        assertThat(show(route("route_failover{ children = 'set_geo', local_zone = 'west' }")))
                .isEqualTo("failover(west=set_geo_west, east=set_geo_east)");
        FailoverHandler.Spec global =
                (FailoverHandler.Spec) ConfigText.of(POOLS + "local_zone('west') routes{ default ="
                                + " route_failover{ children = 'set_geo', shuffle = true } }")
                        .defaultRoute();
        assertThat(show(global)).isEqualTo("failover(west=set_geo_west, east=set_geo_east)");
        assertThat(global.localFirst()).isPresent();
        FailoverHandler.Spec list = (FailoverHandler.Spec) ConfigText.of(
                        POOLS + "local_zone('west') routes{ default =" + " route_failover{ children = { 'a', 'b' } } }")
                .defaultRoute();
        assertThat(list.localFirst()).isEmpty();
        assertThat(show(route("route_failover{ children = { 'a', 'b' }, local_zone = 2 }")))
                .isEqualTo("failover(2=b, 1=a)");
    }

    @Test
    void readsZoneFailover() {
        ZoneFailoverHandler.Spec zones = (ZoneFailoverHandler.Spec)
                route("route_zfailover{ children = 'set_geo', local_zone = 'west', shuffle = true, "
                        + "failover_count = 2, stats = true }");
        assertThat(show(zones)).isEqualTo("zfailover(west=set_geo_west | (east=set_geo_east))");
        assertThat(zones.onMiss()).isTrue();
        assertThat(zones.counter()).contains("default_retries");
        ZoneFailoverHandler.Spec global =
                (ZoneFailoverHandler.Spec) ConfigText.of(POOLS + "local_zone('east') routes{ default ="
                                + " route_zfailover{ children = { east = 'a', west = 'b' }, miss = false } }")
                        .defaultRoute();
        assertThat(show(global)).isEqualTo("zfailover(east=a | (west=b))");
        assertThat(global.onMiss()).isFalse();
    }

    @Test
    void readsTheOthers() {
        SourceLocation where = route("route_null{}").where();
        assertThat(where.line()).isEqualTo(2);
        AllFastestHandler.Spec fastest =
                (AllFastestHandler.Spec) route("route_allfastest{ children = { 'a' }, miss = true, wait = 2 }");
        assertThat(fastest.onMiss()).isTrue();
        assertThat(fastest.maxWait()).contains(Duration.ofSeconds(2));
        assertThat(show(route("route_split{ child_a = 'a', child_b = route_null{} }")))
                .isEqualTo("split(a, null())");
        assertThat(show(route("route_ttl{ ttl = -1, child = 'a' }"))).isEqualTo("ttl(-1, a)");
        RateLimitHandler.Spec limit =
                (RateLimitHandler.Spec) route("route_ratelim{ child = 'a', limit = 10, fillrate = 5 }");
        assertThat(((RateLimitHandler.Spec) route("route_ratelim{ child = 'a', limit = 4294967295, fillrate = 1 }"))
                        .limit())
                .isEqualTo(4294967295L);
        assertThat(limit)
                .isEqualTo(new RateLimitHandler.Spec(
                        limit.child(),
                        10,
                        5,
                        Duration.ofSeconds(1),
                        false,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        limit.where()));
        RateLimitHandler.Spec inverted =
                (RateLimitHandler.Spec) route("route_ratelim{ child = 'a', limit = 10, fillrate = 5, tickrate = 250,"
                        + " global = true, fail_until_limit = true, stats = true }");
        assertThat(inverted)
                .isEqualTo(new RateLimitHandler.Spec(
                        inverted.child(),
                        10,
                        5,
                        Duration.ofMillis(250),
                        true,
                        true,
                        Optional.empty(),
                        Optional.of("default_limits"),
                        inverted.where()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "route_failover{ children = { 'a' }, miss = 1 } ~ miss: expected true or false, got 1",
                "route_failover{ children = { 'a' }, failover_count = 0 } ~ failover_count: expected a "
                        + "whole number, 1 or more, got 0",
                "route_failover{ children = { 'a' }, wait = 0 } ~ wait: expected a number of seconds, "
                        + "more than 0, got 0",
                "route_failover{ children = { 'a' }, shufle = true } ~ unknown argument \"shufle\" (did "
                        + "you mean \"shuffle\"?)",
                "route_failover{ children = 'set_geo', local_zone = 'wst' } ~ no child for the local zone "
                        + "\"wst\" (did you mean"
                        + " \"west\"?); children has east, west",
                "route_failover{ children = { 'a' }, stats_name = 'x' } ~ stats_name: has no effect "
                        + "without stats = true",
                "route_failover{ children = { 'a' }, stats = true, stats_name = 'a b' } ~ stats: the "
                        + "counter's name \"a b_retries\" is"
                        + " longer than 122 characters or has spaces; choose another with stats_name",
                "route_zfailover{ children = 'set_geo' } ~ needs a zone: local_zone = \"...\" here, or "
                        + "local_zone(\"...\") for all routes",
                "route_zfailover{ children = 'set_geo', local_zone = 'x' } ~ no child for the local zone "
                        + "\"x\"; children has east, west",
                "route_zfailover{ children = 'set_geo', local_zone = 'west', shufle = true } ~ unknown "
                        + "argument \"shufle\" (did you mean \"shuffle\"?)",
                "route_split{ child_a = 'a' } ~ needs child_b: a pool, a route or \"internal\"",
                "route_split{ child_a = 'a', child_b = 'bb' } ~ no pool named \"bb\" (did you mean \"b\"?)",
                "route_ttl{ child = 'a' } ~ needs ttl (seconds)",
                "route_ttl{ ttl = 1.5, child = 'a' } ~ ttl: expected a whole number, -1 or more, got 1.5",
                "route_ttl{ ttl = 'x', child = 'a' } ~ ttl: expected a whole number, -1 or more, got \"x\"",
                "route_null{ child = 'a' } ~ unknown argument \"child\"",
                "route_ratelim{ child = 'a', fillrate = 1 } ~ needs limit (requests)",
                "route_ratelim{ child = 'a', limit = 1 } ~ needs fillrate (requests per tick)",
                "route_ratelim{ child = 'a', limit = 0, fillrate = 1 } ~ limit: expected a whole number "
                        + "from 1 to 4294967295, got 0",
                "route_ratelim{ child = 'a', limit = 1, fillrate = 1, tickrate = 0 } ~ tickrate: expected "
                        + "a whole number, 1 or more,"
                        + " got 0",
            })
    void saysWhatIsWrongWithAnArgument(String row) {
        String[] parts = row.split(" ~ ");
        String handler = parts[0].substring(0, parts[0].indexOf('{'));
        assertThat(errors(parts[0])).containsExactly("routes.lua:3: " + handler + ": " + parts[1]);
    }

    @Test
    void refusesATtlForACommandThatHasNone() {
        assertThat(ConfigText.of(POOLS + "routes{ cmap = { set = route_ttl{ ttl = 5, child = 'a' },\n"
                                + " get = route_ttl{ ttl = 5, child = 'a' } } }")
                        .errors())
                .containsExactly("routes.lua:3: route_ttl: is the route of get here, but only ms, set, add and cas "
                        + "have a time to live to replace");
    }

    @Test
    void expectsATableOfArguments() {
        assertThat(errors("route_direct('a')"))
                .containsExactly("routes.lua:3: route_direct: expected a table, as in route_direct{ ... }, got \"a\"");
    }

    // ---- the handlers that memcached's library does not have, and the arguments that all have ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "route_shadow{ child = 'a', shadow = 'b' } ~ shadow(a, b, 100.0 % of keys)",
                "route_shadow{ child = 'a', shadow = 'b', percent = 0.5, key_sample = false } ~ shadow(a, "
                        + "b, 0.5 % of requests)",
                "route_shadow{ child = 'a', shadow = 'b', compare = true } ~ shadow(a, b, 100.0 % of keys, default)",
                "route_shadow{ child = 'a', shadow = 'b', compare = true, stats_name = 'x' } ~ shadow(a, "
                        + "b, 100.0 % of keys, x)",
                "route_warm{ cold = 'a', warm = route_direct{ child = 'b' } } ~ warm(a, direct(b))",
                "route_reshard{ from = 'a', to = 'b' } ~ reshard(a, b, PT10M)",
                "route_reshard{ from = 'a', to = 'b', quiet = 5, stats = true, stats_name = 'x' } ~ "
                        + "reshard(a, b, PT5S, x)",
                "route_latest{ children = { 'a', 'b' } } ~ latest(1=a, 2=b)[1.0, 1.0]x2",
                "route_latest{ children = 'set_geo', weights = { west = 3, east = 1 }, failover_count = "
                        + "1, salt = 's' } ~ "
                        + "latest(east=set_geo_east, west=set_geo_west)[1.0, 3.0]x1s",
                "route_majority{ children = { 'a', 'b', 'c' } } ~ majority(1=a, 2=b, 3=c)",
                "route_weighted{ children = { 'a', 'b' }, weights = { 99, 1 } } ~ weighted(1=a, 2=b)[99.0, 1.0]",
                "route_weighted{ children = { old = 'a', new = 'b' }, weights = { old = 1, new = 0 } } ~ "
                        + "weighted(new=b, old=a)[0.0, 1.0]",
                "route_nearcache{ child = 'a' } ~ nearcache(a, PT1S, 16777216, 4096)",
                "route_nearcache{ child = 'a', ttl = 5, max_bytes = 1000000, max_value = 100 } ~ "
                        + "nearcache(a, PT5S, 1000000, 100)",
                "route_prefix{ child = 'a', strip = 'old/', add = 'new:' } ~ prefix(a, old/ > new:)",
                "route_prefix{ child = 'a', add = 'x' } ~ prefix(a,  > x)",
                "route_prefix{ child = 'a', strip = 'y', add = 'x', ensure = true, suffix = 's' } ~ "
                        + "prefix(a, y > x unless there, s)",
                "route_prefixes{ children = { ['x:'] = 'a', ['x:y'] = 'b' }, default = 'c' } ~ "
                        + "prefixes(x:=a, x:y=b, default=c)",
                "route_direct{ child = 'a', wait = 0.5 } ~ direct within PT0.5S: direct(a)",
                "route_direct{ child = 'a', miss_on_error = true } ~ direct or missing: direct(a)",
                "route_direct{ child = 'a', miss_on_error = false } ~ direct(a)",
                "route_direct{ child = 'a', wait = 1, name = 'main' } ~ direct as main: direct within PT1S: direct(a)",
                "route_null{ name = 'nothing' } ~ null as nothing: null()"
            })
    void readsTheHandlersAndArgumentsThatAreAdded(String routeAndExpected) {
        String[] parts = routeAndExpected.split(" ~ ");
        assertThat(show(route(parts[0]))).isEqualTo(parts[1]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "route_shadow{ child = 'a', shadow = 'b', percent = 101 } ~ "
                        + "route_shadow: percent: expected a number from 0 to 100, got 101",
                "route_shadow{ child = 'a', shadow = 'b', stats_name = 'x' } ~ "
                        + "route_shadow: stats_name: has no effect without compare = true",
                "route_shadow{ child = 'a' } ~ route_shadow: needs shadow: a pool, a route or \"internal\"",
                "route_warm{ cold = 'a' } ~ route_warm: needs warm: a pool, a route or \"internal\"",
                "route_hash{ children = { 'a', 'b' }, filter = 'tags' } ~ "
                        + "route_hash: filter: needs filter_conf: for \"stop\" the text that ends the hashed part, for"
                        + " \"tags\" the two characters around it",
                "route_hash{ children = { 'a', 'b' }, sead = 'x' } ~ "
                        + "route_hash: unknown argument \"sead\" (did you mean \"seed\"?)",
                "route_migrate{ from = 'a', to = 'b', window = 5 } ~ route_migrate: needs start (when the "
                        + "first keys move)",
                "route_migrate{ from = 'a', to = 'b', start = 0 } ~ route_migrate: needs window (seconds)",
                "route_migrate{ from = 'a', to = 'b', start = 'soon', window = 5 } ~ route_migrate: start: expected a"
                        + " time such as \"2026-03-01T10:00:00Z\", or seconds since 1970 up to the year "
                        + "2200, got \"soon\"",
                "route_migrate{ from = 'a', to = 'b', start = 1780000000000, window = 5 } ~ "
                        + "route_migrate: start: expected a"
                        + " time such as \"2026-03-01T10:00:00Z\", or seconds since 1970 up to the year 2200,"
                        + " got 1780000000000",
                "route_weighted{ children = { 'a', 'b' } } ~ route_weighted: needs weights: a table with "
                        + "a number for each child",
                "route_weighted{ children = { 'a', 'b' }, weights = { 1 } } ~ route_weighted: weights: "
                        + "has no weight for child \"2\"",
                "route_weighted{ children = { 'a' }, weights = { 0 } } ~ "
                        + "route_weighted: weights: are all 0: no child would get anything",
                "route_weighted{ children = { 'a' }, weights = { -1 } } ~ "
                        + "route_weighted: weights: expected a number, 0 or more, for child \"1\", got -1",
                "route_weighted{ children = 'set_geo', weights = { west = 1, eats = 1 } } ~ "
                        + "route_weighted: weights: there is no child \"eats\" (did you mean \"east\"?)",
                "route_prefix{ child = 'a' } ~ "
                        + "route_prefix: needs strip, add, suffix, or several: the text to remove from keys, and "
                        + "those to put in front and behind",
                "route_prefix{ child = 'a', strip = 'x', ensure = true } ~ "
                        + "route_prefix: ensure: has no effect without add",
                "route_failover{ children = { 'a', 'b' }, errors = 'bad' } ~ "
                        + "route_failover: errors: expected a list such as { \"bad\", \"connect\" }, got \"bad\"",
                "route_failover{ children = { 'a', 'b' }, errors = { 'conect' } } ~ "
                        + "route_failover: errors: expected bad, connect, full, timeout, lost, server_error,"
                        + " client_error, got \"conect\" (did you mean \"connect\"?)",
                "route_failover{ children = { 'a', 'b' }, failover_rate = 2 } ~ "
                        + "route_failover: failover_rate: expected a part of the requests, from 0 to 1, got 2",
                "route_failover{ children = { 'a', 'b' }, failover_burst = 2 } ~ "
                        + "route_failover: failover_burst: has no effect without failover_rate",
                "route_failover{ children = { 'a', 'b' }, failover_rate = 1, failover_burst = 0.5 } ~ "
                        + "route_failover: failover_burst: expected a number, 1 or more, got 0.5",
                "route_hash{ children = { 'a', 'b' }, weights = { 1, 2 } } ~ "
                        + "route_hash: weights: has no effect without the pool option placement",
                "route_hash{ children = { 'a', 'b' }, placement = 'mcrouter-weighted-ch3', weights = { 1, 2 } } ~ "
                        + "route_hash: weights: expected a number from 0 to 1 with placement = "
                        + "\"mcrouter-weighted-ch3\", got 2.0",
                "route_hash{ children = { 'a', 'b' }, placement = 'mcrouter-ch3', names = { 'x' } } ~ "
                        + "route_hash: names: has no effect with placement = \"mcrouter-ch3\", which goes by the order"
                        + " of backends",
                "route_hash{ children = { 'a', 'b' }, placement = 'mcrouter-rendezvous', names = { c = 'x' } } ~ "
                        + "route_hash: names: there is no child \"c\"",
                "route_prefix{ child = 'a', add = 'a b' } ~ "
                        + "route_prefix: add: expected up to 200 bytes without spaces and control "
                        + "characters, got \"a b\"",
                "route_prefixes{ children = { 'a' }, default = 'b' } ~ "
                        + "route_prefixes: children: expected a table with children by prefix, got a list",
                "route_prefixes{ children = { [''] = 'a' }, default = 'b' } ~ "
                        + "route_prefixes: children: no key begins with \"\", or all keys do",
                "route_prefixes{ children = { x = 'a' } } ~ "
                        + "route_prefixes: needs default: a pool, a route or \"internal\"",
                "route_ttl{ ttl = 0, shorten = true, child = 'a' } ~ "
                        + "route_ttl: shorten = true needs a ttl of at least a second",
                "route_nearcache{ child = 'a', ttl = 0 } ~ route_nearcache: ttl: expected a whole number, "
                        + "1 or more, got 0",
                "route_direct{ child = 'a', wait = 0 } ~ route_direct: wait: expected a number of "
                        + "seconds, more than 0, got 0",
                "route_null{ miss_on_error = true } ~ route_null: unknown argument \"miss_on_error\"",
                "route_null{ wait = 1 } ~ route_null: unknown argument \"wait\""
            })
    void saysWhatIsWrongWithThem(String routeAndExpected) {
        String[] parts = routeAndExpected.split(" ~ ");
        assertThat(errors(parts[0])).hasSize(1).first().asString().endsWith(parts[1]);
    }
}
