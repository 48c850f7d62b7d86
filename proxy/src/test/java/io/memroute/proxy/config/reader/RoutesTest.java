package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Command;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.CommandMap;
import io.memroute.proxy.config.PrefixRule;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteSpec;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.handler.builtin.DirectHandler;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {

    private static final String POOLS = "pools{ a = { backends = { 'a' } }, b = { backends = { 'b' } } }"
            + " local to = function(name) return route_direct{ child = name } end\n";

    private static RouteTree tree(String routes) {
        return ConfigText.of(POOLS + routes).load().trees().getFirst();
    }

    private static List<String> errors(String routes) {
        return ConfigText.of(POOLS + routes).errors();
    }

    /** The pool that a direct route sends to. */
    private static String target(RouteSpec route) {
        return ((ChildSpec.PoolChild) ((DirectHandler.Spec) route).child())
                .pool()
                .name();
    }

    private static String target(CommandMap commands, Command command) {
        return commands.route(command).map(RoutesTest::target).orElse("none");
    }

    @Test
    void aTreeMayHaveADefaultOnly() {
        RouteTree tree = tree("routes{ default = to('a') }");
        assertThat(tree.tag()).isEmpty();
        assertThat(tree.prefixRule()).isEqualTo(new PrefixRule(PrefixRule.Mode.PREFIX, "", "/"));
        assertThat(tree.map()).isEmpty();
        assertThat(tree.cmap()).isEmpty();
        assertThat(target(tree.defaultRoute().orElseThrow())).isEqualTo("a");
        assertThat(tree.where().line()).isEqualTo(2);
    }

    @Test
    void readsPrefixesWithRoutesAndCommandMaps() {
        RouteTree tree = tree("""
                routes{ map = { foo = to("a"), bar = cmdmap{ set = to("b"), all = to("a") }, ["x-y"] = cmdmap{ get = \
                to("b") } } }
                """);
        assertThat(tree.map().keySet()).containsExactly("bar", "foo", "x-y");
        assertThat(target(tree.map().get("foo"), Command.MG)).isEqualTo("a");
        assertThat(target(tree.map().get("bar"), Command.SET)).isEqualTo("b");
        assertThat(target(tree.map().get("bar"), Command.GET)).isEqualTo("a");
        assertThat(target(tree.map().get("x-y"), Command.GET)).isEqualTo("b");
        assertThat(target(tree.map().get("x-y"), Command.SET)).isEqualTo("none");
        assertThat(tree.defaultRoute()).isEmpty();
    }

    @Test
    void readsEveryCommandByNameAndByNumber() {
        StringBuilder byName = new StringBuilder();
        StringBuilder byNumber = new StringBuilder();
        Set<Command> routed = new java.util.TreeSet<>();
        for (Command command : Command.values()) {
            if (command.isStorage() && command != Command.MN) {
                routed.add(command);
                byName.append(command.word()).append(" = to('a'),");
                byNumber.append("[mcp.CMD_").append(command).append("] = to('a'),");
            }
        }
        assertThat(routed).hasSize(19);
        assertThat(tree("routes{ cmap = {" + byName + "} }").cmap().keySet()).containsExactlyElementsOf(routed);
        assertThat(tree("routes{ cmap = {" + byNumber + "} }").cmap().keySet()).containsExactlyElementsOf(routed);
        assertThat(tree("routes{ map = { x = cmdmap{" + byNumber + "} } }")
                        .map()
                        .get("x")
                        .routes()
                        .keySet())
                .containsExactlyElementsOf(routed);
    }

    @Test
    void theEntryAllOfCmapIsTheDefault() {
        RouteTree tree = tree("routes{ cmap = { get = to('a'), all = to('b') } }");
        assertThat(tree.cmap().keySet()).containsExactly(Command.GET);
        assertThat(target(tree.defaultRoute().orElseThrow())).isEqualTo("b");
        assertThat(target(tree("routes{ cmap = { [mcp.CMD_ANY_STORAGE] = to('b') } }")
                        .defaultRoute()
                        .orElseThrow()))
                .isEqualTo("b");
        assertThat(errors("routes{ cmap = { all = to('a') },\n default = to('b') }"))
                .containsExactly("routes.lua:2: routes: cmap: its entry \"all\" and default mean the same; give "
                        + "only one of them");
    }

    @Test
    void cmapMayBeMadeWithCmdmap() {
        assertThat(tree("routes{ cmap = cmdmap{ get = to('a') } }").cmap().keySet())
                .containsExactly(Command.GET);
    }

    @Test
    void keepsATreeForEachTagAndTheLastOfEach() {
        ProxyConfig config = ConfigText.of(POOLS + """
                routes{ default = to("a") }
                routes{ tag = "b", default = to("a") }
                routes{ tag = "12345678", default = to("a") }
                routes{ tag = "b", default = to("b") }
                """).load();
        assertThat(config.trees()).extracting(RouteTree::tag).containsExactly("", "b", "12345678");
        assertThat(target(config.trees().get(1).defaultRoute().orElseThrow())).isEqualTo("b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "                                       ~ PREFIX ~ ``  ~ /",
                "mode = 'prefix'                        ~ PREFIX ~ ``  ~ /",
                "stop = '-+-'                           ~ PREFIX ~ ``  ~ -+-",
                "mode = 'prefix', stop = '|#|'          ~ PREFIX ~ ``  ~ |#|",
                "mode = 'anchor'                        ~ ANCHOR ~ /   ~ /",
                "mode = 'anchor', start = '___', stop = '//' ~ ANCHOR ~ ___ ~ //",
            })
    void readsHowPrefixesAreFound(String conf, PrefixRule.Mode mode, String start, String stop) {
        assertThat(tree("routes{ conf = {" + Optional.ofNullable(conf).orElse("") + "}, map = { x = to('a') } }")
                        .prefixRule())
                .isEqualTo(new PrefixRule(mode, start, stop));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode = 'prefx' ~ mode: expected \"prefix\" or \"anchor\", got \"prefx\" (did you mean \"prefix\"?)",
                "mod = 'prefix' ~ unknown key \"mod\" (did you mean \"mode\"?)",
                "start = '/' ~ start: has no effect without mode = \"anchor\"",
                "stop = '' ~ stop: expected 1 to 5 bytes, got \"\"",
                "stop = '######' ~ stop: expected 1 to 5 bytes, got \"######\"",
                "stop = 5 ~ stop: expected a string, got 5",
                "mode = 'anchor', stop = '/' ~ stop: with mode = \"anchor\" give both start and stop, or "
                        + "neither (then both are \"/\")",
                "mode = 'anchor', start = '/' ~ start: with mode = \"anchor\" give both start and stop, "
                        + "or neither (then both are \"/\")",
            })
    void saysWhatIsWrongWithConf(String row) {
        String[] parts = row.split(" ~ ");
        assertThat(errors("routes{ map = { x = to('a') }, conf = {\n" + parts[0] + " } }"))
                .containsExactly("routes.lua:3: routes: conf: " + parts[1]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mapp = {}, default = to('a') ~ unknown key \"mapp\" (did you mean \"map\"?)",
                "default = 'a' ~ default: expected a route such as route_direct{...}, got \"a\"",
                "default = cmdmap{ get = to('a') } ~ default: expected a route, got cmdmap{...}; routes by command"
                        + " belong in cmap",
                "cmap = 'a' ~ cmap: expected a table of routes by command, got \"a\"",
                "map = 'a' ~ map: expected a table, got \"a\"",
                "conf = 'a', default = to('a') ~ conf: expected a table, got \"a\"",
                "tag = '', default = to('a') ~ tag: expected 1 to 8 bytes, got \"\"",
                "tag = 'abcdefghi', default = to('a') ~ tag: expected 1 to 8 bytes, got \"abcdefghi\"",
                "tag = 5, default = to('a') ~ tag: expected a string, got 5",
                "map = { [5] = to('a') } ~ map: expected prefixes in quotes as keys, got 5",
                "map = { ['\\xff'] = to('a') } ~ map: expected UTF-8 text as prefixes, got other bytes",
                "map = { [''] = to('a') } ~ map: prefix \"\" can never match: it is empty",
                "map = { ['a/b'] = to('a') } ~ map: prefix \"a/b\" can never match: it contains \"/\", "
                        + "which ends a prefix",
                "map = { ['a b'] = to('a') } ~ map: prefix \"a b\" can never match: it contains a space "
                        + "or control character",
                "map = { x = 'a' } ~ map: x: expected a route such as route_direct{...} or cmdmap{...}, got \"a\"",
                "map = { x = { get = to('a') } } ~ map: x: expected a route such as route_direct{...} or "
                        + "cmdmap{...}, got a table",
                "cmap = { gett = to('a') } ~ cmap: unknown command \"gett\" (did you mean \"get\"?)",
                "cmap = { GET = to('a') } ~ cmap: unknown command \"GET\" (did you mean \"get\"?)",
                "cmap = { stats = to('a') } ~ cmap: stats cannot be routed: only commands with a key are",
                "cmap = { mn = to('a') } ~ cmap: mn cannot be routed: the proxy answers it itself",
                "cmap = { [99] = to('a') } ~ cmap: expected a command such as get or mcp.CMD_GET as key, got 99",
                "cmap = { [22] = to('a') } ~ cmap: quit cannot be routed: only commands with a key are",
                "cmap = { [-1] = to('a') } ~ cmap: expected a command such as get or mcp.CMD_GET as key, got -1",
                "cmap = { [1.5] = to('a') } ~ cmap: expected a command such as get or mcp.CMD_GET as key, got 1.5",
                "cmap = { get = 'a' } ~ cmap: get: expected a route such as route_direct{...}, got \"a\"",
                "cmap = { get = cmdmap{} } ~ cmap: get: expected a route such as route_direct{...}, got cmdmap{...}",
                "cmap = { all = 5 } ~ cmap: all: expected a route such as route_direct{...}, got 5",
            })
    void saysWhatIsWrongWithATree(String row) {
        String[] parts = row.split(" ~ ");
        assertThat(errors("routes{\n\n" + parts[0] + " }")).containsExactly("routes.lua:4: routes: " + parts[1]);
    }

    @Test
    void mistakesInACmdmapAreReportedWhereItIs() {
        assertThat(errors("""
                routes{ map = {
                  x = cmdmap{
                    get = to("a"),
                    sett = to("a"),
                  },
                } }
                """))
                .containsExactly("routes.lua:5: cmdmap: unknown command \"sett\" (did you mean \"set\"?)");
        assertThat(errors("routes{ map = { x = cmdmap('get') } }"))
                .containsExactly("routes.lua:2: cmdmap: expected a table, as in cmdmap{ ... }, got \"get\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "conf = { stop = '-' }", "tag = 'x'"})
    void aTreeNeedsRoutes(String content) {
        assertThat(errors("routes{" + content + "}"))
                .containsExactly("routes.lua:2: routes: expected at least one of map, cmap and default");
    }

    @Test
    void emptyMapsAreNoRoutes() {
        assertThat(errors("routes{ map = {}, cmap = {} }"))
                .containsExactly("routes.lua:2: routes: holds no route: map and cmap are empty");
    }

    @Test
    void aConfigurationNeedsATree() {
        assertThat(errors("")).containsExactly("routes.lua: routes{} is missing: nothing says where requests go");
        assertThat(errors("function mcp_config_pools() end"))
                .containsExactly(
                        "routes.lua: defines mcp_config_pools, so it is a Lua program of its own: start it with"
                                + " -o proxy_config=FILE, check it with check --proxy-config FILE");
    }

    @Test
    void expectsATable() {
        assertThat(errors("routes(to('a'))"))
                .containsExactly("routes.lua:2: routes: expected a table, as in routes{ ... }, got route_direct{...}");
    }
}
