package io.memroute.proxy.it;

import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client that says {@code noreply} hears nothing, whatever becomes of its request: it would take an error for the
 * answer to what it asks next, and every answer after that for another's. What is answered all the same is what
 * memcached 1.6.45 answers, each line as that was seen to do it: lines that are malformed in front of the option.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NoreplyTest {

    private static final String BAD_LINE = "CLIENT_ERROR bad command line format\r\n";
    private static final String KEY = "k".repeat(251);

    private MemcachedServer server;
    private RefusingPort down;
    private List<ProxyUnderTest> proxies;

    @BeforeAll
    void start() {
        server = MemcachedServer.start();
        down = RefusingPort.reserve();
        Configuration toServer = Configuration.direct(server).setting("allow_flush_all", true);
        proxies = List.of(
                ProxyUnderTest.start(toServer, options -> options.valueLimitBytes(10_000)),
                ProxyUnderTest.start(
                        Configuration.empty().otherwise("internal"), options -> options.valueLimitBytes(10_000)),
                ProxyUnderTest.start(Configuration.direct(down.port())));
    }

    @AfterAll
    void stop() {
        proxies.forEach(ProxyUnderTest::close);
        down.close();
        server.close();
    }

    /** Lines that memcached answers with nothing, with the block behind them if there is one. */
    static Stream<String> silent() {
        Stream<String> storage = Stream.of("set", "add", "replace", "append", "prepend", "cas")
                .flatMap(command -> {
                    String cas = command.equals("cas") ? " 5" : "";
                    return Stream.of(
                            command + " a 0 0 1" + cas + " noreply\r\nx",
                            command + " " + KEY + " 0 0 1" + cas + " noreply\r\nx",
                            command + " a x 0 1" + cas + " noreply\r\nx",
                            command + " a 0 x 1" + cas + " noreply\r\nx",
                            command + " a 0 0 20000" + cas + " noreply\r\n" + "x".repeat(20_000));
                });
        Stream<String> counting = Stream.of("incr", "decr")
                .flatMap(command -> Stream.of(
                        command + " absent 1 noreply",
                        command + " text 1 noreply",
                        command + " text x noreply",
                        command + " text -1 noreply",
                        command + " text noreply",
                        command + " " + KEY + " 1 noreply"));
        Stream<String> others = Stream.of(
                "cas a 0 0 1 z noreply\r\nx",
                "cas a 0 0 1 noreply\r\nx",
                "touch absent 0 noreply",
                "touch a x noreply",
                "touch a noreply",
                "touch " + KEY + " 0 noreply",
                "delete absent noreply",
                "delete a 0 noreply",
                "delete a 5 noreply",
                "delete " + KEY + " noreply",
                "flush_all noreply",
                "flush_all 0 noreply",
                "flush_all x noreply",
                "flush_all 0 0 noreply",
                "verbosity 1 noreply",
                "verbosity x noreply",
                "verbosity noreply",
                "nonsense noreply",
                "noreply",
                "slabs noreply",
                "lru noreply",
                "lru_crawler noreply",
                "extstore noreply",
                "cache_memlimit 64 noreply",
                "shutdown noreply");
        return Stream.of(storage, counting, others, surplus()).flatMap(lines -> lines);
    }

    /** Words behind the arguments, with the option as the last. */
    private static Stream<String> surplus() {
        return Stream.of(
                        "delete a",
                        "incr text 1",
                        "decr text 1",
                        "touch text 0",
                        "set a 0 0 1",
                        "append a 0 0 1",
                        "cas a 0 0 1 5",
                        "flush_all 0",
                        "verbosity 1")
                .flatMap(line -> Stream.of(" b", " b c", " noreply b", " 0 1 2 3 4 5")
                        .map(words -> line + words + " noreply"
                                + (line.endsWith("0 0 1") || line.endsWith("5") ? "\r\nx" : "")));
    }

    /** Lines that memcached answers, and how. */
    static List<String[]> answered() {
        return List.of(
                new String[] {"set a 0 0 x noreply", BAD_LINE},
                new String[] {"set a 0 0 -1 noreply", BAD_LINE},
                new String[] {"set a 0 0 99999999999 noreply", BAD_LINE},
                new String[] {"set a 0 noreply", BAD_LINE},
                new String[] {"cas a 0 0 x 5 noreply", BAD_LINE},
                new String[] {"incr noreply", BAD_LINE},
                new String[] {"touch noreply", BAD_LINE},
                // The value is refused in silence; what is behind it is a line of its own.
                new String[] {"set a 0 0 1 noreply\r\nxy", BAD_LINE},
                new String[] {"incr number 1 2 3", "6\r\n"},
                new String[] {"touch text 0 b c d", "TOUCHED\r\n"},
                new String[] {"set a 0 0 1 b c d\r\nx", "STORED\r\n"},
                new String[] {"get noreply", "END\r\n"},
                new String[] {"get absent noreply", "END\r\n"},
                new String[] {"gat 0 absent noreply", "END\r\n"},
                new String[] {"mn noreply", "MN\r\n"});
    }

    /** Flags of meta commands that say much the same, and what they do not keep quiet. */
    static List<String[]> quiet() {
        return List.of(
                new String[] {"mg absent v q", ""},
                new String[] {"mg text v q", "VA 1\r\nt\r\n"},
                new String[] {"mg absent Tx q", "CLIENT_ERROR bad token in command line format\r\n"},
                new String[] {"mg " + KEY + " q", BAD_LINE},
                new String[] {"mg absent v v q", "CLIENT_ERROR duplicate flag\r\n"},
                new String[] {"ms a 1 q\r\nx", ""},
                new String[] {"ms text 1 ME q\r\nx", "NS\r\n"},
                new String[] {"ms text 1 C1 q\r\nx", "EX\r\n"},
                new String[] {"ms absent 1 C1 q\r\nx", "NF\r\n"},
                new String[] {"ms a 20000 q\r\n" + "x".repeat(20_000), "SERVER_ERROR object too large for cache\r\n"},
                new String[] {"ms a x q", BAD_LINE},
                new String[] {"md absent q", "NF\r\n"},
                new String[] {"md text C1 q", "EX\r\n"},
                new String[] {"ma number q", ""},
                new String[] {"ma number v q", ""},
                new String[] {"ma absent q", "NF\r\n"},
                new String[] {"ma text q", "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n"},
                new String[] {"me absent q", "EN\r\n"});
    }

    private static Stream<Arguments> everywhere(Stream<String[]> exchanges, int proxies) {
        List<String[]> all = exchanges.toList();
        return IntStream.range(0, proxies)
                .boxed()
                .flatMap(proxy -> all.stream().map(exchange -> Arguments.of(proxy, exchange[0], exchange[1])));
    }

    static Stream<Arguments> silentEverywhere() {
        return everywhere(silent().map(line -> new String[] {line, ""}), 3);
    }

    static Stream<Arguments> answeredOrQuiet() {
        return everywhere(Stream.concat(answered().stream(), quiet().stream()), 2);
    }

    @ParameterizedTest
    @MethodSource("silentEverywhere")
    void nothingIsSaidToAClientThatWantsNoReply(int proxy, String request, String reply) {
        answers(proxy, request, reply);
    }

    @ParameterizedTest
    @MethodSource("answeredOrQuiet")
    void whatMemcachedAnswersIsAnswered(int proxy, String request, String reply) {
        answers(proxy, request, reply);
    }

    private void answers(int proxy, String request, String reply) {
        try (RawClient client = proxies.get(proxy).connect()) {
            client.send("set text 0 0 1 noreply\r\nt\r\nset number 0 0 1 noreply\r\n5\r\n" + request + "\r\nmn\r\n");
            client.expect(reply + "MN\r\n");
        }
    }
}
