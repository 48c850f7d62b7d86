package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.Transport;
import io.memroute.proxy.fairness.Turns;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.tls.ListenerTls;
import io.memroute.proxy.tls.TlsSettings;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import io.memroute.testkit.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A client that asks for much does not delay those that ask for little, and gets all its answers in order. */
class FairSharesTest {

    private static final int MANY = 1000;

    /** Requests in a turn of a tenant to which nothing is answered. */
    private static final int TURN = 64;

    /** The time that a slow server takes for a key, at least. */
    private static final long SLOW_NANOS = 200_000;

    /** Clients of the greedy tenant, where it has several. */
    private static final int GREEDY = 20;

    private static final String CONFIGURATION = """
            pools{
              main = { backends = { '127.0.0.1:%d' } },
              held = { backends = { '127.0.0.1:%d' } },
            }
            settings{ backend_read_timeout = 60, active_req_limit = %d }
            for _, tag in ipairs{ 'default', 'greedy', 'modest' } do
              routes{
                tag = tag ~= 'default' and tag or nil,
                map = { held = route_direct{ child = 'held' } },
                default = %s,
              }
            end
            %s
            """;

    private static final String DIRECT = "route_direct{ child = 'main' }";

    @TempDir
    private Path directory;

    private final ScriptedBackend held = ScriptedBackend.start();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private ProxyUnderTest proxy;

    static Collection<Transport> transports() {
        return Transport.allAvailable();
    }

    private String configuration(int mainPort, String route, String more) {
        return CONFIGURATION.formatted(mainPort, held.port(), 0, route, more);
    }

    /** Starts a proxy with one listener for each tenant, and has the modest one keep a request under way. */
    private void start(int mainPort) {
        start(configuration(mainPort, DIRECT, ""), options -> options);
    }

    private void start(String lua, UnaryOperator<ServerOptions.Builder> change) {
        proxy = ProxyUnderTest.startText(
                lua, options -> change.apply(options.listener(tcp("greedy")).listener(tcp("modest"))));
        // Turns are taken as long as both tenants have requests under way.
        modest().send("get held/a\r\n");
        Deadline.await("a request under way", () -> active() == 1);
    }

    private static ListenerSpec tcp(String tag) {
        return ListenerSpec.tcp("127.0.0.1", 0).tagged(tag);
    }

    @BeforeEach
    void keep() {
        opened.add(held);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        if (proxy != null) {
            proxy.close();
        }
    }

    private <T extends AutoCloseable> T opened(T added) {
        opened.add(added);
        return added;
    }

    private RawClient greedy() {
        return opened(proxy.connect(1));
    }

    private RawClient modest() {
        return opened(proxy.connect(2));
    }

    private MemcachedServer memcached() {
        return opened(MemcachedServer.start());
    }

    private ScriptedBackend played() {
        return opened(ScriptedBackend.start());
    }

    private long active() {
        return proxy.numbers().count(Counter.ACTIVE_REQUESTS);
    }

    /** Requests whose answers tell whether they were carried out in order. */
    private static String requests() {
        StringBuilder requests = new StringBuilder();
        for (int i = MANY; i < 2 * MANY; i++) {
            requests.append("set k 0 0 4\r\n").append(i).append("\r\nget k\r\nget k a b\r\nmg k v\r\n");
        }
        return requests.toString();
    }

    private static String replies() {
        StringBuilder replies = new StringBuilder();
        for (int i = MANY; i < 2 * MANY; i++) {
            String value = "VALUE k 0 4\r\n" + i + "\r\nEND\r\n";
            replies.append("STORED\r\n").append(value).append(value);
            replies.append("VA 4\r\n").append(i).append("\r\n");
        }
        return replies.toString();
    }

    private void expectEverythingInOrder(RawClient greedy) {
        greedy.send(requests());
        try (RawClient modest = modest()) {
            modest.send("set m 0 0 1\r\n1\r\nget m\r\n");
            modest.expect("STORED\r\nVALUE m 0 1\r\n1\r\nEND\r\n");
        }
        greedy.expect(replies());
    }

    /** Reads gets from the proxy until a key has come. Returns the number of keys. */
    private static int keysUntil(ScriptedBackend.Connection server, String key) {
        int keys = 0;
        while (true) {
            List<String> asked = List.of(server.readLine().strip().split(" "));
            keys += asked.size() - 1;
            if (asked.contains(key)) {
                return keys;
            }
        }
    }

