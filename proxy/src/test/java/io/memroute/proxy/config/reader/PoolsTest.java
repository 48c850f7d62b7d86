package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSetSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.SourceLocation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolsTest {

    private static List<String> errors(String text) {
        return ConfigText.withRoutes(text).errors();
    }

    private static List<BackendSpec> hosts(String... names) {
        return List.of(names).stream().map(name -> BackendSpec.of(name, 11211)).toList();
    }

    @Test
    void mergesSeveralCallsByName() {
        ProxyConfig config = ConfigText.withRoutes("""
                pools{ b = { backends = { "old" } }, a = { backends = { "a" } } }
                pools{ c = { backends = { "c" } }, b = { backends = { "new" } } }
                """).load();
        assertThat(config.pools().keySet()).containsExactly("a", "b", "c");
        assertThat(config.pools().get("b").backends()).isEqualTo(hosts("new"));
    }

    @Test
    void knowsWhereAPoolWasDefined() {
        PoolSpec pool = ConfigText.withRoutes("pools{\n\n  main = { backends = { 'a' } },\n}")
                .pool("main");
        assertThat(pool.where().line()).isEqualTo(3);
        assertThat(pool.where().file()).endsWith("/routes.lua");
        assertThat(new SourceLocation("routes.lua", 3)).hasToString("routes.lua:3");
        assertThat(new SourceLocation("routes.lua", 0)).hasToString("routes.lua");
    }

    @Test
    void tablesMayBeBuiltByCode() {
        ProxyConfig config = ConfigText.withRoutes("""
                local hosts = {}
                for i = 1, 3 do hosts[i] = "10.0.0." .. i end
                for _, name in ipairs{ "one", "two" } do
                  pools{ [name] = { backends = hosts } }
                end
                hosts[4] = "10.0.0.4"
                """).load();
        assertThat(config.pools().get("one").backends())
                .isEqualTo(hosts("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"));
        assertThat(config.pools().get("two").backends())
                .isEqualTo(config.pools().get("one").backends());
        assertThat(config.backends()).hasSize(4);
    }

    @Test
    void readsArraySetsInTheirOrder() {
        PoolSetSpec set = ConfigText.withRoutes("""
                pools{ set_list = { { backends = { "a" } }, { backends = { "b" } }, { backends = { "c" } } } }
                """).load().sets().get("set_list");
        assertThat(set.members()).extracting(PoolSetSpec.Member::key).containsExactly("1", "2", "3");
        assertThat(set.members())
                .extracting(member -> member.pool().name())
                .containsExactly("set_list_1", "set_list_2", "set_list_3");
        assertThat(set.member("2").orElseThrow().backends()).isEqualTo(hosts("b"));
        assertThat(set.member("4")).isEmpty();
    }

    @Test
    void readsNamedSetsInTheOrderOfTheNames() {
        PoolSetSpec set = ConfigText.withRoutes("""
                pools{ set_geo = { west = { backends = { "w" } }, east = { backends = { "e" } }, [1] = { backends = { \
                "1" } },
                                   north = { backends = { "n" } } } }
                """).load().sets().get("set_geo");
        assertThat(set.members()).extracting(PoolSetSpec.Member::key).containsExactly("1", "east", "north", "west");
    }

    @Test
    void membersOfSetsHaveOptionsAsPoolsDo() {
        PoolSpec member = ConfigText.withRoutes("""
                settings{ backend_options = { depthlimit = 5 } }
                pools{ set_a = { z1 = { options = { seed = "s" }, backend_options = { connections = 2 }, backends = { \
                "h" } } } }
                """)
                .load()
                .sets()
                .get("set_a")
                .member("z1")
                .orElseThrow();
        assertThat(member.options().selection().seed()).contains("s");
        assertThat(member.backends())
                .containsExactly(BackendSpec.builder("h", 11211)
                        .depthLimit(5)
                        .connections(2)
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "internal = { backends = { 'a' } } | pools: the name \"internal\" is reserved for the "
                        + "embedded store; use another",
                "main = { backend = { 'a' }, backends = { 'b' } } | pool \"main\": unknown key "
                        + "\"backend\" (did you mean \"backends\"?)",
                "main = 'a:1'        | pool \"main\": expected a table with backends, got \"a:1\"",
                "main = {}           | pool \"main\": has no backends: expected backends = { \"host:port\", ... }",
                "main = { 'a:1', backends = { 'a' } } | pool \"main\": expected named keys, found \"a:1\" "
                        + "without a name",
                "{ backends = {} }   | pools: expected pools by name, as in { main = { ... } }, found the key 1",
                "[true] = {}         | pools: expected pools by name, as in { main = { ... } }, found the key true",
                "main = { backends = { 'a' }, options = 5 }    | pool \"main\": options: expected a table, got 5",
                "main = { backends = { 'a' }, backend_options = { depth = 5 } } | pool \"main\": "
                        + "backend_options: unknown option \"depth\" (did you mean"
                        + " \"depthlimit\"?)",
                "set_a = { backends = { 'a' } } | set \"set_a\": is a single pool, but names that begin with set_"
                        + " are for sets of pools;"
                        + " rename it, or nest the pool: { { backends = ... } }",
                "set_a = {}          | set \"set_a\": has no pools",
                "set_a = 'a'         | set \"set_a\": expected a table of pools, got \"a\"",
                "set_a = { 'a' }     | pool \"set_a_1\": expected a table with backends, got \"a\"",
                "set_a = { [true] = {} } | set \"set_a\": expected names or positions as keys, got true",
            })
    void saysWhatIsWrongWithAPool(String entry, String error) {
        assertThat(errors("pools{\n\n" + entry + " }")).containsExactly("routes.lua:3: " + error);
    }

    @Test
    void refusesMembersOfTwoSetsWithTheSameFullName() {
        assertThat(errors("""
                pools{
                  set_a = { b_c = { backends = { "h" } } },
                  set_a_b = { c = { backends = { "h" } } },
                }
                """))
                .containsExactly("routes.lua:3: set \"set_a_b\": \"set_a_b_c\" would name this member and a member of"
                        + " another set; rename one of the sets or members");
    }

    @Test
    void expectsATable() {
        assertThat(errors("pools('main')"))
                .containsExactly("routes.lua:1: pools: expected a table, as in pools{ ... }, got \"main\"");
    }

    @Test
    void aBrokenPoolIsNotReportedAgainWhereItIsUsed() {
        assertThat(ConfigText.of("""
                pools{ main = { backends = {} } , set_a = { x = { backends = {} } } }
                routes{ default = route_allsync{ children = { "main", "set_a_x" } }, cmap = { get = route_allsync{ \
                children = "set_a" } } }
                """).errors())
                .containsExactly(
                        "routes.lua:1: pool \"main\": backends: is empty; a pool needs at least one backend",
                        "routes.lua:1: pool \"set_a_x\": backends: is empty; a pool needs at least one backend");
    }
}
