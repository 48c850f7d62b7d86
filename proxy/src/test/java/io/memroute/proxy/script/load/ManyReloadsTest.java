package io.memroute.proxy.script.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.lua.LuaState;
import io.memroute.proxy.backend.Pool;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.it.MemoryUse;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.proxy.script.object.PoolProxy;
import io.memroute.proxy.script.object.RateLimiter;
import io.memroute.proxy.script.slot.FunctionGenerator;
import io.memroute.proxy.script.slot.RouterObject;
import io.memroute.proxy.stats.UserCounter;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/**
 * What a load has made goes when another has taken its place and its last request was answered, however many there
 * were.
 */
class ManyReloadsTest {

    /** {@code -Dmemroute.it.reloads=1000} for the long run. */
    private static final int RELOADS = Integer.getInteger("memroute.it.reloads", 200);

    /** Until then the JVM still loads and compiles its own. */
    private static final int FIRST_RELOADS = 60;

    private static final int CLIENTS = 4;

    /**
     * What the JVM may hold more than before for reasons of its own; one load of this program makes about 20 classes on
     * 2 workers.
     */
    private static final int MORE_CLASSES = 60;

    /** Classes of objects that a load has a fixed number of. */
    private static final Set<String> OF_ONE_LOAD = Stream.of(
                    ScriptPlan.class,
                    ConfigState.class,
                    Crons.class,
                    WorkerScript.class,
                    LuaState.class,
                    RouteTable.class,
                    Attachments.class,
                    FunctionGenerator.class,
                    RouterObject.class,
                    PoolProxy.class,
                    UserCounter.class,
                    RateLimiter.class,
                    Pool.class)
            .map(Class::getName)
            .collect(Collectors.toSet());

    /** The clients go on, and a buffer of theirs may be on its way; each connection to a server has one of 64 kB. */
    private static final long MORE_BUFFER_BYTES = 1 << 20;

    /** Each generation has names, servers, counters and crons of its own. */
    private static String program(int generation, MemcachedServer... servers) {
        return """
                local filler = ("x"):rep(100000)
                function mcp_config_pools()
                  mcp.add_stat(1, "requests_%1$d")
                  mcp.add_stat(2, "all")
                  mcp.register_cron("cron %1$d", { every = 3600, func = function() return filler end })
                  return {
                    main = mcp.pool{ mcp.backend("one %1$d", "127.0.0.1", %2$d) },
                    other = mcp.pool({ mcp.backend("two", "127.0.0.1", %3$d) }, { beprefix = "g%1$d" }),
                    limit = mcp.ratelim_global_tbf{ limit = 1000000, fillrate = 1000000, tickrate = 1 },
                  }
                end
                function mcp_config_routes(c)
                  local kept = {}
                  local direct = mcp.funcgen_new()
                  local main = direct:new_handle(c.main)
                  direct:ready{ n = "direct", f = function(rctx) return function(r)
                    mcp.stat(1, 1)
                    return rctx:enqueue_and_wait(r, main)
                  end end }
                  local both = mcp.funcgen_new()
                  local first, second = both:new_handle(c.other), both:new_handle(direct)
                  both:ready{ n = "both", f = function(rctx)
                    rctx:handle_set_cb(first, function(res, req) kept[1] = res kept[2] = req end)
                    return function(r)
                      mcp.stat(2, 1)
                      rctx:enqueue(r, { first, second })
                      if rctx:wait_cond(2, mcp.WAIT_ANY, 60) < 2 then return "SERVER_ERROR late\\r\\n" end
                      rctx:sleep(0.001)
                      c.limit(1)
                      return rctx:best_result{ first, second }
                    end
                  end }
                  mcp.attach(mcp.CMD_ANY_STORAGE, mcp.router_new{ map = { b = both }, default = direct })
                end""".formatted(generation, servers[0].port(), servers[1].port());
    }

    private record Held(Map<String, Long> alive, int classes, long bufferBytes, String stats) {}