    @Test
    void aBacklogWaitsAtTheClientsAndNotAtTheServer() {
        ScriptedBackend main = played();
        start(main.port());
        ScriptedBackend.Connection server = main.accept();
        String gets = String.join(
                "", IntStream.range(0, MANY).mapToObj(i -> "get g" + i + "\r\n").toList());
        long began = System.nanoTime();
        for (int i = 0; i < GREEDY; i++) {
            greedy().send(gets);
        }
        Deadline.await("requests under way", () -> active() > 1);
        modest().send("get m\r\n");
        int keys = keysUntil(server, "m");
        // Nothing is answered, so the time that this takes adds turns; the first and the last were not waited for.
        long turns = (System.nanoTime() - began) / Turns.PATIENCE_NANOS + 2;
        assertThat((long) keys).isLessThanOrEqualTo(turns * TURN);
    }

    @Test
    void aSlowServerHasFewRequestsAtATime() {
        ScriptedBackend main = played();
        start(main.port());
        ScriptedBackend.Connection server = main.accept();
        AtomicInteger answered = new AtomicInteger();
        Thread.ofPlatform().daemon().start(() -> answerSlowly(server, answered));
        for (int i = 0; i < GREEDY; i++) {
            greedy().send("get g\r\n".repeat(MANY));
        }
        RawClient modest = modest();
        List<Integer> others = new ArrayList<>();
        while (answered.get() < 2 * MANY) {
            int before = answered.get();
            modest.send("get m\r\n");
            modest.expect("END\r\n");
            others.add(answered.get() - before);
        }
        // A few where this machine has nothing else to do; no more than a share of 64 where it has much.
        assertThat(others.stream().sorted().toList().get(others.size() / 2))
                .as("keys that are answered while the modest tenant waits for one")
                .isLessThan(2 * TURN);
    }

    /** Answers gets, and takes a while for each of their keys. */
    private static void answerSlowly(ScriptedBackend.Connection server, AtomicInteger answered) {
        try {
            while (true) {
                List<String> words = List.of(server.readLine().strip().split(" "));
                if (words.equals(List.of("version"))) {
                    server.send(ScriptedBackend.VERSION_REPLY);
                    continue;
                }
                for (int key = 1; key < words.size(); key++) {
                    busy(SLOW_NANOS);
                    answered.incrementAndGet();
                }
                server.send("END\r\n");
            }
        } catch (AssertionError | ClosedSelectorException e) {
            // The test is over.
        }
    }

