package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.handler.builtin.Handlers;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a client sends, through whatever route, every reply of a server still belongs to the request it is matched
 * with. Victims that share the server connections get their own values and nothing else, and no connection has to be
 * given up.
 *
 * <p>{@code -Dmemroute.step.memcached=PATH} tries another memcached than the installed one,
 * {@code -Dmemroute.step.lines=NUMBER} all lines with one change and so many with several for each route, and
 * {@code -Dmemroute.step.seed=NUMBER} chooses others.
 */
class RepliesInStepTest {

    /** Lines between two looks at victims: many, as each look takes a round trip. */
    private static final int BATCH = 100;

    /** By default each route gets one of so many lines with one change, others than the route before. */
    private static final int SHARE = 4;

    private static final String TAG = "victims-own-bytes";

    private static final Pattern CONNECTIONS_LOST = Pattern.compile("STAT proxy_backend_failed (\\d+)");

    private static final String HANDLERS = """
            register_route_handlers{ "trimmed", "renamed", "flagged", "twice" }
            local function edited(edit)
              return function(a, ctx, fgen)
                local child = fgen:new_handle(a.child)
                fgen:ready{ n = ctx:label(), f = function(rctx)
                  return function(r)
                    pcall(edit, r)
                    return rctx:enqueue_and_wait(r, child)
                  end
                end }
              end
            end
            local function same(t) return t end
            route_trimmed_conf, route_renamed_conf, route_flagged_conf, route_twice_conf = same, same, same, same
            route_trimmed_start = edited(function(r) r:ltrimkey(2) end)
            route_renamed_start = edited(function(r) r:token(2, "noreply") end)
            route_flagged_start = edited(function(r) r:flag_add("q") r:token(r:ntokens(), "noreply") end)
            function route_twice_start(a, ctx, fgen)
              local first, second = fgen:new_handle(a.child), fgen:new_handle(a.child)
              fgen:ready{ n = ctx:label(), f = function(rctx)
                return function(r)
                  rctx:enqueue(r, first)
                  return rctx:enqueue_and_wait(r, second)
                end
              end }
            end
            """;

    private static final List<String> ROUTES = List.of(
            "route_direct{ child = 'one' }",
            "route_direct{ child = 'one', wait = 30, name = 'named' }",
            "route_direct{ child = 'several' }",
            "route_direct{ child = 'internal' }",
            "route_prefix{ child = 'one', strip = 'x/' }",
            "route_prefix{ child = 'one', strip = 'k', add = 'no' }",
            "route_ttl{ child = 'one', ttl = 300 }",
            "route_warm{ cold = 'one', warm = 'two' }",
            "route_nearcache{ child = 'one' }",
            "route_failover{ children = { 'one', 'two' }, miss = true }",
            "route_zfailover{ children = 'set_zones', local_zone = 'near' }",
            "route_allsync{ children = { 'one', 'two' } }",
            "route_allfastest{ children = { 'one', 'two' }, miss = true }",
            "route_allasync{ children = { 'one', 'two' } }",
            "route_majority{ children = { 'one', 'two', 'several' } }",
            "route_latest{ children = { 'one', 'two' } }",
            "route_split{ child_a = 'one', child_b = 'two' }",
            "route_random{ children = { 'one', 'two' } }",
            "route_weighted{ children = { 'one', 'two' }, weights = { 1, 2 } }",
            "route_shadow{ child = 'one', shadow = 'two', compare = true }",
            "route_ratelim{ child = 'one', limit = 1000000, fillrate = 1000000 }",
            "route_null{}",
            "route_hash{ children = { 'one', 'two' } }",
            "route_migrate{ from = 'one', to = 'two', start = 1700000000, window = 200000000 }",
            "route_reshard{ from = 'one', to = 'two' }",
            "route_prefixes{ children = { k = 'one', x = 'several' }, default = 'two' }",
            // An option of routes{} behind the tree.
            "route_failover{ children = { 'one', 'two' } }, miss_on_error = true",
            "route_warm{ cold = 'one', warm = 'two' }, miss_on_error = true",
            "route_direct{ child = 'one' }, cmap = { get = route_direct{ child = 'two' },"
                    + " md = route_prefix{ child = 'one', strip = 'k' }, set = route_direct{ child = 'several' } }",
            "route_direct{ child = 'one' }, conf = { mode = 'anchor', start = 'x', stop = '/' }",
            "route_trimmed{ child = 'one' }",
            "route_renamed{ child = 'one' }",
            "route_flagged{ child = 'one' }",
            "route_twice{ child = 'one' }");

    private static MemcachedServer one;
    private static MemcachedServer two;

    @BeforeAll
    static void startServers() {
        MemcachedServer.Options options = MemcachedServer.options();
        String other = System.getProperty("memroute.step.memcached");
        if (other != null) {
            options.program(Path.of(other));
        }
        one = MemcachedServer.start(options);
        two = MemcachedServer.start(options);
    }

    @AfterAll
    static void stopServers() {
        one.close();
        two.close();
    }

    static List<String> routes() {
        return ROUTES;
    }