    @Test
    void leaveNothingBehind() throws Exception {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(program(0, one, two), options -> options.workers(2))) {
            AtomicBoolean ended = new AtomicBoolean();
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                clients.add(CompletableFuture.runAsync(
                        () -> ask(proxy, number, ended),
                        task -> Thread.ofPlatform().start(task)));
            }
            try {
                reload(proxy, 1, FIRST_RELOADS, one, two);
                Held before = held(proxy);
                reload(proxy, FIRST_RELOADS + 1, FIRST_RELOADS + RELOADS, one, two);
                Held after = held(proxy);
                assertThat(after.classes).as("loaded classes").isLessThan(before.classes + MORE_CLASSES);
                // A thread may still hold the last request of an older generation for a moment.
                Deadline.await("objects of one generation only", () -> noMoreThan(before.alive, alive()));
                assertThat(after.bufferBytes).as("buffers").isLessThan(before.bufferBytes + MORE_BUFFER_BYTES);
                assertThat(after.stats).isEqualTo(before.stats);
            } finally {
                ended.set(true);
            }
            clients.forEach(CompletableFuture::join);
        }
    }

    private static boolean noMoreThan(Map<String, Long> before, Map<String, Long> after) {
        return after.size() == OF_ONE_LOAD.size()
                && after.entrySet().stream().allMatch(entry -> entry.getValue() <= before.get(entry.getKey()));
    }

    private static void reload(ScriptUnderTest proxy, int from, int to, MemcachedServer one, MemcachedServer two) {
        for (int generation = from; generation <= to; generation++) {
            assertThat(proxy.reload(program(generation, one, two)).failure()).isEmpty();
        }
    }

    /** Sends pipelined requests and checks their replies. */
    private static void ask(ScriptUnderTest proxy, int number, AtomicBoolean ended) {
        try (RawClient client = proxy.connect()) {
            for (int i = 0; !ended.get(); i++) {
                String key = number + "k" + i % 50;
                client.send("set " + key + " 0 0 1\r\nv\r\nms b/" + key + " 2\r\nhi\r\nget " + key + "\r\nmg b/" + key
                        + " v\r\nmg none v\r\n");
                client.expect("STORED\r\nHD\r\nVALUE " + key + " 0 1\r\nv\r\nEND\r\nVA 2\r\nhi\r\nEN\r\n");
            }
        }
    }

    /** What is in use when the last generation is the only one. */
    private static Held held(ScriptUnderTest proxy) {
        String stats = statistics(proxy);
        // It collects first.
        Map<String, Long> alive = alive();
        return new Held(
                alive,
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                MemoryUse.bytesToRelease(),
                stats);
    }

    /** How many objects of a class are alive. */
    private static Map<String, Long> alive() {
        try {
            String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            Map<String, Long> counts = new TreeMap<>();
            for (String line : histogram.split("\n")) {
                String[] columns = line.trim().split("\\s+");
                if (columns.length >= 4 && OF_ONE_LOAD.contains(columns[3])) {
                    counts.put(columns[3], Long.valueOf(columns[1]));
                }
            }
            return counts;
        } catch (JMException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * The names of counters, functions and backends, and how many there are of each, once those of older generations
     * have gone.
     */
    private static String statistics(ScriptUnderTest proxy) {
        StringBuilder settled = new StringBuilder();
        Deadline.await("one generation of functions", () -> {
            try (RawClient client = proxy.connect()) {
                client.send("stats proxyfuncs\r\n");
                String functions = client.readUntil("END\r\n");
                client.send("stats\r\n");
                String backends = line(client.readUntil("END\r\n"), "proxy_backend_total");
                client.send("stats proxy\r\n");
                String counters = client.readUntil("END\r\n")
                        .lines()
                        .filter(line -> line.contains("STAT user_"))
                        .map(line -> line.replaceAll("\\d+", "N"))
                        .toList()
                        .toString();
                settled.setLength(0);
                settled.append(line(functions, "funcs_both"))
                        .append(line(functions, "funcs_direct"))
                        .append(backends)
                        .append(counters);
            }
            // Two workers, each with one function of each name and two backends.
            return settled.indexOf("funcs_both 2 funcs_direct 2 proxy_backend_total 4 ") == 0;
        });
        return settled.toString();
    }

    private static String line(String stats, String name) {
        return Pattern.compile("STAT (" + name + " \\d+)\r\n")
                .matcher(stats)
                .results()
                .map(found -> found.group(1) + " ")
                .findFirst()
                .orElse(name + " missing ");
    }

    @Test
    void clientsThatAskNothingMoreKeepNoOlderGeneration() throws Exception {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(program(0, one, two), options -> options.workers(2))) {
            Map<String, Long> before = alive();
            List<RawClient> idle = new ArrayList<>();
            try {
                for (int generation = 1; generation <= CLIENTS; generation++) {
                    reload(proxy, generation, generation, one, two);
                    RawClient client = proxy.connect();
                    idle.add(client);
                    client.send("mg none v\r\nmg b/none v\r\n");
                    client.expect("EN\r\nEN\r\n");
                }
                reload(proxy, CLIENTS + 1, CLIENTS + 1, one, two);
                Deadline.await("objects of one generation only", () -> noMoreThan(before, alive()));
                idle.forEach(client -> {
                    client.send("mg none v\r\n");
                    client.expect("EN\r\n");
                });
            } finally {
                idle.forEach(RawClient::close);
            }
        }
    }

    @Test
    void clientsThatHaveGoneKeepNoOlderGeneration() throws Exception {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(program(0, one, two), options -> options.workers(2))) {
            Map<String, Long> before = alive();
            for (int generation = 1; generation <= CLIENTS; generation++) {
                reload(proxy, generation, generation, one, two);
                proxy.expect("mg none v\r\nmg b/none v\r\n", "EN\r\nEN\r\n");
            }
            reload(proxy, CLIENTS + 1, CLIENTS + 1, one, two);
            Deadline.await("objects of one generation only", () -> noMoreThan(before, alive()));
        }
    }

    @Test
    void failedReloadsLeaveNothingBehindEither() throws ConfigException {
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                ScriptUnderTest proxy = ScriptUnderTest.start(program(0, one, two), options -> options.workers(2))) {
            String before = statistics(proxy);
            for (int generation = 1; generation <= FIRST_RELOADS; generation++) {
                String wrong = program(generation, one, two).replace("default = direct", "default = oops()");
                assertThat(proxy.reload(wrong).failure()).isPresent();
            }
            assertThat(statistics(proxy)).isEqualTo(before);
            proxy.expect("ms b/k 2\r\nhi\r\nmg b/k v\r\n", "HD\r\nVA 2\r\nhi\r\n");
        }
    }
}