    private static void busy(long nanos) {
        long began = System.nanoTime();
        while (System.nanoTime() - began < nanos) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aBacklogIsAnsweredInOrder(Transport transport) {
        start(configuration(memcached().port(), DIRECT, ""), options -> options.transport(transport));
        expectEverythingInOrder(greedy());
    }

    @Test
    void aBacklogFromAUnixSocketIsAnsweredInOrder() {
        Path socket = directory.resolve("s");
        start(
                configuration(memcached().port(), DIRECT, ""),
                options -> options.listener(ListenerSpec.unix(socket.toString()).tagged("greedy")));
        expectEverythingInOrder(opened(RawClient.connect(socket)));
    }

    @Test
    void aBacklogOverTlsIsAnsweredInOrder() throws Exception {
        TestCertificate shown = TestCertificate.make(directory, "server", "IP:127.0.0.1");
        start(
                configuration(memcached().port(), DIRECT, ""),
                options -> options.tls(TlsSettings.of(shown.certificateFile(), shown.keyFile()))
                        .listener(tcp("greedy").encrypted(ListenerTls.USUAL)));
        int port = ((InetSocketAddress) proxy.address(3)).getPort();
        SSLSocket greedy =
                opened((SSLSocket) shown.clientContext().getSocketFactory().createSocket("127.0.0.1", port));
        Thread.ofVirtual().start(() -> {
            try {
                greedy.getOutputStream().write(requests().getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        byte[] replies = replies().getBytes(StandardCharsets.ISO_8859_1);
        greedy.setSoTimeout((int) Deadline.USUAL.toMillis());
        assertThat(greedy.getInputStream().readNBytes(replies.length)).isEqualTo(replies);
    }

    @Test
    void aBacklogThatAFunctionInLuaServesIsAnsweredInOrder() {
        String handler = """
                register_route_handlers{ 'asking' }
                function route_asking_conf(t) return t end
                function route_asking_start(a, ctx, fgen)
                  local child = fgen:new_handle(a.child)
                  fgen:ready{ n = 'asking', f = function(rctx)
                    return function(r) return rctx:enqueue_and_wait(r, child) end
                  end }
                end
                """;
        start(handler + configuration(memcached().port(), "route_asking{ child = 'main' }", ""), options -> options);
        expectEverythingInOrder(greedy());
    }

    @Test
    void aBacklogIsAnsweredInOrderOverAReload() {
        MemcachedServer main = memcached();
        start(main.port());
        RawClient greedy = greedy();
        greedy.send(requests());
        for (int i = 0; i < 3; i++) {
            assertThat(proxy.reload(configuration(main.port(), DIRECT, "-- " + i))
                            .succeeded())
                    .isTrue();
        }
        greedy.expect(replies());
    }

    @Test
    void whatAQuotaRefusesIsRefusedInOrder() {
        int allowed = 500;
        start(
                configuration(
                        memcached().port(),
                        DIRECT,
                        "quotas{ { who = 'tag:greedy', requests = 1, burst = %d } }".formatted(allowed)),
                options -> options);
        RawClient greedy = greedy();
        greedy.send("mg k v\r\n".repeat(MANY) + "mn\r\n".repeat(2) + "quit\r\n");
        String replies = new String(greedy.readToEnd(), StandardCharsets.ISO_8859_1);
        List<String> lines = replies.lines().toList();
        assertThat(lines).hasSize(MANY + 2);
        assertThat(lines.subList(0, allowed)).containsOnly("EN");
        assertThat(lines).filteredOn("EN"::equals).hasSizeBetween(allowed, allowed + MANY / 2);
    }

    @Test
    void clientsThatGoWhileTheyWaitLeaveTheTurnToOthers() {
        start(memcached().port());
        for (int i = 0; i < GREEDY; i++) {
            RawClient gone = greedy();
            gone.send(requests());
            gone.reset();
        }
        expectEverythingInOrder(greedy());
        Deadline.await("no requests under way but one", () -> active() == 1);
    }

    @Test
    void aBacklogIsAnsweredWhenTheServerIsLost() {
        ScriptedBackend main = played();
        start(main.port());
        ScriptedBackend.Connection lost = main.accept();
        RawClient greedy = greedy();
        greedy.send("mg k v\r\n".repeat(MANY) + "mn\r\n");
        assertThat(lost.readLine()).isEqualTo("mg k v");
        lost.close();
        ScriptedBackend.Connection server = main.accept();
        Thread.ofVirtual().start(() -> answerMisses(server));
        List<String> replies = greedy.readUntil("MN\r\n").lines().toList();
        assertThat(replies).hasSize(MANY + 1).contains("SERVER_ERROR backend failure");
        assertThat(Set.copyOf(replies)).isSubsetOf("SERVER_ERROR backend failure", "EN", "MN");
    }

    private static void answerMisses(ScriptedBackend.Connection server) {
        try {
            while (server.readLine().startsWith("mg")) {
                server.send("EN\r\n");
            }
        } catch (AssertionError | ClosedSelectorException e) {
            // The test is over.
        }
    }

    @Test
    void aServerThatDoesNotAnswerHoldsUpOnlyThoseThatAskIt() {
        start(memcached().port());
        for (int i = 0; i < 3 * MANY / GREEDY; i++) {
            greedy().send("get held/b\r\n");
        }
        expectEverythingInOrder(greedy());
    }

    @Test
    void someOfTheActiveRequestsAreLeftToOthers() {
        start(CONFIGURATION.formatted(memcached().port(), held.port(), 400, DIRECT, ""), options -> options);
        for (int i = 0; i < GREEDY; i++) {
            greedy().send("get held/b\r\n".repeat(40));
        }
        Deadline.await("refusals", () -> proxy.numbers().count(Counter.ACTIVE_LIMIT_REFUSALS) > 0);
        modest().send("get held/c\r\n");
        RawClient modest = modest();
        modest.send("get m\r\n");
        modest.expect("END\r\n");
    }
}
