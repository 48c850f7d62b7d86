package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.MemcachedServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tools of libmemcached (Debian's package {@code libmemcached-tools}), which know nothing of proxies. */
class LibmemcachedToolsTest {

    private MemcachedServer one;
    private MemcachedServer two;
    private ProxyUnderTest proxy;

    @BeforeEach
    void start() {
        one = MemcachedServer.start();
        two = MemcachedServer.start();
        proxy = ProxyUnderTest.start(Configuration.direct(one, two).setting("allow_flush_all", true), 2);
    }

    @AfterEach
    void stop() {
        proxy.close();
        one.close();
        two.close();
    }

    @Test
    void memccapablePassesEveryTestThatADirectServerPasses() {
        List<String> direct = passed(capabilities(one.port()));
        assertThat(direct).as("tests that a direct server passes").hasSizeGreaterThanOrEqualTo(27);
        assertThat(passed(capabilities(proxy.port()))).isEqualTo(direct);
    }

    @Test
    void memcslapStoresAndFetches() {
        for (String test : List.of("set", "get", "mget")) {
            String output = run(
                    "memcslap",
                    "--servers=127.0.0.1:" + proxy.port(),
                    "--test=" + test,
                    "--concurrency=4",
                    "--execute-number=500");
            // Its exit status does not tell of errors; the number of keys counts the successes.
            assertThat(output)
                    .containsPattern("Time to " + test + " +2000 keys by")
                    .doesNotContain("error");
        }
    }

    @Test
    void memcaslapFindsEveryByteItWrote() {
        String output = run(
                "memcaslap",
                "--servers=127.0.0.1:" + proxy.port(),
                "--threads=2",
                "--concurrency=16",
                "--execute_number=20000",
                "--verify=1.0",
                "--fixed_size=200",
                "--win_size=1k");
        assertThat(counter(output, "cmd_get")).isGreaterThan(10_000);
        assertThat(counter(output, "get_misses")).isZero();
        assertThat(counter(output, "verify_failed")).isZero();
        assertThat(counter(output, "verify_misses")).isZero();
    }

    private static String capabilities(int port) {
        return run("memccapable", "-a", "-h", "127.0.0.1", "-p", "" + port);
    }

    /** The names of the tests, in order. */
    private static List<String> passed(String output) {
        return output.lines()
                .filter(line -> line.endsWith("[pass]"))
                .map(line -> line.split("\\s{2,}")[0])
                .toList();
    }

    /** The number behind the name and a colon. */
    private static long counter(String output, String name) {
        return output.lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(
                        line -> Long.parseLong(line.substring(name.length() + 1).trim()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in: " + output));
    }

    private static String run(String tool, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ChildProcess.require(tool, "libmemcached-tools").toString());
        command.addAll(List.of(arguments));
        try (ChildProcess process = ChildProcess.start(command, Map.of())) {
            int status = process.awaitExit();
            assertThat(status)
                    .as("exit status of %s: %s", process, process.output())
                    .isZero();
            return process.output();
        }
    }
}