    @Test
    void everyHandlerIsAmongTheRoutes() {
        assertThat(Handlers.names())
                .allSatisfy(name -> assertThat(ROUTES).anyMatch(route -> route.startsWith("route_" + name + "{")));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void noLineBringsRepliesOutOfStep(String route) throws ConfigException {
        Optional<Finding> finding = firstFinding(route, lines(ROUTES.indexOf(route)), BATCH);
        if (finding.isPresent()) {
            throw new AssertionError(route + ": " + describe(smallest(route, finding.get())));
        }
    }

    private static List<String> lines(int number) {
        List<String> all = HostileLines.withOneChange();
        List<String> lines = new ArrayList<>();
        int more = Integer.getInteger("memroute.step.lines", 0);
        for (int i = more > 0 ? 0 : number % SHARE; i < all.size(); i += more > 0 ? 1 : SHARE) {
            lines.add(all.get(i));
        }
        long seed = Long.getLong("memroute.step.seed", 20261128);
        lines.addAll(HostileLines.withSeveralChanges(new SplittableRandom(seed + number), more));
        return lines;
    }

    private record Finding(List<String> lines, String problem) {}

    /** The smallest input that shows it, as far as halving finds it. */
    private static Finding smallest(String route, Finding found) throws ConfigException {
        List<String> lines = found.lines();
        if (lines.size() == 1) {
            return found;
        }
        int middle = lines.size() / 2;
        for (List<String> half : List.of(lines.subList(0, middle), lines.subList(middle, lines.size()))) {
            Optional<Finding> there = firstFinding(route, half, half.size());
            if (there.isPresent()) {
                return smallest(route, there.get());
            }
        }
        return found;
    }

    private static String describe(Finding found) {
        return found.problem() + "\nafter "
                + found.lines().stream().map(RepliesInStepTest::shown).toList();
    }

    private static String shown(String line) {
        return '"' + line.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t") + '"';
    }

    /** Sends lines in batches; the first after which something is wrong. */
    private static Optional<Finding> firstFinding(String route, List<String> lines, int batch) throws ConfigException {
        try (ProxyUnderTest proxy = ProxyUnderTest.startText(HANDLERS, configuration(one.port(), two.port(), route));
                Scene scene = new Scene(proxy)) {
            for (int at = 0; at < lines.size(); at += batch) {
                List<String> sent = lines.subList(at, Math.min(lines.size(), at + batch));
                try {
                    scene.attack(sent);
                } catch (AssertionError e) {
                    return Optional.of(new Finding(sent, e.getMessage()));
                }
            }
        }
        return Optional.empty();
    }

    private static String configuration(int one, int two, String route) {
        String server = "{ backends = { { label = \"%s\", host = \"127.0.0.1\", port = %d%s } } }";
        return "pools{ one = " + server.formatted("one", one, "") + ", two = " + server.formatted("two", two, "")
                + ", several = " + server.formatted("several", one, ", connections = 2")
                + ",\n set_zones = { near = " + server.formatted("one", one, "") + ", far = "
                + server.formatted("two", two, "") + " } }\n"
                + "routes{ map = { ['1'] = route_direct{ child = 'one' }, ['2'] = route_direct{ child = 'two' },\n"
                + " ['3'] = route_direct{ child = 'several' } }, default = " + route + " }\n";
    }

    /** An attacker and victims, one for each pool. */
    private static final class Scene implements AutoCloseable {

        private static final List<String> KEYS = List.of("1/victim", "2/victim", "3/victim");

        private final RawClient attacker;
        private final RawClient observer;
        private final List<RawClient> victims = new ArrayList<>();
        private int turn;

        Scene(ProxyUnderTest proxy) {
            attacker = proxy.connect();
            observer = proxy.connect();
            for (String key : KEYS) {
                RawClient victim = proxy.connect();
                victim.send("set " + key + " 0 0 " + (key + TAG).length() + "\r\n" + key + TAG + "\r\n");
                victim.expect("STORED\r\n");
                victims.add(victim);
            }
        }

        void attack(List<String> lines) {
            turn++;
            // Behind all that the lines have left open: the first line end may belong to a value.
            String last = "turn-" + turn + ".";
            attacker.send(String.join("", lines) + "\r\nmg 2/none v\r\nmg 3/none v\r\n" + "set 1/last 0 0 "
                    + last.length() + "\r\n" + last + "\r\nget 1/last\r\nmn\r\n");
            // Comes from the proxy itself, when all that is before it has been answered or given up.
            String received = attacker.readUntil("MN\r\n");
            assertThat(received).as("what the attacker got").endsWith(last + "\r\nEND\r\nMN\r\n");
            assertThat(received).as("what the attacker got").doesNotContain(TAG);
            for (int i = 0; i < KEYS.size(); i++) {
                String key = KEYS.get(i);
                victims.get(i).send("mg " + key + " v k O" + turn + "\r\nget " + key + "\r\n");
            }
            for (int i = 0; i < KEYS.size(); i++) {
                String key = KEYS.get(i);
                String value = key + TAG;
                victims.get(i)
                        .expect("VA " + value.length() + " k" + key + " O" + turn + "\r\n" + value + "\r\n" + "VALUE "
                                + key + " 0 " + value.length() + "\r\n" + value + "\r\nEND\r\n");
            }
            observer.send("stats\r\n");
            Matcher lost = CONNECTIONS_LOST.matcher(observer.readUntil("END\r\n"));
            assertThat(lost.find()).isTrue();
            assertThat(lost.group(1)).as("connections to servers lost").isEqualTo("0");
        }

        @Override
        public void close() {
            attacker.close();
            observer.close();
            victims.forEach(RawClient::close);
        }
    }
}
